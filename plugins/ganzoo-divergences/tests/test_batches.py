"""What a loss makes of a batch: its order, its size, its halves, its layout."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo

PLAYERS = ["discriminator", "generator"]


def test_the_order_of_samples_does_not_matter(played, numbers, name, options):
    for player in PLAYERS:
        real, fake = numbers(6), numbers(5, seed=1)
        one = torch.randperm(6, generator=torch.Generator().manual_seed(2))
        other = torch.randperm(5, generator=torch.Generator().manual_seed(3))
        value, table = played(name, player, real, fake, **options)
        moved, shuffled = played(name, player, real[one], fake[other], **options)
        torch.testing.assert_close(moved, value, rtol=1e-12, atol=1e-12)
        here, there = (
            torch.autograd.grad(v, t.fake)[0] for v, t in ((value, table), (moved, shuffled))
        )
        torch.testing.assert_close(there, here[other], rtol=1e-9, atol=1e-14)


def test_unequal_batches_and_batches_twice_over(played, numbers, name, options):
    for player in PLAYERS:
        real, fake = numbers(3), numbers(5, seed=1)
        value, _ = played(name, player, real, fake, **options)
        twice, _ = played(name, player, real.repeat(2), fake.repeat(2), **options)
        if name == "softmax-gan":
            twice = twice - math.log(2)
        if name != "dual-contrastive":
            torch.testing.assert_close(twice, value, rtol=1e-12, atol=1e-14)
        assert value.isfinite()


def test_a_batch_is_the_mean_of_its_halves_unless_it_is_coupled(played, numbers, name, options):
    for player in PLAYERS:
        loss = ganzoo.get_loss(name, **options)
        real, fake = numbers(6) ** 3 / 8, numbers(6, seed=1) ** 3 / 8
        value, _ = played(loss, player, real, fake)
        halves = [played(loss, player, real[s], fake[s])[0] for s in (slice(3), slice(3, 6))]
        agree = torch.isclose(value, torch.stack(halves).mean(), rtol=1e-10, atol=1e-10)
        if not loss.traits.batch_coupled:
            assert agree
        elif (name, player) not in (("renyigan", "discriminator"),) and options.get("beta") != 0:
            assert not agree


def _patches(x):
    return x.reshape(-1, 1, 3, 4)


def _scales(x):
    return [x[:, :4].reshape(-1, 1, 2, 2), x[:, 4:].reshape(-1, 1, 8)]


@pytest.mark.parametrize("layout", [_patches, _scales])
def test_layouts(played, numbers, name, options, layout):
    for player in PLAYERS:
        loss, real, fake = ganzoo.get_loss(name, **options), numbers(5, 12), numbers(5, 12, seed=1)
        value = getattr(loss, f"{player}_loss")(layout, real=real, fake=fake)
        flat, _ = played(loss, player, real.flatten(), fake.flatten())
        torch.testing.assert_close(value, flat, rtol=1e-12, atol=1e-14)
        column, _ = played(loss, player, real.reshape(-1, 1), fake.reshape(-1, 1))
        torch.testing.assert_close(column, flat, rtol=1e-12, atol=1e-14)
