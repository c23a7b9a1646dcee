"""Where generated samples are as real ones: the neutral score, and what it is worth."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo

LOG_4 = 2 * math.log(2)
AGREED = [  # name, options, L_D where p = q
    *[("fgan-alpha", {"alpha": a}, 0.0) for a in (-1.0, 0.0, 0.3, 0.5, 0.9, 1.0, 1.2, 2.0, 3.5)],
    ("kl-dv", {}, 0.0),
    *[("fgan-js-weighted", {"pi": w}, 0.0) for w in (0.05, 0.3, 0.5, 0.9)],
    *[(f"fgan-{name}", {}, 0.0) for name in ("kl", "rkl", "jeffreys", "js", "pearson", "neyman")],
    *[(f"fgan-{name}", {}, 0.0) for name in ("triangular", "tv", "hellinger")],
    *[(name, {}, LOG_4) for name in ("fgan-gan", "bgan", "renyigan")],
    ("lkgan", {}, 0.25),
    ("cumulant", {}, 0.0),
    ("softmax-gan", {}, math.log(40)),
    ("dual-contrastive", {}, 2 * math.log(21)),
    ("kl-wgan", {}, 2.0),
    ("alpha-loss", {"alpha": 0.5}, 2.0),
    ("alpha-loss", {"alpha": 1}, LOG_4),
    ("alpha-loss", {"alpha": 2}, 4 - 2 * math.sqrt(2)),
    ("alpha-loss", {"alpha": math.inf}, 1.0),
]


@pytest.mark.parametrize(("name", "options", "worth"), AGREED)
def test_where_the_laws_agree_the_neutral_score_is_optimal(value_at, name, options, worth):
    loss = ganzoo.get_loss(name, **options)
    neutral = loss.traits.neutral or 0.0
    least = value_at(loss, [neutral] * 4, laws="pp")
    assert least == pytest.approx(worth, rel=1e-12, abs=1e-12)
    draws = torch.randn(50, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    for scale in (1e-3, 1.0):
        moved = [value_at(loss, neutral + scale * draw, laws="pp") for draw in draws]
        assert min(moved) >= least - 1e-12
