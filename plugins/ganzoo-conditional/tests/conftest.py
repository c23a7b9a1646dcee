"""Fixtures of this plugin's tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import ganzoo


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    """Reference values, computed with high precision apart from this code."""
    content: dict[str, Any] = json.loads((Path(__file__).parent / "reference.json").read_text())
    return content


class Features:
    """A discriminator whose features are given: sample i has row i, real samples first."""

    def __init__(self, real, fake):
        self.rows = torch.cat([real, fake])
        self.real_x = torch.arange(len(real), dtype=torch.float64)
        self.fake_x = len(real) + torch.arange(len(fake), dtype=torch.float64)

    def __call__(self, x, y=None):
        features = self.rows[x.long()]
        return ganzoo.DiscriminatorOutput(features[:, 0], features)


@pytest.fixture(scope="session")
def played():
    """``played(player, real, fake, labels)``: a turn in which the discriminator's features are
    these rows; ``z`` goes along.
    """

    def play(player, real, fake, labels=None, z=None):
        judge = Features(real, fake)
        return ganzoo.Play(
            player,
            discriminator=judge,
            real_x=judge.real_x,
            fake_x=judge.fake_x,
            labels=None if labels is None else torch.as_tensor(labels),
            z=z,
        )

    return play


@pytest.fixture(scope="session")
def bare():
    """``bare(term)``: the term, with a head that passes the features on."""

    def make(term):
        term.head = nn.Identity()
        return term.double()

    return make


@pytest.fixture(scope="session")
def seated():
    """``seated(objective, spec, **options)``: a game of small mlps that see labels as asked."""

    def make(objective, *, classes=3, latent=16, **options):
        spec = ganzoo.Spec((2,), latent, classes)
        options = {"width": 8, **options}
        networks = ganzoo.get_architecture("mlp", spec, **options)
        return ganzoo.Game.seat(networks, objective, spec)

    return make
