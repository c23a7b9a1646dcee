"""Seated: what the terms make of a game, and what they refuse."""

from __future__ import annotations

import pytest
import torch

import ganzoo

HEADED = ["acgan", "tac-gan", "adc-gan", "contragan", "reacgan"]
CONDITIONAL = [*HEADED, "cgan", "projection"]


def turn(game, objective, player, classes=3):
    generator = torch.Generator().manual_seed(1)
    return game.play(
        player,
        real_x=torch.randn(8, 2, generator=generator),
        z=game.prior.draw(8, ganzoo.Stream(0, "latent").seek(0)),
        labels=torch.arange(8) % classes,
        noise=ganzoo.Stream(0, "noise").seek(0),
    )


def gradients(game, objective, player, of):
    value = objective.loss(turn(game, objective, player), objective.due(0))
    return torch.autograd.grad(value, list(of), allow_unused=True)


def moved(found):
    return [g is not None and bool(g.any()) for g in found]


@pytest.mark.parametrize("name", [*HEADED, "mhgan"])
def test_heads_fit_the_discriminator_and_move_with_it(name, seated):
    objective = ganzoo.get_loss(name)
    game = seated(objective, conditional="generator", discriminator_width=6)
    heads = list(objective.terms[-1].head.parameters())
    assert heads
    discriminator = game.movers("discriminator", objective)
    assert all(any(head is p for p in discriminator) for head in heads)
    mine = game.movers("generator", objective)
    assert not any(head is p for p in mine for head in heads)
    assert all(moved(gradients(game, objective, "discriminator", heads)))
    assert any(moved(gradients(game, objective, "generator", mine)))
    assert not any(moved(gradients(game, objective, "discriminator", mine)))


def test_infogan_reaches_the_generator_and_q_and_what_they_share(seated):
    torch.manual_seed(0)
    objective = ganzoo.Objective(ganzoo.get_term("infogan"))
    game = seated(objective, conditional=False)
    q = list(objective.terms[0].head.parameters())
    generator, trunk = game.generator.parameters(), game.discriminator.hidden.parameters()
    assert all(moved(gradients(game, objective, "generator", generator)))
    assert all(moved(gradients(game, objective, "discriminator", [*q, *trunk])))
    cut = gradients(game, objective, "discriminator", game.generator.parameters())
    assert not any(moved(cut))
    # in the generator's turn Q speaks and the generator alone moves
    mine = game.movers("generator", objective)
    assert len(mine) == len(list(game.generator.parameters()))


@pytest.mark.parametrize("law", [ganzoo.Normal, ganzoo.Uniform])
def test_the_code_takes_the_end_of_the_latent_vector(law):
    objective = ganzoo.get_loss("infogan", categories=(3, 2), continuous=1)
    spec = ganzoo.Spec((2,), 10)
    networks = ganzoo.get_architecture("mlp", spec, width=8)
    game = ganzoo.Game.seat(networks, objective, spec, prior=law(10))
    assert isinstance(game.prior, ganzoo.WithCode)
    assert game.prior.latent == 10
    assert isinstance(game.prior.base, law)
    z = game.prior.draw(20, ganzoo.Stream(0, "latent"))
    (first, second), number = game.prior.code(z)
    assert (first.max(), second.max(), number.shape) == (2, 1, (20, 1))
    assert torch.equal(game.prior.category(z), first)


def test_a_code_may_be_of_numbers_alone(seated):
    objective = ganzoo.get_loss("infogan", categories=(), continuous=2)
    game = seated(objective, conditional=False)
    assert objective.terms[-1].head[-1].out_features == 2
    assert objective.loss(turn(game, objective, "generator"), objective.due(0)).isfinite()


def test_a_code_may_be_the_whole_of_the_latent_vector_and_no_more(seated):
    whole = ganzoo.get_loss("infogan", categories=14, continuous=2)
    assert seated(whole).prior.base.latent == 0
    more = ganzoo.get_loss("infogan", categories=14, continuous=3)
    with pytest.raises(ganzoo.Incompatible, match=r"code takes 17 .*which has 16; set latent=33"):
        seated(more)
    twice = ganzoo.get_loss("infogan", categories=3, add="infogan(categories=2)")
    with pytest.raises(ganzoo.Incompatible, match="WithCode has 16 elements"):
        seated(twice)


@pytest.mark.parametrize("name", CONDITIONAL)
def test_data_without_classes_are_refused(name):
    objective, spec = ganzoo.get_loss(name), ganzoo.Spec((2,), 4)
    networks = ganzoo.get_architecture("mlp", spec, width=8)
    with pytest.raises(ganzoo.Incompatible, match="no classes|provides"):
        ganzoo.Game.seat(networks, objective, spec)


@pytest.mark.parametrize("name", CONDITIONAL)
def test_a_generator_that_looks_at_no_labels_is_refused(name, seated):
    with pytest.raises(ganzoo.Incompatible, match="looks at labels|provides"):
        seated(ganzoo.get_loss(name), conditional=False)


@pytest.mark.parametrize("name", [*HEADED, "mhgan"])
def test_features_that_know_the_label_teach_a_classifier_nothing(name, seated):
    with pytest.raises(ganzoo.Incompatible, match="gets the labels with its input.*'generator'"):
        seated(ganzoo.get_loss(name), conditional="concat")
    seated(ganzoo.get_loss(name), conditional="projection")


def test_cgan_and_projection_are_two_things(seated):
    with pytest.raises(ganzoo.Incompatible, match=r"'cgan' needs .* \{concat\}"):
        seated(ganzoo.get_loss("cgan"), conditional="projection")
    with pytest.raises(ganzoo.Incompatible, match=r"'projection' needs .* \{projection\}"):
        seated(ganzoo.get_loss("projection"), conditional="concat")


def test_the_projection_is_normalised_and_clipped_with_the_rest(seated):
    normal = ganzoo.get_loss("projection", add="spectral-norm")
    discriminator = seated(normal, conditional="projection").discriminator
    norms = torch.linalg.matrix_norm(discriminator.head.labels.weight, 2)
    for _ in range(50):  # the power iteration goes on with each pass
        discriminator(torch.zeros(1, 2), torch.zeros(1, dtype=torch.int64))
        norms = torch.linalg.matrix_norm(discriminator.head.labels.weight, 2)
    assert norms.item() == pytest.approx(1, rel=1e-3)
    clipped = ganzoo.get_loss("projection", base="wgan(clip=0.01)")
    game = seated(clipped, conditional="projection")
    play = turn(game, clipped, "discriminator")
    clipped.after(play, clipped.due(0))
    assert game.discriminator.head.labels.weight.abs().max() <= 0.01


def test_packed_samples_have_no_single_label(seated):
    objective = ganzoo.get_loss("acgan")
    game = seated(objective, conditional="generator")
    plain = game.discriminator.forward

    def packed(x, y=None):
        return plain(x[::2], y)

    game.discriminator.forward = packed
    with pytest.raises(ganzoo.ShapeMismatch, match="8 labels and 4 samples"):
        objective.loss(turn(game, objective, "discriminator"), (0, 1))


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("contragan", {"temperature": 0.0}, "temperature=0.0"),
        ("contragan", {"size": 0}, "size=0"),
        ("reacgan", {"margin": 1.5}, "margin=1.5: a cosine"),
        ("reacgan", {"margin": -1.5}, "margin=-1.5: a cosine"),
        ("infogan", {"categories": 1}, "categories=1.*2 values or more"),
        ("infogan", {"categories": (), "continuous": 0}, "at least one code"),
        ("infogan", {"continuous": -1}, "continuous=-1"),
        ("infogan", {"hidden": -1}, "hidden=-1"),
        ("infogan", {"continuous_weight": -1.0}, "continuous_weight=-1.0"),
        ("acgan", {"base": "hinge("}, "hinge"),
        ("acgan", {"base": "hinge(margin=1)"}, "generator_margin"),
    ],
)
def test_options_that_cannot_be(name, options, says):
    with pytest.raises(ganzoo.BadOption, match=says):
        ganzoo.get_loss(name, **options)


def test_an_unknown_base_names_the_closest():
    with pytest.raises(ganzoo.UnknownName, match="'hinge'"):
        ganzoo.get_loss("acgan", base="hinje")


def test_a_base_brings_its_turns_and_the_paper_its_defaults():
    loss = ganzoo.get_loss("projection", base="hinge(discriminator_turns=5)")
    assert loss.discriminator_turns == 5
    assert ganzoo.get_loss("projection").defaults.betas == (0.0, 0.9)
    assert ganzoo.get_loss("infogan").defaults.generator_lr == 1e-3
    wasserstein = ganzoo.get_loss("wgan-gp")
    on_it = ganzoo.get_loss("infogan", base="wgan-gp")
    assert on_it.defaults == wasserstein.defaults
    assert on_it.discriminator_turns == wasserstein.discriminator_turns
