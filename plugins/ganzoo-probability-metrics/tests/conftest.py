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
    """``played(loss, player, real, fake)``: the player's loss on these rows, and the table
    that holds them as leaves.
    """

    def play(loss: ganzoo.Objective, player, real, fake, dtype=torch.float64):
        table = ScoreTable(real, fake, dtype)
        return table.loss(loss, player), table

    return play


@pytest.fixture(scope="session")
def numbers():
    """``numbers(5, 3, seed=1)``: normal numbers, float64."""

    def draw(*shape, seed=0):
        generator = torch.Generator().manual_seed(seed)
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    return draw


@pytest.fixture(scope="session")
def linear():
    """``linear(slope)``: a critic with this gradient everywhere."""
    return lambda slope: lambda x: x.flatten(1) @ slope


# The losses and their options, without the penalties that compare as many of either kind.
FEATURES = {
    "mmd-rbf": {"gradient_weight": 0.0},
    "mmd-rq": {"gradient_weight": 0.0},
    "mmd-distance": {"gradient_weight": 0.0},
    "mmd-linear": {"gradient_weight": 0.0},
    "mmd-repulsive": {},
    "mmd-repulsive-bounded": {},
    "cramer": {"weight": 0.0},
    "smmd": {"slope_weight": 0.0},
    "sphere": {},
    "mcgan": {"features": 3, "components": 2, "clip": 0.0},
    "san": {"features": 3},
    "sinkhorn": {"clip": 0.0},
    "ot-gan": {},
}
SCORES = {
    "fisher": {"rho": 0.1, "multiplier": 0.3},
    "gan-qp": {},
    "loss-sensitive": {"slope": 0.1},
    "coulomb": {},
    "uotm": {"cost": 0.0},
}
ALL = {**FEATURES, **SCORES}


@pytest.fixture(params=ALL)
def name(request) -> str:
    """Each loss in turn, unless a test has a choice of its own."""
    return request.param


@pytest.fixture(params=FEATURES)
def feature_name(request) -> str:
    """Each loss on features in turn."""
    return request.param


@pytest.fixture(params=SCORES)
def score_name(request) -> str:
    """Each loss on scores alone in turn."""
    return request.param


@pytest.fixture(params=["discriminator", "generator"])
def player(request) -> str:
    """Each player in turn."""
    return request.param


@pytest.fixture(scope="session")
def loss_of():
    """``loss_of(name, **options)``: the loss in float64, its directions always the same."""

    def build(name: str, **options) -> ganzoo.Objective:
        torch.manual_seed(0)
        return ganzoo.get_loss(name, **{**ALL[name], **options}).double()

    return build


@pytest.fixture(scope="session")
def dirac():
    """``dirac(loss)``: eigenvalues of the Dirac GAN at the origin, or near it where a norm has
    no third derivative: data at 0, the generator at theta, D(x) = psi x, both by simultaneous
    gradient flow.
    """

    def eigenvalues(loss: ganzoo.Objective, psi=0.0):
        state = torch.tensor([0.0, psi], dtype=torch.float64, requires_grad=True)
        theta, psi = state.unbind()

        def judge(x):
            return (psi * x).sum(1)

        real, due = torch.zeros(1, 1, dtype=torch.float64), loss.due(0)
        g = loss.generator_loss(judge, fake=theta.reshape(1, 1), real=real)
        (d_theta,) = torch.autograd.grad(g, theta, create_graph=True)
        tracked = loss.tracked(due, "discriminator")
        play = ganzoo.Play(
            "discriminator", discriminator=judge, real_x=real, fake_x=real, tracked=tracked
        )
        # a turn cuts the fake's graph; the mixed derivative needs it
        play.__dict__["fake_x"] = theta.reshape(1, 1)
        (d_psi,) = torch.autograd.grad(loss.loss(play, due), psi, create_graph=True)
        rows = [torch.autograd.grad(-v, state, retain_graph=True)[0] for v in (d_theta, d_psi)]
        return torch.linalg.eigvals(torch.stack(rows))

    return eigenvalues
