"""Where a formula passes from one form to another, and what is computed beside the losses."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
import torch

import ganzoo
from ganzoo_divergences.alpha_loss import AlphaLoss
from ganzoo_divergences.cumulants import log_mean_exp
from ganzoo_divergences.fgan import FGAN
from ganzoo_divergences.growth import of_power
from ganzoo_divergences.realness import Realness


def test_the_anchors_of_five_outcomes():
    term = ganzoo.get_loss("realness", outcomes=5).terms[0]
    weights = [math.exp(-(x**2) / 2) for x in (-3.25, -1.625, 0, 1.625, 3.25)]
    a, b, c, d, e = (w / sum(weights) for w in weights)
    assert term.anchor_real.tolist() == pytest.approx([0, 0, 0.2, 0.2, 0.6], abs=1e-15)
    assert term.anchor_fake.tolist() == pytest.approx([a + b + c, d, e, 0, 0], abs=1e-15)


@pytest.mark.parametrize("places", [(), (2,), (2, 3)])
def test_realness_tells_the_probability_at_every_place(places):
    loss = ganzoo.get_loss("realness", anchor_real=[0.0, 0.25, 0.75], anchor_fake=[0.5, 0.5, 0.0])
    generator = torch.Generator().manual_seed(0)
    p = torch.rand(4, *places, generator=generator, dtype=torch.float64)
    term = loss.terms[0]
    said = p[..., None] * term.anchor_real + (1 - p[..., None]) * term.anchor_fake
    torch.testing.assert_close(loss.probability(said.log().movedim(-1, 1)), p)


def test_the_probability_of_realness_ends_where_its_anchors_are():
    loss = ganzoo.get_loss("realness")
    sure = 50 * torch.eye(len(loss.terms[0].anchor_real), dtype=torch.float64)
    found = loss.probability(sure)
    # a law of one outcome alone may lie beyond an anchor, which is spread over several
    assert (found.min(), found.max()) == (0, 1)
    assert not loss.traits.monotone


def test_lkgan_has_a_kink_where_its_power_is_1():
    kinks = {k: ganzoo.get_loss("lkgan", k=k, c=0.25).traits.kinks for k in (1.0, 1.5, 2.0)}
    assert kinks == {1.0: (0.25,), 1.5: (), 2.0: ()}


def test_terms_are_those_of_the_papers_by_default():
    (term,) = ganzoo.get_loss("fgan-kl").terms
    assert FGAN(divergence=term.divergence).saturating
    anchors = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 0.0])
    assert Realness(*anchors).relativistic


def test_lkgan_tells_the_probability_between_its_codes():
    loss = ganzoo.get_loss("lkgan", a=-1.0, b=3.0, c=0.0)
    found = loss.probability(torch.tensor([-2.0, -1.0, 0.0, 2.0, 3.0, 4.0]))
    assert found.tolist() == [0, 0, 0.25, 0.75, 1, 1]


@pytest.mark.parametrize(
    ("exponent", "growth"),
    [
        *((0.5, "linear"), (1, "linear"), (1.01, "quadratic"), (2, "quadratic")),
        *((2.01, "power"), (8.99, "power"), (9, "exponential")),
    ],
)
def test_growth_of_a_power(exponent, growth):
    assert of_power(exponent) == growth


@pytest.mark.parametrize("score", [-119.5, -120.0, -120.5, -140.0])
def test_neyman_goes_on_as_its_tangent(played, score):
    value, table = played("fgan-neyman", "discriminator", [0.0], [score])
    slope = torch.autograd.grad(value, table.fake)[0].item()
    at = max(score, -120.0)
    assert slope == pytest.approx(math.exp(-at / 2), rel=1e-12)
    wanted = 2 - 2 * math.exp(-at / 2) + math.exp(-at / 2) * (score - at)
    assert value.item() == pytest.approx(wanted, rel=1e-12)


def test_the_alpha_loss_saturates_unless_told_otherwise():
    assert AlphaLoss(alpha=2.0, generator_alpha=2.0).saturating is True


@pytest.mark.parametrize(
    ("options", "zero_sum"),
    [
        ({}, True),
        ({"generator_alpha": 4.0}, False),
        ({"generator": "nonsaturating"}, False),
    ],
)
def test_the_alpha_loss_says_when_it_is_a_zero_sum_game(options, zero_sum):
    assert ganzoo.get_loss("alpha-loss", **options).traits.zero_sum is zero_sum


def test_a_cumulant_of_rate_1_where_none_is_given():
    score = torch.tensor([0.0, math.log(3)])
    assert log_mean_exp(score).item() == pytest.approx(math.log(2))


def test_kl_wgan_declares_the_corners_of_its_hinge(played):
    loss = ganzoo.get_loss("kl-wgan")
    assert loss.traits.kinks == (-1.0, 1.0)
    for corner in loss.traits.kinks:  # one score of each kind, weighed by 1
        slopes = set()
        for score in (corner - 0.01, corner + 0.01):
            value, table = played(loss, "discriminator", [score], [score])
            slopes.add(
                tuple(g.item() for g in torch.autograd.grad(value, (table.real, table.fake)))
            )
        assert len(slopes) == 2


@pytest.mark.parametrize("name", ["d2gan", "realness"])
def test_a_head_needs_a_discriminator(name):
    (term,) = ganzoo.get_loss(name).terms
    with pytest.raises(ganzoo.Incompatible, match="features"):
        term.attach(SimpleNamespace(discriminator=None))
