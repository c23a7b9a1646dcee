"""The Dirac-GAN against theory: eigenvalues, rates of penalties, and where training goes."""

from __future__ import annotations

import math
import re

import pytest
import torch

import ganzoo
from ganzoo.testing import Dirac

OPTIONS = {
    "lsgan[-1,1,0]": ("lsgan", {"a": -1.0, "b": 1.0, "c": 0.0}),
    "hinge[g-hinge]": ("hinge", {"generator_margin": 1.0}),
    "fgan-alpha[2]": ("fgan-alpha", {"alpha": 2.0}),
}
NAMES = [
    *("minimax", "nonsaturating", "lsgan[-1,1,0]", "wgan", "hinge", "hinge[g-hinge]"),
    *("fgan-rkl", "fgan-pearson", "fgan-neyman", "fgan-hellinger", "fgan-js", "fgan-gan"),
    *("fgan-tv", "fgan-jeffreys", "fgan-alpha[2]", "fgan-triangular"),
]


def loss(name, **options):
    base, chosen = OPTIONS.get(name, (name, {}))
    try:
        return ganzoo.get_loss(base, **chosen, **options)
    except ganzoo.UnknownName:
        pytest.skip("not installed")


def close(found, wanted, tolerance):
    """Whether two pairs of complex numbers agree, in any order."""
    pairs = (wanted, wanted[::-1])
    return min(max(abs(a - b) for a, b in zip(found, p, strict=True)) for p in pairs) < tolerance


@pytest.mark.parametrize("kappa", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("name", NAMES)
def test_eigenvalues_are_those_of_theory(oracle, name, kappa):
    entry = oracle["theory"]["dirac"]["entries"][name]
    wanted = [complex(*value) for value in entry["eigenvalues"][f"kappa={kappa:g}"]]
    add = (f"r1(gamma={kappa})",) if kappa else ()
    found = Dirac(loss(name, add=add)).eigenvalues()
    assert close(found, wanted, 1e-8 if abs(wanted[0] - wanted[1]) > 1e-3 else 1e-4)


@pytest.mark.parametrize(
    ("add", "kappa"),
    [
        (["r1(gamma=0.8)"], 0.8),
        (["r2(gamma=0.8)"], 0.8),
        (["r1(gamma=0.3)", "r2(gamma=0.3)"], 0.6),
        (["r1r2(gamma=0.3)"], 0.6),
        (["zero-gp(weight=0.3)"], 0.6),
        (["r1(gamma=0.1, every=4)"], 0.4),
    ],
    ids=str,
)
def test_penalties_damp_by_their_kappa(add, kappa):
    root = math.sqrt(abs(kappa**2 / 4 - 1))
    wanted = [complex(-kappa / 2, root), complex(-kappa / 2, -root)]
    assert close(Dirac(loss("wgan", add=add)).eigenvalues(), wanted, 1e-8)


def test_a_penalty_without_its_half_shows_as_twice_the_kappa():
    class WithoutHalf(ganzoo.terms.R1):
        def discriminator(self, play):
            return 2 * super().discriminator(play)

    rate = Dirac(ganzoo.get_loss("wgan") + WithoutHalf(0.5)).eigenvalues()[0]
    assert rate.real == pytest.approx(-0.5)  # gamma 0.5 alone would damp by 0.25


def test_velocity_is_descent_on_both_losses():
    dirac = Dirac(ganzoo.get_loss("nonsaturating"))
    theta, psi = 0.7, -0.4
    d_theta, d_psi = dirac.velocity(theta, psi)
    sigmoid = 1 / (1 + math.exp(-psi * theta))
    assert d_theta == pytest.approx(psi * (1 - sigmoid))
    assert d_psi == pytest.approx(-theta * sigmoid)


def test_without_a_penalty_it_circles_and_with_one_it_arrives():
    def end(*add):
        path = Dirac(ganzoo.get_loss("wgan", add=add)).trajectory((1.0, 0.0), rate=0.05, steps=300)
        return math.hypot(*path[-1])

    assert end() > 1.0
    assert end("r1(gamma=1.0)") < 0.01


def test_a_run_that_leaves_ends_early():
    class Runaway(ganzoo.Term):
        def discriminator(self, play):
            return play.fake.score.mean() - play.real.score.mean()

        def generator(self, play):
            return play.fake.score.mean()  # the wrong way round: a saddle

    dirac = Dirac(ganzoo.Objective(Runaway()))
    assert max(rate.real for rate in dirac.eigenvalues()) == pytest.approx(1)
    path = dirac.trajectory(rate=0.5, steps=1000)
    assert len(path) < 100
    assert max(map(abs, path[-1])) >= 100


def test_the_scores_of_the_data_are_the_neutral_ones():
    assert Dirac(ganzoo.get_loss("lsgan")).offset == 0.5
    assert Dirac(ganzoo.get_loss("lsgan"), offset=0.0).offset == 0.0
    state = torch.get_rng_state()
    assert Dirac(ganzoo.get_loss("lsgan", add="gp")).batch == 1
    assert torch.equal(state, torch.get_rng_state())


def test_the_documentation_names_the_paper():
    import ganzoo.testing.dirac as module

    assert re.search(r"arXiv 1801\.04406", module.__doc__)
