"""Who sits at the table, who moves, and what does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

import ganzoo

VARIATIONAL = ["vae", "cvae", "dvae"]
POINTS, IMAGES = ganzoo.Spec((3,), 2, 4), ganzoo.Spec((1, 4, 4), 2, 4)


@pytest.mark.parametrize("name", [*VARIATIONAL, "aae"])
def test_no_discriminator_of_samples_is_ever_built(name):
    def forbidden():
        raise AssertionError("a discriminator was built")

    loss = ganzoo.get_loss(name)
    assert loss.roles == {"generator", "encoder"}
    assert loss.needs == frozenset()
    networks = ganzoo.get_architecture("mlp", POINTS, width=4, conditional=name == "cvae")
    game = ganzoo.Game.seat(replace(networks, discriminator=forbidden), loss, POINTS)
    assert game.discriminator is None
    assert game.encoder is not None
    assert not any("discriminator" in key for key in game.state_dict())


@pytest.mark.parametrize("name", VARIATIONAL)
def test_a_vae_has_one_player(name, seat):
    loss = ganzoo.get_loss(name)
    game = seat(loss, POINTS, conditional=name == "cvae")
    assert loss.players == ("generator",)
    moved = game.movers("generator", loss)
    assert len(moved) == len([*game.generator.parameters(), *game.encoder.parameters()])
    assert not list(loss.parameters())


def test_the_discriminator_of_codes_is_the_losses_own(seat):
    loss = ganzoo.get_loss("aae", width=6)
    game = seat(loss, POINTS)
    assert loss.players == ("discriminator", "generator")
    assert {id(p) for p in game.movers("discriminator", loss)} == {id(p) for p in loss.parameters()}
    assert not {id(p) for p in game.movers("generator", loss)} & {id(p) for p in loss.parameters()}
    assert [p.shape for p in loss.parameters() if p.ndim == 2] == [(6, 2), (6, 6), (1, 6)]


@pytest.mark.parametrize("name", ["vae-gan", "bigan"])
def test_the_others_seat_all_three(name, seat):
    loss = ganzoo.get_loss(name)
    game = seat(loss, POINTS)
    assert loss.roles == {"generator", "discriminator", "encoder"}
    assert loss.players == ("discriminator", "generator")
    assert game.discriminator is not None


def test_the_head_of_bigan_is_built_on_features_and_codes(seat):
    loss = ganzoo.get_loss("bigan", width=6)
    game = seat(loss, POINTS)
    (term,) = loss.terms
    assert term.head[0].weight.shape == (6, 8 + 2)
    moved = {id(p) for p in game.movers("discriminator", loss)}
    assert moved == {id(p) for m in (game.discriminator, loss) for p in m.parameters()}


@pytest.mark.parametrize("name", [*VARIATIONAL, "vae-gan"])
def test_another_prior_than_the_normal_is_refused(name, seat):
    options = {"conditional": True} if name == "cvae" else {}
    with pytest.raises(ganzoo.Incompatible, match="standard normal"):
        seat(ganzoo.get_loss(name), POINTS, prior=ganzoo.Uniform(2), **options)


@pytest.mark.parametrize("name", ["aae", "bigan"])
def test_the_adversarial_ones_take_any_prior(name, seat):
    game = seat(ganzoo.get_loss(name), POINTS, prior=ganzoo.Uniform(2))
    assert isinstance(game.prior, ganzoo.Uniform)


@pytest.mark.parametrize("name", ["vae", "dvae", "aae"])
def test_bernoulli_is_for_images(name, seat):
    loss = ganzoo.get_loss(name, likelihood="bernoulli")
    with pytest.raises(ganzoo.Incompatible, match="images"):
        seat(loss, POINTS)
    assert seat(loss, IMAGES).generator is not None


def test_networks_without_an_encoder_do_not_fit():
    networks = replace(ganzoo.get_architecture("mlp", POINTS), encoder=None)
    with pytest.raises(ganzoo.Incompatible, match="encoder"):
        ganzoo.Game.seat(networks, ganzoo.get_loss("vae"), POINTS)


def test_a_conditional_vae_needs_classes_and_networks_that_look(seat):
    with pytest.raises(ganzoo.Incompatible, match="classes"):
        seat(ganzoo.get_loss("cvae"), ganzoo.Spec((3,), 2))
    with pytest.raises(ganzoo.Incompatible, match="conditional"):
        seat(ganzoo.get_loss("cvae"), POINTS)


def test_both_networks_of_a_conditional_vae_see_the_label(seat, numbers, gradients):
    loss = ganzoo.get_loss("cvae")
    game = seat(loss, POINTS, conditional=True)
    values = {}
    for shift in (0, 1):
        play = game.play(
            "generator",
            real_x=numbers(6, 3),
            z=numbers(6, 2, seed=1),
            labels=(torch.arange(6) + shift) % 4,
            noise=ganzoo.Stream(0, "noise").seek(0),
        )
        values[shift] = (play.code[0], play.generate(play.z), loss.loss(play, (0,)))
    for one, other in zip(values[0], values[1], strict=True):
        assert not torch.equal(one, other)
    by_label = gradients(values[0][2], game)
    assert all(by_label[f"{role}.hidden.labels.weight"].any() for role in ("generator", "encoder"))


@pytest.mark.parametrize("name", [*VARIATIONAL, "aae", "vae-gan", "bigan"])
def test_in_a_loop_of_ones_own_the_missing_encoder_is_named(name):
    def judge(x):
        return ganzoo.DiscriminatorOutput(x.sum(1), features=x)

    loss, x = ganzoo.get_loss(name), torch.zeros(2, 3)
    with pytest.raises(ganzoo.Incompatible, match="encoder"):
        loss.generator_loss(judge, fake=x, real=x)
    if "discriminator" in loss.players:
        with pytest.raises(ganzoo.Incompatible, match="encoder"):
            loss.discriminator_loss(judge, real=x, fake=x)


@pytest.mark.parametrize("base", ["ragan", "wgan", "wgan-gp", "ebgan", "acgan"])
@pytest.mark.parametrize("name", ["aae", "bigan", "vae-gan"])
def test_a_base_that_is_more_than_a_loss_of_scores_is_refused(name, base):
    known = {each.entry.name for each in ganzoo.registry.entries("losses")}
    if base not in known:
        pytest.skip(f"{base} is not installed")
    with pytest.raises(ganzoo.BadOption, match="single scores"):
        ganzoo.get_loss(name, base=base)


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("aae", {"adversarial": -1.0}, "0 or more"),
        ("vae-gan", {"gamma": 0.0}, "above 0"),
        ("vae-gan", {"beta": -1.0}, "0 or more"),
    ],
)
def test_options_out_of_range_say_what_would_work(name, options, says):
    with pytest.raises(ganzoo.BadOption, match=says):
        ganzoo.get_loss(name, **options)


@pytest.mark.parametrize("name", ["aae", "bigan"])
def test_a_width_below_1_is_refused_before_training(name, seat):
    with pytest.raises(ganzoo.BadOption, match="at least 1"):
        seat(ganzoo.get_loss(name, width=0), POINTS)
