"""The conformance kit: correct losses pass, and each wrong one fails where it is wrong."""

import pytest
import torch
from torch.nn.functional import relu, softplus

import ganzoo
from ganzoo.testing import (
    LOSS_CHECKS,
    Check,
    check_loss,
    fail,
    objective_checks,
    run_check,
    skip,
)

ALL = [check.name for check in LOSS_CHECKS]


class Good(ganzoo.Term):
    """Non-saturating; the mutants change one thing."""

    def discriminator(self, play):
        return softplus(-play.real.score).mean() + softplus(play.fake.score).mean()

    def generator(self, play):
        return softplus(-play.fake.score).mean()


class Naive(Good):
    def discriminator(self, play):
        real, fake = play.real.score.sigmoid(), play.fake.score.sigmoid()
        return -real.log().mean() - (1 - fake).log().mean()


class InfinityMinusInfinity(Good):
    def discriminator(self, play):
        r, f = play.real.score, play.fake.score
        return (r.exp() - r.exp() - r + f).mean()


class StaysHalf(Good):
    def discriminator(self, play):
        r, f = play.discriminator(play.real_x), play.fake.score
        return softplus(-r / 3).mean() + softplus(f).mean()


class HalfOut(Good):
    def generator(self, play):
        value = super().generator(play)
        return value.half() if value.dtype == torch.float32 else value


class HidesNan(Good):
    def discriminator(self, play):
        r, f = play.real.score, play.fake.score
        return torch.where(r < 1, 1 - r, 0).mean() + relu(1 + f).mean()


class Backwards(Good):
    def discriminator(self, play):
        return softplus(play.real.score).mean() + softplus(-play.fake.score).mean()


class Cut(Good):
    def generator(self, play):
        return softplus(-play.judge(play.fake_x.detach()).score).mean()


class Constant(Good):
    def generator(self, play):
        return torch.as_tensor(softplus(-play.fake.score).mean().item())


class SumsPatches(Good):
    def generator(self, play):
        score = play.fake.score
        return softplus(-score.reshape(len(score), -1).sum(1)).mean()


class ColumnsAlone(Good):
    def generator(self, play):
        return softplus(-play.fake.score[:, 0]).mean()


class Broadcasts(Good):
    def discriminator(self, play):
        r, f = play.judge(play.real_x).score, play.judge(play.fake_x).score
        return softplus(f - r).mean()


class AllPairsOfVectors(Good):
    def discriminator(self, play):
        r, f = play.real.score, play.fake.score
        return softplus(f - (r.unsqueeze(1) if r.ndim == 1 else r)).mean()


class ByPlace(Good):
    def discriminator(self, play):
        f = play.fake.score.flatten()
        places = torch.linspace(0, 1, len(f), dtype=f.dtype)
        return softplus(-play.real.score).mean() + (places * softplus(f)).mean()


class Modifies(Good):
    def discriminator(self, play):
        value = super().discriminator(play)
        play.real_x.detach().mul_(0.5)
        return value


class ReachesTheGenerator(ganzoo.Objective):
    def discriminator_loss(self, discriminator, real, fake, labels=None, step=None):
        r, f = discriminator(real), discriminator(fake)
        return softplus(-r).mean() + softplus(f).mean()


class KeepsItsGraph(Good):
    def __init__(self):
        super().__init__()
        self.average = torch.zeros(())

    def discriminator(self, play):
        self.average = 0.9 * self.average + 0.1 * play.fake.score.mean()
        return super().discriminator(play) + self.average.square()


class ForgetsItsState(Good):
    def __init__(self):
        super().__init__()
        self.average = 0.0

    def discriminator(self, play):
        return super().discriminator(play) + self.average

    def after_discriminator(self, play):
        self.average = 0.9 * self.average + 0.1 * play.fake.score.mean().item()


class KeepsItsState(Good):
    def __init__(self):
        super().__init__()
        self.register_buffer("average", torch.zeros((), dtype=torch.float64))

    def discriminator(self, play):
        return super().discriminator(play) + self.average.to(play.fake.score)

    def after_discriminator(self, play):
        self.average.copy_(0.9 * self.average + 0.1 * play.fake.score.mean())


MUTANTS = {
    Naive: ("finite", "log(sigmoid(s) + eps)"),
    InfinityMinusInfinity: ("huge_scores", "infinity minus infinity"),
    StaysHalf: ("half_precision", "Upcast before anything else"),
    HalfOut: ("half_precision", "give a loss in torch.float16"),
    HidesNan: ("nan_propagates", "one score of a real sample is NaN"),
    Backwards: ("direction", "A higher score must mean more real"),
    Cut: ("generator_learns", "the generator would never move"),
    Constant: ("generator_learns", "Python number"),
    SumsPatches: ("patches_and_scales", "The mean is over every element"),
    ColumnsAlone: ("score_layouts", "raises IndexError for scores (N,)"),
    Broadcasts: ("mismatch_raises", "would broadcast to (N, N)"),
    AllPairsOfVectors: ("score_layouts", "is there a [:, None]"),
    ByPlace: ("permutation", "place in the batch"),
    Modifies: ("inputs_unmodified", "changes the real samples"),
    ReachesTheGenerator: ("gradient_isolation", "a gradient into the generated samples"),
    KeepsItsGraph: ("two_steps", "must be detached"),
    ForgetsItsState: ("state_round_trip", "make it a buffer"),
}


def objective(kind):
    if issubclass(kind, ganzoo.Objective):
        return kind(Good())
    return ganzoo.Objective(kind())


def outcome(loss, **options):
    """Names by status, and the messages of what failed."""
    results = check_loss(loss, **options)
    by_status = {status: [] for status in ("passed", "failed", "skipped")}
    for result in results:
        by_status[result.status].append(result.name)
    return by_status, {r.name: r.message for r in results if r.status == "failed"}


@pytest.mark.parametrize("kind", [Good, KeepsItsState])
def test_correct_losses_pass(kind):
    assert outcome(objective(kind))[0]["passed"] == ALL


@pytest.mark.parametrize("kind", MUTANTS, ids=lambda kind: kind.__name__)
def test_wrong_losses_fail_where_they_are_wrong(kind):
    check, said = MUTANTS[kind]
    _, messages = outcome(objective(kind))
    assert check in messages
    assert said in messages[check]


@pytest.mark.parametrize(
    "kind", [Naive, HidesNan, Backwards, SumsPatches, Broadcasts, ByPlace, ForgetsItsState]
)
def test_and_nowhere_else(kind):
    assert outcome(objective(kind))[0]["failed"] == [MUTANTS[kind][0]]


def test_a_check_that_raises_has_failed():
    class Broken(Good):
        def generator(self, play):
            raise KeyError("absent")

    by_status, messages = outcome(objective(Broken))
    assert "direction" in by_status["passed"]
    assert messages["finite"] == "it raises KeyError: 'absent'"


def needing(**attributes):
    return ganzoo.Objective(type("Needy", (Good,), attributes)())


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"needs": frozenset({"score", "features"})}, "provides features"),
        ({"roles": frozenset({"generator", "encoder"})}, "played by encoder, generator"),
        ({"conditional": True}, "needs labels"),
    ],
)
def test_what_does_not_apply_is_skipped_with_a_reason(attributes, said):
    results = check_loss(needing(**attributes))
    assert {result.status for result in results} == {"skipped"}
    assert all(said in result.message for result in results)


def test_what_turns_out_not_to_fit_is_skipped():
    class Surprising(Good):
        def discriminator(self, play):
            return play.code[0].mean()

    (result,) = check_loss(objective(Surprising), checks=LOSS_CHECKS[:1])
    assert result.status == "skipped"
    assert "needs an encoder" in result.message


def test_penalties_take_more_than_scores():
    for options in ({}, {"add": "r2"}):
        by_status, _ = outcome("wgan-gp", **options)
        assert by_status["skipped"] == ["patches_and_scales"]
        assert by_status["failed"] == []


def test_what_a_loss_declares_is_read():
    class Energy(Backwards):
        traits = ganzoo.Traits(orientation=-1, waived=(("nan_propagates", "it is only a test"),))

        def generator(self, play):
            return softplus(play.fake.score).mean()

    results = {result.name: result for result in check_loss(objective(Energy))}
    assert results["direction"].status == "passed"
    assert results["nan_propagates"].status == "skipped"
    assert results["nan_propagates"].message == "it is only a test"

    class WrongEnergy(Good):
        traits = ganzoo.Traits(orientation=-1)

    assert outcome(objective(WrongEnergy))[0]["failed"] == ["direction"]


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
    results = check_loss("hinge", checks=[*mine])
    assert [(r.name, r.status, r.message) for r in results] == [
        ("bounded", "failed", "the loss is -100"),
        ("never", "skipped", "not today"),
    ]
    assert results[0].seconds > 0
    assert run_check(mine[0], "nonsaturating").status == "passed"


test_conformance = objective_checks("lsgan", a=-1, b=1, c=0)
test_conformance_of_an_object = objective_checks(objective(Good))


def test_the_pytest_form_fails_and_skips():
    checks = {check.name: check for check in LOSS_CHECKS}
    with pytest.raises(pytest.fail.Exception, match="direction: at scores of 0"):
        objective_checks(objective(Backwards))(check=checks["direction"])
    with pytest.raises(pytest.skip.Exception, match="more than the scores"):
        objective_checks("wgan-gp")(check=checks["patches_and_scales"])
