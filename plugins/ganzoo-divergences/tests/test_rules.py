"""What every loss of this plugin does, whatever its formula."""

from __future__ import annotations

import copy
import math
import pickle
from functools import partial

import pytest
import torch

import ganzoo

PLAYERS = ["discriminator", "generator"]


def gradients(value, table):
    found = torch.autograd.grad(value, (table.real, table.fake), allow_unused=True)
    return [g for g in found if g is not None]


def test_extreme_scores(played, name, options):
    for player in PLAYERS:
        loss = ganzoo.get_loss(name, **options)
        sizes = [50.0] if loss.traits.growth == "exponential" else [50.0, 1e4]
        if options.get("alpha") == 0.7 and name == "fgan-alpha":  # exp(7/3 f)
            sizes = [35.0]
        for dtype in (torch.float32, torch.float64):
            for size in sizes:
                mixed = [size, -size]
                for real, fake in (
                    (mixed, mixed),
                    ([size] * 2, [-size] * 2),
                    ([-size] * 2, [size] * 2),
                ):
                    value, table = played(loss, player, real, fake, dtype)
                    assert value.isfinite()
                    assert all(g.isfinite().all() for g in gradients(value, table))
            value, _ = played(loss, player, [1e4, -1e4, 0.5], [1e4, -1e4, 0.5], dtype)
            assert not value.isnan()


def test_nan_is_never_masked(played, name, options):
    for player in PLAYERS:
        fine = [0.5, 1.0]
        bad = [[math.nan, 1.0], [1.0, math.nan]]
        for scores in bad:
            assert played(name, player, fine, scores, **options)[0].isnan()
            if player == "discriminator":
                assert played(name, player, scores, fine, **options)[0].isnan()


def test_first_and_second_derivatives(numbers, name, options):
    loss = ganzoo.get_loss(name, **options)
    scores = (torch.cat([numbers(3), numbers(2, seed=1)]) / 3).requires_grad_()
    x = torch.arange(5)

    def value(player, scores):
        return getattr(loss, f"{player}_loss")(lambda i: scores[i], real=x[:3], fake=x[3:])

    for player in PLAYERS:
        said = partial(value, player)
        assert torch.autograd.gradcheck(said, scores)
        if name not in ("kl-wgan", "cumulant", "lkgan"):  # linear somewhere
            assert torch.autograd.gradgradcheck(said, scores)


def test_the_discriminators_turn_cuts_the_fakes_graph(numbers, name, options):
    loss, fake = ganzoo.get_loss(name, **options), numbers(4, 2).requires_grad_()
    weight = numbers(2).requires_grad_()
    value = loss.discriminator_loss(lambda x: x @ weight, real=numbers(4, 2, seed=1), fake=fake)
    gradient = torch.autograd.grad(value, (weight, fake), allow_unused=True)
    assert gradient[0].abs().sum() > 0
    assert gradient[1] is None


def test_only_some_generators_look_at_real_samples(numbers, name, options):
    loss = ganzoo.get_loss(name, **options)
    if name in ("softmax-gan", "dual-contrastive"):
        with pytest.raises(ganzoo.Incompatible, match="real"):
            loss.generator_loss(lambda x: x.sum(1), fake=numbers(4, 2))
    else:
        assert loss.generator_loss(lambda x: x.sum(1), fake=numbers(4, 2)).isfinite()


def test_copies_and_pickles_say_the_same(played, numbers, name, options):
    for player in PLAYERS:
        loss, real, fake = ganzoo.get_loss(name, **options), numbers(4), numbers(4, seed=1)
        value, _ = played(loss, player, real, fake)
        for other in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
            assert played(other, player, real, fake)[0] == value
            assert repr(other) == repr(loss)
