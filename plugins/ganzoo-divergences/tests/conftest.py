"""Fixtures of this plugin's tests."""

from __future__ import annotations

import json
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
