"""The founding losses at their optimal discriminators, and about the equilibrium."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo.terms import R1

THEORY = ["minimax", "nonsaturating", "lsgan", "lsgan[-1,1,0]", "hinge"]


@pytest.mark.parametrize("name", THEORY)
def test_the_optimal_discriminator_gives_the_divergence(oracle, score_table, loss_of, name):
    wanted = oracle["theory"]["discrete"]["objectives"][name]
    table = score_table(wanted["real_logits"], wanted["fake_logits"])
    d = loss_of(name).discriminator_loss(table, real=table.real_x, fake=table.fake_x)
    assert d.item() == pytest.approx(wanted["d_loss"], rel=1e-10)


def test_values_at_the_optimum_are_the_named_divergences(oracle, score_table, loss_of):
    known = oracle["theory"]["discrete"]["divergences"]
    closed = {
        "minimax": 2 * math.log(2) - 2 * known["JSD"],
        "lsgan": (2 - known["triangular"]) / 8,
        "hinge": 2 - 2 * known["TV"],
    }
    for name, value in closed.items():
        wanted = oracle["theory"]["discrete"]["objectives"][name]
        table = score_table(wanted["real_logits"], wanted["fake_logits"])
        d = loss_of(name).discriminator_loss(table, real=table.real_x, fake=table.fake_x)
        assert d.item() == pytest.approx(value, rel=1e-10), name


@pytest.mark.parametrize("name", THEORY)
def test_no_other_discriminator_does_better_than_the_optimal_one(
    oracle, score_table, loss_of, name
):
    wanted = oracle["theory"]["discrete"]["objectives"][name]
    loss = loss_of(name)

    def value(shift):
        # one shift for each of the four atoms, on both sides alike
        counts = [(10, 6, 3, 1), (2, 4, 6, 8)]
        moved = [
            [s + shift[a] for s, a in zip(scores, _atoms(count), strict=True)]
            for scores, count in zip(
                (wanted["real_logits"], wanted["fake_logits"]), counts, strict=True
            )
        ]
        table = score_table(*moved)
        return loss.discriminator_loss(table, real=table.real_x, fake=table.fake_x).item()

    best = value([0.0] * 4)
    draws = torch.randn(50, 4, generator=torch.Generator().manual_seed(0)).tolist()
    assert all(value(draw) >= best - 1e-12 for draw in draws)


def _atoms(counts):
    return [atom for atom, count in enumerate(counts) for _ in range(count)]


DIRAC = ["minimax", "nonsaturating", "lsgan[-1,1,0]", "wgan", "hinge"]


@pytest.mark.parametrize("kappa", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("name", DIRAC)
def test_dirac_gan_eigenvalues(oracle, name, kappa, loss_of):
    """Data at 0, generator at theta, D(x) = psi x: the Jacobian of the simultaneous gradient
    field at the origin, with R1 of weight kappa (conformance I8)."""
    wanted = oracle["theory"]["dirac"]["entries"][name]["eigenvalues"][f"kappa={kappa:g}"]
    loss = loss_of(name)
    objective = loss + R1(kappa) if kappa else loss
    state = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    theta, psi = state.unbind()

    def critic(x):
        return (psi * x).sum(1)

    real = torch.zeros(1, 1, dtype=torch.float64)
    g = objective.generator_loss(critic, fake=theta.reshape(1, 1), real=real)
    (d_theta,) = torch.autograd.grad(g, theta, create_graph=True)
    # the discriminator's loss detaches the fake, so its mixed derivative needs the fake fed raw
    play = ganzoo.Play(
        "discriminator",
        discriminator=critic,
        real_x=real,
        fake_x=theta.reshape(1, 1),
        tracked=objective.tracked(objective.due(0), "discriminator"),
    )
    play.__dict__["fake_x"] = theta.reshape(1, 1)
    (d_psi,) = torch.autograd.grad(objective.loss(play, objective.due(0)), psi, create_graph=True)
    rows = [torch.autograd.grad(-v, state, retain_graph=True)[0] for v in (d_theta, d_psi)]
    found = torch.linalg.eigvals(torch.stack(rows))
    expected = torch.tensor([complex(*pair) for pair in wanted], dtype=torch.complex128)
    found = sorted(found.tolist(), key=lambda z: (round(z.real, 6), round(z.imag, 6)))
    expected = sorted(expected.tolist(), key=lambda z: (round(z.real, 6), round(z.imag, 6)))
    assert found == pytest.approx(expected, abs=1e-8)
