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


class Numbers:
    """A stream of double-precision numbers that remembers what it gave."""

    def __init__(self, seed=0):
        self.generator = torch.Generator().manual_seed(seed)
        self.given = []

    def _give(self, draw, shape):
        self.given.append(draw(*shape, generator=self.generator, dtype=torch.float64))
        return self.given[-1]

    def uniform(self, *shape):
        return self._give(torch.rand, shape)

    def normal(self, *shape):
        return self._give(torch.randn, shape)


@pytest.fixture
def numbers():
    return Numbers


@pytest.fixture(scope="session")
def said():
    """``said(objective, play)``: what the objective says in a turn, all its terms due."""

    def say(objective, play):
        if isinstance(objective, ganzoo.Term):
            objective = ganzoo.Objective(objective)
        return objective.loss(play, tuple(range(len(objective.terms))))

    return say


@pytest.fixture(scope="session")
def draws():
    """``draws(*shape, seed=0)``: normal numbers in double precision."""

    def draw(*shape, seed=0):
        return torch.randn(
            *shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64
        )

    return draw


@pytest.fixture(scope="session")
def table():
    return ScoreTable


@pytest.fixture(scope="session")
def trainer():
    """``trainer(loss, add, ...)``: a trainer of small networks on a few points or digits."""

    def make(loss, add=(), *, data="points", architecture="mlp", options=None, **settings):
        objective = loss if isinstance(loss, ganzoo.Objective) else ganzoo.get_loss(loss, add=add)
        if data == "points":
            points = torch.randn(64, 2, generator=torch.Generator().manual_seed(0))
            source = ganzoo.TensorSource(points, points, latent=3)
        else:
            source = ganzoo.get_dataset(data)
        networks = ganzoo.get_architecture(architecture, source.spec, **(options or {"width": 8}))
        game = ganzoo.Game.seat(networks, objective, source.spec)
        asked = {"steps": 4, "batch": 8, "report_every": 1, "device": "cpu", **settings}
        return ganzoo.Trainer(game, objective, source, ganzoo.Settings(**asked))

    return make


class Critic:
    """``w . tanh(A x + b) + c`` on flattened samples, whose gradient is ``A' (w (1 - tanh^2))``."""

    def __init__(self, inputs=4, hidden=5, scale=1.5):
        generator = torch.Generator().manual_seed(7)
        self.weights = tuple(
            (scale * torch.randn(*shape, generator=generator, dtype=torch.float64)).requires_grad_()
            for shape in ((hidden, inputs), (hidden,), (hidden,))
        )

    def __call__(self, x):
        A, b, w = self.weights
        return (x.flatten(1) @ A.T + b).tanh() @ w + 0.5

    def gradient(self, x):
        A, b, w = self.weights
        return (w * (1 - (x.flatten(1) @ A.T + b).tanh() ** 2)) @ A


@pytest.fixture(scope="session")
def make_critic():
    return Critic


@pytest.fixture(scope="session")
def turn():
    """``turn(critic, real, fake, noise, term=...)``: a discriminator's turn."""

    def make(critic, real, fake, noise=None, *, term=None):
        return ganzoo.Play(
            "discriminator",
            discriminator=critic,
            real_x=real,
            fake_x=fake,
            noise=noise,
            tracked=frozenset() if term is None else term.input_grads,
        )

    return make
