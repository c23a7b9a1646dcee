"""Fixtures that several parts of the tests share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """Small tensors: threads would only fight with the other test processes."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def oracle() -> dict[str, Any]:
    """Reference values, computed with high precision apart from this library."""
    path = Path(__file__).parent / "oracle.json"
    content: dict[str, Any] = json.loads(path.read_text())
    return content


class ScoreTable:
    """A discriminator that looks its scores up, so that losses meet scores of our choice.

    Sample i of ``real_x`` gets score i of ``real``, and likewise the generated ones.
    """

    def __init__(self, real, fake, dtype=torch.float64):
        self.real = torch.as_tensor(real, dtype=dtype).clone().requires_grad_()
        self.fake = torch.as_tensor(fake, dtype=dtype).clone().requires_grad_()
        self.real_x = torch.arange(len(self.real), dtype=dtype)
        self.fake_x = len(self.real) + torch.arange(len(self.fake), dtype=dtype)

    def __call__(self, x):
        return torch.cat([self.real, self.fake])[x.long()]


@pytest.fixture
def score_table():
    return ScoreTable
