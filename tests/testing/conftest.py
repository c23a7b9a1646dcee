"""Fixtures of the tests of the conformance kits."""

from __future__ import annotations

import pytest

import ganzoo
from ganzoo.testing import LOSS_CHECKS, check_loss, reference_check

# They take their time, and have nothing to say of a formula.
LONG = {"compiles", "device", "learns", "one_step", "resumes", "state_round_trip"}


@pytest.fixture(scope="session")
def failed():
    """``failed(results)``: names of the failed checks and their messages, where at least one of
    several checks passed.
    """

    def of(results):
        assert any(result.status == "passed" for result in results) or len(results) == 1
        return {result.name: result.message for result in results if result.status == "failed"}

    return of


@pytest.fixture(scope="session")
def of_formulas():
    """The checks of losses, without the long ones that are of other things."""
    return [check for check in LOSS_CHECKS if check.name not in LONG]


@pytest.fixture(scope="session")
def judged(oracle, failed, of_formulas):
    """``judged(kind)``: what of a term fails, the oracle's values of the loss that it means to
    be (``kind.meant``) among the checks.
    """
    known = {**oracle["pointwise"], **oracle["batch_coupled"]}

    def judge(kind):
        entry = known[kind.meant]
        cases = [case for case in entry["cases"].values() if case["finite"]]
        reference = reference_check(cases, mistakes=entry.get("common_mistakes"))
        return failed(check_loss(ganzoo.Objective(kind()), checks=[*of_formulas, reference]))

    return judge
