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


@pytest.fixture(scope="session")
def numbers():
    """``numbers(*shape, seed=0)``: normal numbers in float64."""

    def draw(*shape, seed=0):
        generator = torch.Generator().manual_seed(seed)
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    return draw


@pytest.fixture(scope="session")
def seat():
    """``seat(objective, spec, ...)``: a game with small networks, in float64."""

    def make(objective, spec, *, prior=None, **options):
        networks = ganzoo.get_architecture("mlp", spec, **{"width": 8, **options})
        game = ganzoo.Game.seat(networks, objective, spec, prior=prior).double()
        objective.double()
        return game

    return make


@pytest.fixture(scope="session")
def gradients():
    """``gradients(value, module)``: of each parameter by name, zeros where there is none."""

    def take(value, module):
        named = dict(module.named_parameters())
        found = torch.autograd.grad(
            value, list(named.values()), retain_graph=True, allow_unused=True
        )
        return {
            name: torch.zeros_like(p) if g is None else g
            for (name, p), g in zip(named.items(), found, strict=True)
        }

    return take
