"""Gradient penalties: linear critics, witnesses, precision, and who pays."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

import ganzoo

SHAPES = [(4,), (2, 3, 3)]
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def penalty(loss, critic, real, fake):
    """What the discriminator pays beyond the difference of means."""
    value = loss.discriminator_loss(critic, real=real, fake=fake)
    return value - (critic(fake).mean() - critic(real).mean())


@every_shape
@pytest.mark.parametrize("length", [0.5, 2.0])
def test_linear_critics(linear, numbers, shape, length):
    real, fake = numbers(5, *shape), numbers(5, *shape, seed=1)
    slope = numbers(math.prod(shape), seed=2)
    slope = slope / slope.norm() * length
    excess = max(length - 1, 0.0)
    cases = {
        ("wgan-lp", (("weight", 7.0),)): 7 * excess**2,
        ("wgan-div", ()): 2 * length**6,
        ("wgan-div", (("points", "both"), ("weight", 3.0), ("power", 4.0))): 3 * length**4,
        ("sobolev", (("rho", 0.1), ("multiplier", 0.5))): 0.05 * (1 - length**2) ** 2
        - 0.5 * (1 - length**2),
        ("bwgan", (("weight", 7.0), ("scale", 1.0), ("drift", 0.0))): 7 * (length - 1) ** 2,
    }
    for (name, options), wanted in cases.items():
        found = penalty(ganzoo.get_loss(name, **dict(options)), linear(slope), real, fake)
        assert found.item() == pytest.approx(wanted, rel=1e-9, abs=1e-12), name


WITNESSES = ["mmd-rbf", "mmd-rq", "mmd-distance", "mmd-linear", "cramer"]


@pytest.mark.parametrize("name", WITNESSES)
def test_the_witness_is_penalised_at_interpolates(numbers, name):
    real, fake, weight = numbers(4, 3), numbers(4, 3, seed=1), numbers(3, 2, seed=2)
    option = "weight" if name == "cramer" else "gradient_weight"
    bare, held = (ganzoo.get_loss(name, **{option: w}) for w in (0.0, 2.5))

    def critic(x):
        return (x @ weight).tanh()

    torch.manual_seed(3)
    found = held.discriminator_loss(critic, real=real, fake=fake)
    found = found - bare.discriminator_loss(critic, real=real, fake=fake)
    torch.manual_seed(3)
    share = torch.rand(4).double()[:, None]
    points = (share * real + (1 - share) * fake).requires_grad_()
    value = []
    for t in critic(points):  # one point at a time
        if name == "cramer":
            value.append((t - critic(fake)).norm(dim=1).mean() - t.norm())
        else:
            kernel = held.terms[0].kernel
            value.append((kernel(t[None], critic(real)) - kernel(t[None], critic(fake))).mean())
    (gradient,) = torch.autograd.grad(torch.stack(value).sum(), points)
    wanted = 2.5 * (gradient.norm(dim=1) - 1).square().mean()
    torch.testing.assert_close(found, wanted, rtol=1e-9, atol=0)


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 4)).double()


PENALISED = [*WITNESSES, "wgan-lp", "wgan-div", "sobolev", "bwgan", "smmd"]


@pytest.mark.parametrize("name", PENALISED)
def test_second_derivatives_reach_the_discriminator_alone(numbers, name):
    critic, real = network(), numbers(5, 3)
    fake = numbers(5, 3, seed=1).requires_grad_()
    loss = ganzoo.get_loss(name)

    def value():
        torch.manual_seed(5)
        return loss.discriminator_loss(critic, real=real, fake=fake)

    weight = critic[0].weight
    gradient, none = torch.autograd.grad(value(), (weight, fake), allow_unused=True)
    assert none is None
    step = 1e-6
    with torch.no_grad():
        weight[1, 2] += step
    above = value()
    with torch.no_grad():
        weight[1, 2] -= 2 * step
    slope = (above - value()) / (2 * step)
    torch.testing.assert_close(gradient[1, 2], slope, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("name", PENALISED)
def test_a_critic_that_says_0_has_finite_gradients(numbers, name):
    critic = network()
    for parameter in critic.parameters():
        nn.init.zeros_(parameter)
    loss = ganzoo.get_loss(name)
    loss.discriminator_loss(critic, real=numbers(5, 3), fake=numbers(5, 3, seed=1)).backward()
    gradients = [p.grad for p in critic.parameters() if p.grad is not None]
    assert gradients
    assert all(gradient.isfinite().all() for gradient in gradients)


@pytest.mark.parametrize("name", PENALISED)
def test_penalties_are_not_rounded_by_autocast(numbers, name):
    """The penalty's points go through the network in float32; the others may be rounded."""
    critic, seen = network().float(), []

    def judge(x):
        said = critic(x)
        seen.append((x.requires_grad, said.dtype))
        return said

    real, fake = numbers(5, 3).float(), numbers(5, 3, seed=1).float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        value = ganzoo.get_loss(name).discriminator_loss(judge, real=real, fake=fake)
    assert value.dtype == torch.float32
    assert (True, torch.float32) in seen
    exact = ganzoo.get_loss(name).discriminator_loss(judge, real=real, fake=fake)
    assert exact.isfinite()
    assert value.isfinite()


def test_the_features_own_penalty(played, numbers):
    real, fake = numbers(5, 3), numbers(4, 3, seed=1)
    bare, held = (
        ganzoo.get_loss("mmd-rq", gradient_weight=0.0, feature_weight=w) for w in (0.0, 0.5)
    )
    more = (
        played(held, "discriminator", real, fake)[0] - played(bare, "discriminator", real, fake)[0]
    )
    wanted = 0.5 * (real.square().mean() + fake.square().mean())
    torch.testing.assert_close(more, wanted, rtol=1e-10, atol=0)
    g = [played(loss, "generator", real, fake)[0] for loss in (bare, held)]
    assert g[0] == g[1]


def test_the_scaled_discrepancy(linear, numbers):
    real, fake, slope = numbers(5, 3), numbers(4, 3, seed=1), numbers(3, seed=2)
    plain = ganzoo.get_loss("mmd-rbf", sigmas=(1.5,), gradient_weight=0.0)
    loss = ganzoo.get_loss("smmd", sigma=1.5, slope_weight=4.0)
    wanted = plain.generator_loss(linear(slope), fake, real) / (1 + 4 * slope.square().sum())
    # of one feature the Jacobian is exact, whatever the signs
    d, g = loss.discriminator_loss(linear(slope), real, fake), None
    g = loss.generator_loss(linear(slope), fake, real)
    torch.testing.assert_close(-d, wanted, rtol=1e-10, atol=0)
    torch.testing.assert_close(g, wanted, rtol=1e-10, atol=0)


def test_the_scale_is_unbiased_for_many_features(numbers):
    real, fake, weight = numbers(64, 3), numbers(64, 3, seed=1), numbers(3, 4, seed=2)
    loss = ganzoo.get_loss("smmd", slope_weight=1.0)
    play = ganzoo.Play(
        "discriminator",
        discriminator=lambda x: x @ weight,
        real_x=real,
        fake_x=fake,
        tracked=frozenset({"real"}),
    )
    torch.manual_seed(0)
    scales = torch.stack([loss.terms[0].scale(play) for _ in range(300)])
    error = scales.std() / math.sqrt(300)
    assert abs(scales.mean() - 1 - weight.square().sum()) < 4 * error
