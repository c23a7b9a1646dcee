"""Fixtures of this plugin's tests."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

import ganzoo
from ganzoo.testing import ScoreTable


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    """Reference values, computed with high precision apart from this code."""
    content: dict[str, Any] = json.loads((Path(__file__).parent / "reference.json").read_text())
    return content


@pytest.fixture(scope="session")
def played():
    """``played(loss, player, real, fake)``: the player's loss on these scores, and the table
    that holds them as leaves. The loss may be a name, with options.
    """
    built = cache(ganzoo.get_loss)  # they have no state

    def play(loss, player, real, fake, dtype=torch.float64, **options):
        loss = built(loss, **options) if isinstance(loss, str) else loss
        table = ScoreTable(real, fake, dtype)
        return table.loss(loss, player), table

    return play


@pytest.fixture(scope="session")
def laws(reference):
    """Two laws on four atoms, p and q."""
    counts = (reference["optimum"][f"{law}_counts"] for law in "pq")
    return tuple(torch.tensor(count, dtype=torch.float64) / 20 for count in counts)


@pytest.fixture(scope="session")
def value_at(played):
    """``value_at(loss, scores)``: a player's loss in expectation under p and q, for one score
    (a number or a row of them) for each of the four atoms.
    """
    draws = {"p": (10, 6, 3, 1), "q": (2, 4, 6, 8)}

    def value(loss, scores, player="discriminator", laws="pq", **options):
        scores = torch.as_tensor(scores, dtype=torch.float64)
        samples = [scores.repeat_interleave(torch.tensor(draws[law]), 0) for law in laws]
        return played(loss, player, *samples, **options)[0].item()

    return value


@pytest.fixture(scope="session")
def slopes(laws, played):
    """``slopes(loss, scores, divergence)``: how the generator's loss, at frozen scores of the
    discriminator, and the divergence of p and q fall as q changes, for q = softmax(t).
    """

    def both(loss, scores, divergence, rate=0.0):
        p, q = laws
        logits = q.log().requires_grad_()
        q = logits.softmax(0)
        if rate:  # 1/rate log E_q exp(rate s) is that of four samples with these scores
            fake = scores + (4 * q).log() / rate
            value = loss.generator_loss(lambda x: x, fake=fake, real=scores)
        else:
            each = [played(loss, "generator", s[None], s[None])[0] for s in scores]
            value = (q * torch.stack(each).detach()).sum()
        worth = divergence(p, logits.softmax(0))
        return [torch.autograd.grad(each, logits)[0] for each in (value, worth)]

    return both


@pytest.fixture(scope="session")
def numbers():
    """``numbers(5, 3, seed=1)``: normal numbers of deviation 1.5, float64."""

    def draw(*shape, seed=0):
        generator = torch.Generator().manual_seed(seed)
        return 1.5 * torch.randn(*shape, generator=generator, dtype=torch.float64)

    return draw


DIVERGENCES = [
    *("fgan-kl", "fgan-rkl", "fgan-jeffreys", "fgan-js", "fgan-gan", "fgan-js-weighted"),
    *("fgan-pearson", "fgan-neyman", "fgan-triangular", "fgan-tv", "fgan-hellinger", "fgan-alpha"),
]
POINTWISE = [
    *[(name, {}) for name in DIVERGENCES],
    *[(name, {"generator": "nonsaturating"}) for name in DIVERGENCES],
    ("fgan-pearson", {"exact": True}),
    ("fgan-js-weighted", {"pi": 0.03}),
    *[("fgan-alpha", {"alpha": a}) for a in (-1.0, 0.0, 0.7, 1.0, 1.2, 2.0, 3.5)],
    *[("alpha-loss", {"alpha": a}) for a in (0.7, 1.0, 2.0, math.inf)],
    ("alpha-loss", {"generator": "nonsaturating", "generator_alpha": 4.0}),
    ("bgan", {}),
    *[("lkgan", {"k": k}) for k in (1.0, 1.5, 3.0)],
    ("renyigan", {"alpha": 1.0}),
]
COUPLED = [
    ("kl-dv", {}),
    ("cumulant", {}),
    ("cumulant", {"beta": 0.0, "gamma": 0.0}),
    ("cumulant", {"beta": -0.5, "gamma": 2.0}),
    ("renyigan", {}),
    ("renyigan", {"alpha": 0.5}),
    ("softmax-gan", {}),
    ("dual-contrastive", {}),
    ("kl-wgan", {}),
]
KINDS = [*POINTWISE, *COUPLED]


@pytest.fixture(params=KINDS, ids=[f"{name}-options{i}" for i, (name, _) in enumerate(KINDS)])
def kind(request) -> tuple[str, dict[str, Any]]:
    """Each loss in turn, some with several options."""
    return request.param


@pytest.fixture
def name(kind) -> str:
    """Its name, where a test has no choice of its own."""
    return kind[0]


@pytest.fixture
def options(kind) -> dict[str, Any]:
    """Its options."""
    return kind[1]
