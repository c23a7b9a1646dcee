"""Fixtures of this plugin's tests."""

from __future__ import annotations

import json
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
    that holds them as leaves.
    """

    def play(loss: ganzoo.Objective, player, real, fake, dtype=torch.float64):
        table = ScoreTable(real, fake, dtype)
        return table.loss(loss, player), table

    return play
