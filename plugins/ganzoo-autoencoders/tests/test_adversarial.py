"""AAE, BiGAN and VAE-GAN: their formulas, written out, and who hears what."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.functional import relu, softplus

import ganzoo
from ganzoo_autoencoders.adversary import Judge
from ganzoo_autoencoders.codes import divergence

SPEC = ganzoo.Spec((3,), 2)


@pytest.fixture
def play(seat, numbers):
    def make(loss, player, game=None):
        game = game or seat(loss, SPEC)
        return game, game.play(
            player,
            real_x=numbers(6, 3),
            z=numbers(6, 2, seed=1),
            noise=ganzoo.Stream(0, "noise").seek(0),
        )

    return make


def assert_same(found, wanted):
    torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-12)


def silent(gradients):
    return not any(gradient.any() for gradient in gradients.values())


def test_the_adversarial_autoencoder_is_its_formulas(play):
    loss = ganzoo.get_loss("aae", adversarial=0.3, scale=0.7)
    (term,) = loss.terms
    game, turn = play(loss, "discriminator")
    code = game.encoder(turn.real_x)[0]
    wanted = softplus(-term.judge(turn.z)).mean() + softplus(term.judge(code)).mean()
    assert_same(loss.loss(turn, (0,)), wanted)
    _, turn = play(loss, "generator", game)
    error = (game.generator(code) - turn.real_x) / 0.7
    wanted = error.square().sum(1).mean() / 2 + 0.3 * softplus(-term.judge(code)).mean()
    assert_same(loss.loss(turn, (0,)), wanted)


@pytest.mark.parametrize("name", ["aae", "bigan", "vae-gan"])
def test_the_discriminators_turn_moves_no_other_network(play, gradients, name):
    loss = ganzoo.get_loss(name)
    game, turn = play(loss, "discriminator")
    value = loss.loss(turn, (0,))
    assert silent(gradients(value, game.generator))
    assert silent(gradients(value, game.encoder))
    own = game.movers("discriminator", loss)
    assert any(
        g is not None and g.any() for g in torch.autograd.grad(value, own, allow_unused=True)
    )


def test_bigan_is_its_formulas(play):
    loss = ganzoo.get_loss("bigan")
    (term,) = loss.terms
    game, turn = play(loss, "discriminator")
    code, made = game.encoder(turn.real_x)[0], game.generator(turn.z)
    r = term.head(torch.cat([game.discriminator(turn.real_x).features, code], 1))
    f = term.head(torch.cat([game.discriminator(made).features, turn.z], 1))
    assert_same(loss.loss(turn, (0,)), softplus(-r).mean() + softplus(f).mean())
    _, turn = play(loss, "generator", game)
    assert_same(loss.loss(turn, (0,)), softplus(r).mean() + softplus(-f).mean())


def test_encoder_and_generator_of_bigan_both_learn(play, gradients):
    loss = ganzoo.get_loss("bigan")
    game, turn = play(loss, "generator")
    value = loss.loss(turn, (0,))
    for network in (game.encoder, game.generator):
        assert not silent(gradients(value, network))


@pytest.mark.parametrize("name", ["aae", "bigan"])
def test_codes_are_means_or_drawn(play, name):
    values = {}
    for stochastic in (False, True):
        loss = ganzoo.get_loss(name, stochastic=stochastic)
        game, turn = play(loss, "generator")
        mean, log_variance = game.encoder(turn.real_x)
        noise = ganzoo.Stream(0, "noise").seek(0).normal(6, 2)
        code = mean + (log_variance / 2).exp() * noise if stochastic else mean
        (term,) = loss.terms
        values[stochastic] = loss.loss(turn, (0,))
        if name == "aae":
            assert_same(term.code(play(loss, "generator", game)[1]), code)
        else:
            features = game.discriminator(turn.real_x).features
            wanted = term.head(torch.cat([features, code], 1))
            assert_same(term.scores(play(loss, "generator", game)[1])[0], wanted)
    assert values[False] != values[True]


def test_the_discriminator_of_codes_is_leaky():
    judge = Judge(3, 1)
    assert [layer.negative_slope for layer in judge if isinstance(layer, nn.LeakyReLU)] == [0.2] * 2
    assert [layer.out_features for layer in judge if isinstance(layer, nn.Linear)] == [1, 1, 1]


@pytest.mark.parametrize("width", [0, 1.5, "4", True])
def test_a_width_is_a_whole_number(width):
    with pytest.raises(ganzoo.BadOption, match="a whole number, at least 1"):
        Judge(3, width)


def test_reconstructions_cost_in_aae_what_they_cost_in_vae():
    (aae, vae) = (ganzoo.get_loss(name).terms[0].likelihood.scale for name in ("aae", "vae"))
    assert aae == vae == 0.5


def test_vae_gan_grows_as_its_base_does():
    assert ganzoo.get_loss("vae-gan", base="lsgan").traits.growth == "quadratic"
    assert ganzoo.get_loss("vae-gan", base="hinge").traits.growth == "linear"


def test_ali_is_an_alias():
    assert ganzoo.get_loss("ali").name == "bigan"


@pytest.mark.parametrize("name", ["aae", "bigan", "vae-gan"])
def test_any_loss_of_single_scores_can_be_the_base(play, name):
    loss = ganzoo.get_loss(name, base="hinge")
    game, turn = play(loss, "discriminator")
    value, (term,) = loss.loss(turn, (0,)), loss.terms
    if name == "aae":
        r, f = term.judge(turn.z), term.judge(turn.code[0])
    elif name == "bigan":
        r, f = term.scores(play(loss, "discriminator", game)[1])
    else:
        noise = ganzoo.Stream(0, "noise").seek(0).normal(6, 2)
        code = turn.code[0] + (turn.code[1] / 2).exp() * noise
        r = game.discriminator(turn.real_x).score
        fakes = [game.discriminator(game.generator(z)).score for z in (turn.z, code)]
        f = torch.cat(fakes)
    assert_same(value, relu(1 - r).mean() + relu(1 + f).mean())


@pytest.fixture
def parts_of_vae_gan(play):
    """A turn of the generator, its value, and what the parts are without any tricks."""

    def make(gamma, beta):
        loss = ganzoo.get_loss("vae-gan", gamma=gamma, beta=beta)
        game, turn = play(loss, "generator")
        value = loss.loss(turn, (0,))
        mean, log_variance = game.encoder(turn.real_x)
        noise = ganzoo.Stream(0, "noise").seek(0).normal(6, 2)
        code = mean + (log_variance / 2).exp() * noise
        remade = game.discriminator(game.generator(code))
        features = game.discriminator(turn.real_x).features.detach()
        likeness = (remade.features - features).square().sum(1).mean() / 2
        scores = torch.cat([game.discriminator(turn.fake_x).score, remade.score])
        return (
            game,
            value,
            divergence(mean, log_variance).mean(),
            likeness,
            softplus(-scores).mean(),
        )

    return make


@pytest.mark.parametrize(("gamma", "beta"), [(1.0, 1.0), (0.05, 2.0), (1.0, 0.0)])
def test_vae_gan_is_its_formula(parts_of_vae_gan, gamma, beta):
    _, value, kl, likeness, fooling = parts_of_vae_gan(gamma, beta)
    assert_same(value, beta * kl + gamma * likeness + fooling)


@pytest.mark.parametrize(("gamma", "beta"), [(1.0, 1.0), (0.05, 2.0)])
def test_the_encoder_of_vae_gan_hears_likeness_and_divergence_alone(
    parts_of_vae_gan, gradients, gamma, beta
):
    game, value, kl, likeness, _ = parts_of_vae_gan(gamma, beta)
    found, wanted = (gradients(v, game.encoder) for v in (value, beta * kl + likeness))
    for name in wanted:
        assert_same(found[name], wanted[name])


@pytest.mark.parametrize(("gamma", "beta"), [(1.0, 1.0), (0.05, 2.0)])
def test_the_generator_of_vae_gan_hears_likeness_gamma_times_and_fools(
    parts_of_vae_gan, gradients, gamma, beta
):
    game, value, _, likeness, fooling = parts_of_vae_gan(gamma, beta)
    found, wanted = (gradients(v, game.generator) for v in (value, gamma * likeness + fooling))
    for name in wanted:
        assert_same(found[name], wanted[name])
