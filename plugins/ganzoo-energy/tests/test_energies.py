"""Energies: what takes the place of the score, for whom, and what cannot play."""

from __future__ import annotations

import copy
import pickle

import pytest
import torch

import ganzoo

NAMES = ["ebgan", "began", "magan"]


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def halving(x):
    """Reconstructs half of every sample; its own score is of no use."""
    return ganzoo.DiscriminatorOutput(7 + 0 * x.flatten(1).sum(1), x.flatten(1), x / 2)


@pytest.mark.parametrize("energy", ["l1", "l2"])
@pytest.mark.parametrize("name", NAMES)
def test_the_energy_is_the_mean_error_of_each_sample(name, energy):
    loss = ganzoo.get_loss(name, energy=energy)
    x, g = numbers(4, 3, 2, 2), numbers(4, 3, 2, 2, seed=1)
    play = ganzoo.Play("discriminator", discriminator=halving, real_x=x, fake_x=g)
    play.rewire(loss.terms)
    for output, samples in ((play.real, x), (play.fake, g), (play.judge(x + g), x + g)):
        error = samples / 2
        each = error.abs() if energy == "l1" else error.square()
        torch.testing.assert_close(output.score, each.mean((1, 2, 3)), rtol=1e-12, atol=0)


def test_the_defaults_are_absolute_for_began_and_squared_by_option():
    x, g = numbers(4, 3), numbers(4, 3, seed=1)
    value = ganzoo.get_loss("began").discriminator_loss(halving, x, g)  # k is 0
    assert value.item() == pytest.approx((x / 2).abs().mean().item())
    value = ganzoo.get_loss("began", energy="l2").discriminator_loss(halving, x, g)
    assert value.item() == pytest.approx((x / 2).square().mean().item())


def test_terms_beside_it_hear_the_energy_too():
    x, g = numbers(4, 3), numbers(4, 3, seed=1)
    bare = ganzoo.get_loss("began", energy="l2")
    more = ganzoo.get_loss("began", energy="l2", add="r1(gamma=2.0)")
    difference = more.discriminator_loss(halving, x, g) - bare.discriminator_loss(halving, x, g)
    # the energy is mean (x / 2)^2, its gradient x / (2 * 3)
    torch.testing.assert_close(difference, (x / 6).square().sum(1).mean(), rtol=1e-12, atol=0)


def test_the_generator_gets_both_halves_of_the_energys_gradient():
    # through the reconstruction, and through the sample it is compared with
    g = numbers(4, 3).requires_grad_()
    value = ganzoo.get_loss("began", energy="l2").generator_loss(halving, fake=g)
    (gradient,) = torch.autograd.grad(value, g)
    torch.testing.assert_close(gradient, g.detach() / 24, rtol=1e-12, atol=0)


def test_half_precision_is_compared_in_float32():
    x, g = numbers(4, 3).bfloat16(), numbers(4, 3, seed=1).bfloat16()
    loss = ganzoo.get_loss("began")
    value = loss.discriminator_loss(halving, x, g)
    assert value.dtype == torch.float32
    error = (x / 2).float() - x.float()
    assert value.item() == pytest.approx(error.abs().mean().item(), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_reconstruction_of_another_shape_raises(name):
    def wrong(x):
        return ganzoo.DiscriminatorOutput(x.sum(1), x, x[:, :1])

    with pytest.raises(ganzoo.ShapeMismatch, match="shape of its samples"):
        ganzoo.get_loss(name).discriminator_loss(wrong, numbers(4, 3), numbers(4, 3))


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_discriminator_is_refused_before_training(name):
    with pytest.raises(ganzoo.Incompatible, match=r"provides \{.*reconstruction.*mlp-ae"):
        ganzoo.train(name, "ring8", architecture="mlp", steps=1)


@pytest.mark.parametrize("name", NAMES)
def test_nan_is_never_masked(name):
    x, g, nan = numbers(4, 3), numbers(4, 3, seed=1), numbers(4, 3)
    nan[0, 0] = float("nan")
    loss = ganzoo.get_loss(name)
    assert loss.discriminator_loss(halving, nan, g).isnan()
    assert loss.discriminator_loss(halving, x, nan).isnan()
    assert loss.generator_loss(halving, fake=nan).isnan()


@pytest.mark.parametrize("name", NAMES)
def test_copies_and_pickles_say_the_same(name):
    loss, x, g = ganzoo.get_loss(name), numbers(4, 3), numbers(4, 3, seed=1)
    value = loss.discriminator_loss(halving, x, g)
    for other in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        assert other.discriminator_loss(halving, x, g) == value
        assert repr(other) == repr(loss)


@pytest.mark.parametrize("name", NAMES)
def test_low_energies_are_real(name):
    traits = ganzoo.get_loss(name).traits
    assert traits.orientation == -1
    assert traits.neutral is None
