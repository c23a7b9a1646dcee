"""Norms of Banach spaces and their duals, on which bwgan is built."""

from __future__ import annotations

import torch

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
