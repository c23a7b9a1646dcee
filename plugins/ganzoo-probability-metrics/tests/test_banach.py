"""Norms of Banach spaces and their duals, and bwgan, which is built on them."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo_probability_metrics.banach import banach_norm, sobolev_filter


def test_sobolev_norms_and_their_duals(numbers):
    image, other = numbers(3, 2, 8, 6), numbers(3, 2, 8, 6, seed=1)
    there = sobolev_filter(image, 1.5, 5.0)
    torch.testing.assert_close(sobolev_filter(there, -1.5, 5.0), image, rtol=0, atol=1e-12)
    torch.testing.assert_close(sobolev_filter(image, 0.0, 5.0), image, rtol=0, atol=1e-12)
    # the filter is symmetric, so the two norms are dual: |<x, y>| <= |x| |y|, often enough
    product = (image * other).flatten(1).sum(1).abs()
    norms = banach_norm(image, 2.0, smoothness=1.0) * banach_norm(other, 2.0, smoothness=-1.0)
    assert (product <= norms).all()
    aligned = sobolev_filter(image, 2.0, 5.0)
    norms = banach_norm(image, 2.0, smoothness=1.0) * banach_norm(aligned, 2.0, smoothness=-1.0)
    torch.testing.assert_close((image * aligned).flatten(1).sum(1), norms)
    flat = torch.ones(1, 1, 4, 4, dtype=torch.float64)  # frequency 0 alone
    torch.testing.assert_close(sobolev_filter(flat, 3.0, 5.0), flat)
    # a wave of frequency 1, of at most 4 in 8 pixels: a smooth norm counts it for more
    wave = torch.cos(2 * torch.pi * torch.arange(8, dtype=torch.float64) / 8).expand(1, 1, 8, 8)
    torch.testing.assert_close(sobolev_filter(wave, 2.0, 5.0), (1 + 5 / 16) * wave)
    # of two or three pixels the one wave there is has the highest frequency, and of one none
    for size in (1, 2, 3):
        constant = torch.ones(1, 1, size, size, dtype=torch.float64)
        rest = numbers(1, 1, 1, size).expand(1, 1, size, size)
        rest = rest - rest.mean()
        found = sobolev_filter(constant + rest, 2.0, 5.0)
        torch.testing.assert_close(found, constant + (1 + 5) * rest)


def test_the_norm_is_without_smoothness_unless_told(numbers):
    image = numbers(3, 2, 8, 6)
    torch.testing.assert_close(banach_norm(image, 3.0), image.flatten(1).norm(p=3, dim=1))


@pytest.mark.parametrize(
    ("order", "dual"), [(1.0, math.inf), (2.0, 2.0), (3.0, 1.5), (10.0, 10 / 9), (math.inf, 1.0)]
)
def test_bwgan_takes_the_dual_norm(linear, numbers, order, dual):
    real, fake, slope = numbers(5, 4), numbers(5, 4, seed=1), numbers(4, seed=2)
    loss = ganzoo.get_loss("bwgan", order=order, weight=7.0, scale=2.0, drift=0.0)
    value = loss.discriminator_loss(linear(slope), real=real, fake=fake)
    difference = (linear(slope)(fake).mean() - linear(slope)(real).mean()) / 2
    wanted = 7 * (torch.linalg.vector_norm(slope, ord=dual) / 2 - 1) ** 2
    torch.testing.assert_close(value - difference, wanted, rtol=1e-10, atol=0)


def test_bwgans_rules_for_weight_and_scale(linear, numbers):
    real, fake, slope = numbers(5, 4), numbers(5, 4, seed=1), numbers(4, seed=2)
    rule = ganzoo.get_loss("bwgan", order=4.0)
    given = ganzoo.get_loss(
        "bwgan",
        order=4.0,
        weight=torch.linalg.vector_norm(real, ord=4, dim=1).mean().item(),
        scale=torch.linalg.vector_norm(real, ord=4 / 3, dim=1).mean().item(),
    )
    values = [loss.discriminator_loss(linear(slope), real, fake) for loss in (rule, given)]
    torch.testing.assert_close(*values, rtol=1e-12, atol=0)


def test_bwgan_holds_real_scores_near_0(linear, numbers):
    real, fake, slope = numbers(5, 4), numbers(5, 4, seed=1), numbers(4, seed=2)
    held, free = (
        ganzoo.get_loss("bwgan", drift=drift).discriminator_loss(linear(slope), real, fake)
        for drift in (0.3, 0.0)
    )
    wanted = 0.3 * linear(slope)(real).square().mean()
    torch.testing.assert_close(held - free, wanted, rtol=1e-10, atol=0)


def test_bwgan_looks_at_gradients_with_the_opposite_smoothness(numbers):
    real, fake, slope = numbers(5, 2, 4, 4), numbers(5, 2, 4, 4, seed=1), numbers(1, 2, 4, 4)

    def critic(x):
        return (x * slope).flatten(1).sum(1)

    options = {"smoothness": 1.5, "frequency_weight": 3.0, "drift": 0.0}
    given = ganzoo.get_loss("bwgan", weight=7.0, scale=2.0, **options)
    value = given.discriminator_loss(critic, real, fake)
    gap = critic(fake).mean() - critic(real).mean()
    dual = sobolev_filter(slope, -1.5, 3.0).norm()
    torch.testing.assert_close(value, gap / 2 + 7 * (dual / 2 - 1).square())
    scale = sobolev_filter(real, -1.5, 3.0).flatten(1).norm(dim=1).mean()
    weight = sobolev_filter(real, 1.5, 3.0).flatten(1).norm(dim=1).mean()
    value = ganzoo.get_loss("bwgan", **options).discriminator_loss(critic, real, fake)
    torch.testing.assert_close(value, gap / scale + weight * (dual / scale - 1).square())


def test_sobolev_norms_are_of_images(linear, numbers):
    loss = ganzoo.get_loss("bwgan", smoothness=1.0)
    with pytest.raises(ganzoo.Incompatible, match=r"images.*\(4,\).*smoothness"):
        loss.discriminator_loss(linear(numbers(4)), real=numbers(5, 4), fake=numbers(5, 4))
    image = numbers(5, 1, 4, 4)
    assert loss.discriminator_loss(linear(numbers(16)), image, image + 1).isfinite()
