"""The Dirac GAN: data at 0, samples at t, D(x) = w x. How the players' gradients turn about the
equilibrium tells each loss's slopes at once, and a penalty's factor.
"""

from __future__ import annotations

import cmath
import math

import pytest
import torch

import ganzoo

SLOPES = [  # name, options, product of the players' slopes at score 0
    *[(f"fgan-{n}", {}, 1.0) for n in ("rkl", "pearson", "neyman", "hellinger", "jeffreys")],
    *[(f"fgan-{n}", {}, 0.25) for n in ("js", "gan", "tv")],
    ("fgan-triangular", {}, 1.0),
    ("fgan-kl", {}, math.exp(-2)),
    ("fgan-alpha", {"alpha": 2}, 1.0),
    ("fgan-alpha", {"alpha": 1}, 1.0),
    ("fgan-alpha", {"alpha": 1.3}, 1.0),
    ("kl-dv", {}, 1.0),
    ("cumulant", {"beta": 0.3, "gamma": 0.9}, 1.0),
    ("cumulant", {"beta": 0, "gamma": 0}, 1.0),
    ("renyigan", {}, 0.25),
    ("renyigan", {"alpha": 0.5}, 0.25),
    ("alpha-loss", {"alpha": 1}, 0.25),
    ("alpha-loss", {"alpha": 2}, 2 / 16),
    ("alpha-loss", {"alpha": 0.5}, 16 / 16),
    ("alpha-loss", {"alpha": 0.5, "generator_alpha": math.inf}, 4 / 16),
    ("dual-contrastive", {}, 1.0),
    ("kl-wgan", {}, 1.0),
    ("bgan", {}, 0.0),
    ("lkgan", {"a": -1, "b": 1, "c": 0}, 0.0),
    ("softmax-gan", {}, 0.0),
]
KAPPAS = (0.0, 0.5, 3.0)


def field(loss, w, t):
    """Minus each player's gradient by its own parameter."""
    w, t = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (w, t))
    real, fake = torch.zeros(1, 1, dtype=torch.float64), t.reshape(1, 1)
    d = loss.discriminator_loss(lambda x: w * x, real=real, fake=fake, step=0)
    g = loss.generator_loss(lambda x: w * x, real=real, fake=fake, step=0)
    return -torch.stack([torch.autograd.grad(d, w)[0], torch.autograd.grad(g, t)[0]])


def eigenvalues(loss):
    h = 1e-3

    def slope(dw, dt):  # of fourth order
        near, far = (field(loss, k * dw, k * dt) - field(loss, -k * dw, -k * dt) for k in (1, 2))
        return (8 * near - far) / (12 * h)

    found = torch.linalg.eigvals(torch.stack([slope(h, 0.0), slope(0.0, h)], 1))
    return sorted(found.tolist(), key=lambda z: (z.real, z.imag))


def game(name, kappa, options):
    return ganzoo.get_loss(name, add=[f"r1(gamma={kappa})"] if kappa else [], **options)


@pytest.mark.parametrize("kappa", KAPPAS)
@pytest.mark.parametrize(("name", "options", "product"), SLOPES)
def test_eigenvalues(name, options, product, kappa):
    root = cmath.sqrt(kappa**2 / 4 - product)
    wanted = sorted([-kappa / 2 - root, -kappa / 2 + root], key=lambda z: (z.real, z.imag))
    found = eigenvalues(game(name, kappa, options))
    assert found == pytest.approx(wanted, abs=1e-8)
    if product:
        assert all((z.real < -1e-3) == bool(kappa) for z in found)


def test_eigenvalues_of_the_reference(reference):
    assert len(reference["dirac"]) == 10
    for case, known in reference["dirac"].items():
        told = reference["cases"][case]
        for kappa in KAPPAS:
            wanted = [complex(*z) for z in known["eigenvalues"][f"kappa={kappa:g}"]]
            found = eigenvalues(game(told["loss"], kappa, told["options"]))
            assert sorted(z.real for z in found) == pytest.approx(
                sorted(z.real for z in wanted), abs=1e-8
            )
            assert sorted(z.imag for z in found) == pytest.approx(
                sorted(z.imag for z in wanted), abs=1e-8
            )
