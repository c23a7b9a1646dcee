"""What every loss declares, measured: growth, neutral score, monotony, probability."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo

PLAYERS = ["discriminator", "generator"]


def test_growth_is_what_is_declared(played, name, options):
    loss = ganzoo.get_loss(name, **options)

    def most(size):
        sides = [([-size], [size]), ([size], [-size])]
        return max(
            abs(played(loss, player, *side)[0].item()) for player in PLAYERS for side in sides
        )

    grown = most(80.0) / most(40.0)
    bounds = {
        "bounded": (0.99, 1.01),
        "linear": (1.01, 2.3),
        "quadratic": (2.0, 4.3),
        "power": (4.0, 1e3),
        "exponential": (1e3, math.inf),
    }
    low, high = bounds[loss.traits.growth]
    assert low <= grown <= high


def test_declared_properties_hold(played, numbers, name, options):
    loss = ganzoo.get_loss(name, **options)
    declared = loss.traits
    slopes, opposite, invariant = [], [], []
    for seed in range(20):
        real, fake = 2 * numbers(5, seed=2 * seed), 2 * numbers(5, seed=2 * seed + 1)
        fake = fake - 3 * (seed % 2)
        d, table = played(loss, "discriminator", real, fake)
        g, other = played(loss, "generator", real, fake)
        by_real, by_fake = torch.autograd.grad(d, (table.real, table.fake))
        (own,) = torch.autograd.grad(g, other.fake)
        slopes += own.tolist()
        opposite.append(torch.allclose(own, -by_fake, rtol=1e-9, atol=1e-12))
        shifted, _ = played(loss, "discriminator", real + 2, fake + 2)
        invariant.append(torch.allclose(shifted, d, rtol=1e-10, atol=1e-10))
        if declared.zero_sum and declared.monotone:
            assert (by_real <= 0).all()
            assert (by_fake >= 0).all()
    assert declared.monotone == (max(slopes) <= 0)
    assert declared.shift_invariant == all(invariant)
    # either generator of total variation is the saturating one
    assert declared.zero_sum == all(opposite) or name == "fgan-tv"


def test_the_neutral_score_is_stationary(played, name, options):
    neutral = ganzoo.get_loss(name, **options).traits.neutral
    neutral = 0.3 if neutral is None else neutral
    for size in (1, 4):
        flat = [neutral] * size
        value, table = played(name, "discriminator", flat, flat, **options)
        real, fake = torch.autograd.grad(value, (table.real, table.fake))
        torch.testing.assert_close(real + fake, torch.zeros_like(real), rtol=0, atol=1e-12)
        assert (real < 0).all()
        assert (fake > 0).all()


def test_alpha_just_below_1_has_its_neutral_score():
    neutral = ganzoo.get_loss("fgan-alpha", alpha=0.9999).traits.neutral
    assert neutral == pytest.approx(-1e4)
    assert ganzoo.get_loss("fgan-alpha", alpha=0.0).traits.neutral == pytest.approx(
        -math.log(math.expm1(1))
    )


def test_the_discriminator_is_paid_for_setting_the_kinds_apart(played, name, options):
    neutral = ganzoo.get_loss(name, **options).traits.neutral or 0.0
    apart = [
        played(name, "discriminator", [neutral + s] * 2, [neutral - s] * 2, **options)[0].item()
        for s in (0.0, 0.1, 0.2, 0.3, 0.45)
    ]
    assert apart == sorted(apart, reverse=True)
    assert len(set(apart)) == len(apart)


def test_a_probability_is_one(name, options):
    loss = ganzoo.get_loss(name, **options)
    scores = torch.tensor([[-1e4, -3.0], [0.1, 1e4]])
    found = loss.probability(scores)
    if found is not None:
        assert found.shape == (2, 2)
        assert ((found >= 0) & (found <= 1)).all()
        assert found.flatten().tolist() == sorted(found.flatten().tolist())
