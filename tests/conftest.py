"""Fixtures that several parts of the tests share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from ganzoo.testing import ScoreTable


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


@pytest.fixture
def score_table():
    return ScoreTable
