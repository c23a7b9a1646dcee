"""Theory of D2GAN and realness, which score in columns: optima, and what D2GAN descends."""

from __future__ import annotations

import math

import pytest
import torch
from torch.distributions import Categorical, kl_divergence

import ganzoo


def kl(p, q):
    return kl_divergence(Categorical(p), Categorical(q))


def best_pair(p, q, alpha, beta):
    """D2GAN's two scores for each atom, ``(atoms, 2)``."""
    return torch.stack([torch.expm1(alpha * p / q).log(), torch.expm1(beta * q / p).log()], 1)


def test_closed_form_of_d2gan(laws, value_at):
    p, q = laws
    a, b = 0.7, 0.3
    best = best_pair(p, q, a, b)
    worth = a * (math.log(a) - 1) + b * (math.log(b) - 1) + a * kl(p, q) + b * kl(q, p)
    loss = ganzoo.get_loss("d2gan", alpha=a, beta=b)
    least = value_at(loss, best)
    assert least == pytest.approx(-worth.item(), rel=1e-10)
    draws = torch.randn(50, 4, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert min(value_at(loss, best + scale * d) for scale in (1e-3, 1.0) for d in draws) >= least


def test_optimum_of_realness_is_a_mixture_of_the_anchors(laws, value_at):
    p, q = laws
    loss = ganzoo.get_loss("realness", outcomes=7)
    term = loss.terms[0]
    share = (p / (p + q))[:, None]
    best = (share * term.anchor_real + (1 - share) * term.anchor_fake).log()
    least = value_at(loss, best)
    worth = sum(
        (law * torch.nan_to_num(anchor * (anchor.log() - best)).sum(1)).sum()
        for law, anchor in ((p, term.anchor_real), (q, term.anchor_fake))
    )
    assert least == pytest.approx(worth.item(), rel=1e-10)
    torch.testing.assert_close(term.probability(best), p / (p + q), rtol=1e-10, atol=0)
    draws = torch.randn(50, 4, 7, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert min(value_at(loss, best + scale * d) for scale in (1e-3, 1.0) for d in draws) >= least


def test_realness_where_the_laws_agree(value_at):
    loss = ganzoo.get_loss("realness", anchor_real=[0.1, 0.2, 0.7], anchor_fake=[0.6, 0.3, 0.1])
    real, fake = loss.terms[0].anchor_real, loss.terms[0].anchor_fake
    middle = (real + fake) / 2
    twice_jsd = kl(real, middle) + kl(fake, middle)
    found = value_at(loss, middle.log().expand(4, 3), laws="pp")
    assert found == pytest.approx(twice_jsd.item(), rel=1e-10)


def test_what_d2gan_takes_from_the_discriminator_it_gives_the_generator(played):
    loss = ganzoo.get_loss("d2gan", alpha=0.7, beta=0.3)
    real, fake = torch.tensor([[0.3, -0.2], [1.0, 0.4]]), torch.tensor([[-0.5, 0.8], [0.1, 0.6]])
    by_player = []
    for player in ("discriminator", "generator"):
        value, table = played(loss, player, real, fake)
        by_player.append(torch.autograd.grad(value, table.fake)[0])
    torch.testing.assert_close(by_player[0], -by_player[1])
    assert loss.traits.zero_sum
    # one of the two scores is to rise and the other to fall
    assert (by_player[1][:, 0] * by_player[1][:, 1] < 0).all()
    assert not loss.traits.monotone


def test_d2gan_follows_both_divergences(laws, slopes):
    loss, best = ganzoo.get_loss("d2gan", alpha=0.7, beta=0.3), best_pair(*laws, 0.7, 0.3)
    found, wanted = slopes(loss, best, lambda p, q: 0.7 * kl(p, q) + 0.3 * kl(q, p))
    torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-12)
