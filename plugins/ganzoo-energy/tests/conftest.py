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
    """A discriminator that looks energies up: sample i has energy i, real samples first.

    With ``rebuilding``, it is an autoencoder whose mean absolute error they are; else they
    are all that it returns.
    """

    def __init__(self, real, fake, dtype=torch.float64, rebuilding=False):
        self.real = torch.as_tensor(real, dtype=dtype).clone().requires_grad_()
        self.fake = torch.as_tensor(fake, dtype=dtype).clone().requires_grad_()
        places = torch.arange(len(self.real) + len(self.fake), dtype=torch.float64)[:, None]
        self.real_x, self.fake_x = places.split((len(self.real), len(self.fake)))
        self.rebuilding = rebuilding

    def __call__(self, x):
        energies = torch.cat([self.real, self.fake])[x[:, 0].long()]
        if not self.rebuilding:
            return energies
        return ganzoo.DiscriminatorOutput(-7 - energies, reconstruction=x + energies[:, None])


@pytest.fixture(scope="session")
def table():
    return Table


@pytest.fixture(scope="session")
def played():
    """``played(loss, player, table)``: the player's loss on what the table holds."""

    def play(loss, player, table):
        said = getattr(loss, f"{player}_loss")
        return said(table, real=table.real_x, fake=table.fake_x)

    return play


@pytest.fixture(scope="session")
def train():
    """``train(name, dataset, ...)``: a short run on the CPU, with an autoencoder."""

    def run(name, dataset, architecture="mlp-ae(width=16)", **settings):
        return ganzoo.train(
            name, dataset, architecture=architecture, **{"device": "cpu", **settings}
        )

    return run
