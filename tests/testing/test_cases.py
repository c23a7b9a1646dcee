"""The kit in a test file: of one loss, of all that a distribution registers."""

from __future__ import annotations

import pytest

import ganzoo
from ganzoo.testing import LOSS_CHECKS, distribution_checks, objective_checks
from tests.testing.specimens import Backwards, Good, objective

test_conformance = objective_checks("lsgan", a=-1, b=1, c=0)


test_conformance_of_an_object = objective_checks(objective(Good))


def test_the_pytest_form_fails_and_skips():
    checks = {check.name: check for check in LOSS_CHECKS}
    with pytest.raises(pytest.fail.Exception, match="direction: at scores of 0"):
        objective_checks(objective(Backwards))(check=checks["direction"])
    with pytest.raises(pytest.skip.Exception, match="skipped: it takes more than the scores"):
        objective_checks("wgan-gp")(check=checks["patches_and_scales"])


def test_the_pytest_form_of_a_distribution(monkeypatch):
    test_all = distribution_checks("ganzoo-energy")
    (mark,) = test_all.pytestmark
    assert mark.kwargs["ids"] == [
        *("losses-ebgan", "losses-began", "losses-magan", "terms-pull-away"),
        *("architectures-mlp-ae", "architectures-conv-ae"),
    ]
    began = mark.args[1][1]
    test_all(each=began)
    monkeypatch.setattr(
        "ganzoo_energy.began.Equilibrium.generator",
        lambda self, play: play.real.score.mean().detach(),
    )
    with pytest.raises(pytest.fail.Exception, match="generator_learns: no gradient"):
        test_all(each=began)
    with pytest.raises(ganzoo.UnknownName, match="energies"):
        distribution_checks("ganzoo-energies")
