"""The conformance kit: what it takes, what it leaves alone, and what it says."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import softplus

import ganzoo
from ganzoo.testing import (
    LOSS_CHECKS,
    Check,
    check_entry,
    check_loss,
    fail,
    run_check,
    select,
    skip,
)
from tests.testing.specimens import Backwards, Good, KeepsItsState, objective, outcome

QUICK = [check for check in LOSS_CHECKS if not check.slow]


def test_a_check_that_raises_has_failed():
    class Broken(Good):
        def generator(self, play):
            raise KeyError("absent")

    _, messages = outcome(objective(Broken), checks=QUICK[:12])
    assert messages["finite"] == "it raises KeyError: 'absent'"


class OfFeatures(ganzoo.Term):
    """The distance of mean features; scores have no say."""

    traits = ganzoo.Traits(neutral=None, batch_coupled=True, monotone=False)
    needs = frozenset({"features"})

    def discriminator(self, play):
        return -self.generator(play)

    def generator(self, play):
        return (play.real.features.mean(0) - play.fake.features.mean(0)).square().sum()


def test_features_are_there_and_checks_of_scores_are_skipped():
    results = {r.name: r for r in check_loss(objective(OfFeatures))}
    assert not [r for r in results.values() if r.status == "failed"]
    assert results["direction"].status == "skipped"
    assert "does not look at scores" in results["direction"].message
    passed = {name for name, r in results.items() if r.status == "passed"}
    assert {"finite", "permutation", "gradcheck", "state_round_trip", "one_step"} <= passed


def test_features_that_miss_a_step_are_caught():
    class Cut(OfFeatures):
        def generator(self, play):
            fake = torch.tensor(play.fake.features.tolist(), requires_grad=True)
            return (play.real.features.mean(0) - fake.mean(0)).square().sum()

    assert "generator_learns" in outcome(objective(Cut))[1]


def test_labels_and_an_encoder_are_there():
    class Conditional(Good):
        conditional = True

    by_status, messages = outcome(objective(Conditional), checks=QUICK)
    assert messages == {}
    assert "additivity" in by_status["passed"]

    class Autoencoder(ganzoo.Term):
        roles = frozenset({"generator", "encoder"})
        traits = ganzoo.Traits(monotone=False, growth="quadratic")

        def generator(self, play):
            mean, _ = play.code
            return (play.generate(mean) - play.real_x).square().sum(1).mean() / 2

    by_status, messages = outcome(objective(Autoencoder))
    assert messages == {}
    assert {"finite", "gradcheck", "resumes", "state_round_trip"} <= set(by_status["passed"])


def test_penalties_take_more_than_scores():
    for options, skipped in (({}, set()), ({"add": "r2"}, {"formula"})):
        by_status, messages = outcome("wgan-gp", **options)
        assert messages == {}
        assert {"patches_and_scales", "functional", *skipped} <= set(by_status["skipped"])
        assert {"finite", "dirac", "gradcheck"} - set(by_status["passed"]) <= {"dirac"}


def test_what_a_loss_declares_is_read():
    class Energy(Backwards):
        traits = ganzoo.Traits(orientation=-1, waived=(("nan_propagates", "it is only a test"),))

        def generator(self, play):
            return softplus(play.fake.score).mean()

    results = {result.name: result for result in check_loss(objective(Energy))}
    assert results["direction"].status == "passed"
    assert results["nan_propagates"].status == "waived"
    assert results["nan_propagates"].message == "it is only a test"

    class WrongEnergy(Good):
        traits = ganzoo.Traits(orientation=-1)

    assert "direction" in outcome(objective(WrongEnergy))[0]["failed"]


def test_an_objective_is_left_as_it_is():
    loss = objective(KeepsItsState)
    state = {name: value.clone() for name, value in loss.state_dict().items()}
    random = torch.get_rng_state()
    check_loss(loss + ganzoo.terms.GradientPenalty())
    assert all(torch.equal(state[name], value) for name, value in loss.state_dict().items())
    assert torch.equal(random, torch.get_rng_state())


def test_names_and_options_that_do_not_exist():
    with pytest.raises(ganzoo.UnknownName):
        check_loss("hinje")
    with pytest.raises(ganzoo.BadOption):
        check_loss("hinge", margn=1)


def test_checks_of_ones_own():
    def bounded(subject):
        value = subject.value("generator", torch.zeros(4), torch.full((4,), 100.0))
        if abs(value) > 1:
            fail(f"the loss is {value:g}")

    def never(subject):
        skip("not today")

    mine = [Check("bounded", "stays within 1", bounded), Check("never", "", never)]
    mine.append(Check("later", "", bounded, slow=True))
    results = check_loss("hinge", checks=[*mine])
    assert [(r.name, r.status, r.message) for r in results] == [
        ("bounded", "failed", "the loss is -100"),
        ("never", "skipped", "not today"),
    ]
    assert results[0].seconds > 0
    assert run_check(mine[0], "nonsaturating").status == "passed"
    assert len(check_loss("hinge", checks=mine, slow=True)) == 3


def test_what_is_not_there_is_skipped_but_for_its_words():
    results = {result.name: result for result in check_entry("mnist", kind="datasets", root="none")}
    assert results["documented"].status == "passed"
    assert results["shapes"].status == "skipped"
    assert "none" in results["shapes"].message


def test_select():
    assert [found.id for found in select("WGAN_GP")] == ["ganzoo:wgan-gp"]
    assert [found.id for found in select("ganzoo:r1")] == ["ganzoo:r1"]
    assert {found.kind for found in select("ganzoo")} == set(ganzoo.registry.KINDS)
    assert {found.kind for found in select("ganzoo", "terms")} == {"terms"}
    with pytest.raises(ganzoo.AmbiguousName, match="a data set and of an extractor"):
        select("digits")
    assert select("digits", "datasets")[0].kind == "datasets"
