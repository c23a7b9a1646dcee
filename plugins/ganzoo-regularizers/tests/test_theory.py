"""What theory says of a loss with a term: the Dirac-GAN's eigenvalues, the LeCam divergence."""

from __future__ import annotations

import cmath

import pytest
import torch

import ganzoo
from ganzoo_regularizers.scores import LeCam

STEP = 1e-4


class Signs:
    """Noise whose square is 1, as that of normal noise is in expectation."""

    def uniform(self, *shape):
        return torch.full(shape, 0.25, dtype=torch.float64)

    def normal(self, *shape):
        return torch.ones(shape, dtype=torch.float64)


def field(said, objective, theta, psi):
    """``-dL_G/dtheta, -dL_D/dpsi`` for D(x) = psi x, data at 0 and the generator at theta."""
    slopes = []
    for player in ("generator", "discriminator"):
        leaf = torch.tensor(theta if player == "generator" else psi, dtype=torch.float64)
        leaf.requires_grad_()
        at = {"generator": (leaf, psi), "discriminator": (theta, leaf)}[player]
        play = ganzoo.Play(
            player,
            discriminator=lambda x, psi=at[1]: (psi * x)[:, 0],
            real_x=torch.zeros(2, 1, dtype=torch.float64),
            fake_x=at[0] * torch.ones(2, 1, dtype=torch.float64),
            noise=Signs(),
            tracked=frozenset({"real", "fake"}) if player == "discriminator" else frozenset(),
        )
        slopes.append(-torch.autograd.grad(said(objective, play), leaf)[0].item())
    return slopes


def eigenvalues(said, objective):
    columns = []
    for theta, psi in ((STEP, 0.0), (0.0, STEP)):
        ahead, behind = (field(said, objective, s * theta, s * psi) for s in (1, -1))
        columns.append([(a - b) / (2 * STEP) for a, b in zip(ahead, behind, strict=True)])
    jacobian = torch.tensor(columns, dtype=torch.float64).T
    return sorted(torch.linalg.eigvals(jacobian).tolist(), key=lambda e: (e.imag, e.real))


@pytest.mark.parametrize(
    ("term", "kappa"),
    [
        ("r1r2(gamma=0.25)", 0.5),
        ("zero-gp(weight=0.25)", 0.5),
        ("approx-r1(weight=25.0, scale=0.1)", 0.5),
        # with the generated samples on the data, R2 is R1
        ("approx-r2(weight=25.0, scale=0.1)", 0.5),
        # each side has the weight sigmoid(0)^2 = 1/4
        ("js-reg(gamma=1.0)", 0.5),
        ("r1r2(gamma=1.5)", 3.0),
        ("zero-gp(weight=1.5)", 3.0),
    ],
)
@pytest.mark.parametrize("loss", ["minimax", "nonsaturating", "wgan", "hinge"])
def test_dirac_gan(loss, term, kappa, reference, said):
    objective = ganzoo.get_loss(loss, add=term)
    wanted = reference["dirac"][loss]
    found = eigenvalues(said, objective)
    listed = sorted(
        (complex(*pair) for pair in wanted["eigenvalues"][f"kappa={kappa:g}"]),
        key=lambda e: (e.imag, e.real),
    )
    assert found == pytest.approx(listed, abs=1e-6)
    root = cmath.sqrt(kappa**2 / 4 - wanted["G_slope_a"] * wanted["D_slope_b"])
    assert sum(found) == pytest.approx(-kappa, abs=1e-6)
    assert abs(found[0] - found[1]) == pytest.approx(abs(2 * root), abs=1e-6)


def test_the_lecam_divergence_is_the_best_critics_gap(reference, table, said):
    wanted = reference["wgan+lecam"]
    term = LeCam(wanted["lambda"], one_sided=False, decay=1.0)
    term.average_real.fill_(wanted["ema_real"])
    term.average_fake.fill_(wanted["ema_fake"])
    term.turns.fill_(1)
    objective = ganzoo.Objective(ganzoo.terms.Wasserstein(), term)

    def value(real, fake):
        judge = table(real, fake)
        play = ganzoo.Play(
            "discriminator", discriminator=judge, real_x=judge.real_x, fake_x=judge.fake_x
        )
        return said(objective, play), judge

    best, judge = value(wanted["real_logits"], wanted["fake_logits"])
    assert best.item() == pytest.approx(wanted["d_loss"], rel=1e-10)
    gap = (judge.real.mean() - judge.fake.mean()).item()
    delta, margin = wanted["triangular"], wanted["ema_real"]
    assert gap == pytest.approx((1 / (2 * wanted["lambda"]) - margin) * delta, rel=1e-10)
    atoms = sorted(set(wanted["real_logits"] + wanted["fake_logits"]))
    for seed in range(30):
        moved = torch.randn(4, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
        shift = dict(zip(atoms, (0.1 * moved).tolist(), strict=True))
        real, fake = (
            [score + shift[score] for score in wanted[f"{kind}_logits"]]
            for kind in ("real", "fake")
        )
        assert value(real, fake)[0].item() > best.item()
