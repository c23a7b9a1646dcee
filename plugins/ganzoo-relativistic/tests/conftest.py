"""Fixtures of this plugin's tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

import ganzoo


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    """Reference values, computed with high precision apart from this code."""
    content: dict[str, Any] = json.loads((Path(__file__).parent / "reference.json").read_text())
    return content


class Table:
    """A discriminator that looks its scores up: sample i has score i, real samples first."""

    def __init__(self, real, fake, dtype=torch.float64):
        self.real = torch.as_tensor(real, dtype=dtype).clone().requires_grad_()
        self.fake = torch.as_tensor(fake, dtype=dtype).clone().requires_grad_()
        self.real_x = torch.arange(len(self.real), dtype=torch.float64)
        self.fake_x = len(self.real) + torch.arange(len(self.fake), dtype=torch.float64)

    def __call__(self, x):
        return torch.cat([self.real, self.fake])[x.long()]


@pytest.fixture(scope="session")
def played():
    """``played(loss, player, real, fake)``: the player's loss on these scores, and the table
    that holds them as leaves.
    """

    def play(loss: ganzoo.Objective, player, real, fake, dtype=torch.float64):
        table = Table(real, fake, dtype)
        said = getattr(loss, f"{player}_loss")
        return said(table, real=table.real_x, fake=table.fake_x), table

    return play
