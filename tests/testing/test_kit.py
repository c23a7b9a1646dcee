"""The conformance kit: correct losses pass, and each wrong one fails where it is wrong."""

import pytest
import torch
from torch.nn.functional import relu, softplus

import ganzoo
from ganzoo.testing import (
    LOSS_CHECKS,
    Check,
    check_loss,
    distribution_checks,
    fail,
    objective_checks,
    run_check,
    skip,
)

QUICK = [check for check in LOSS_CHECKS if not check.slow]


class Good(ganzoo.Term):
    """Non-saturating; the mutants change one thing."""

    traits = ganzoo.Traits()

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


class KeepsItsScores(Good):
    def __init__(self):
        super().__init__()
        self.seen = []

    def discriminator(self, play):
        self.seen.append(play.fake.score)
        return super().discriminator(play)


class DrawsForItself(Good):
    def discriminator(self, play):
        noise = torch.randn_like(play.real_x)
        return super().discriminator(play) + play.judge(play.real_x + noise).score.square().mean()


class ReadsBack(Good):
    def discriminator(self, play):
        f = play.fake.score
        return super().discriminator(play) + (f.mean() if f.mean() > 5 else 0)


class MovesWhileItSpeaks(KeepsItsState):
    def discriminator(self, play):
        self.average.copy_(self.average + 0.1)
        return super().discriminator(play)


class ReadsMemory(Good):
    def generator(self, play):
        return softplus(-play.fake.score.view(-1)).mean()


class DetachesOnTheWay(Good):
    def discriminator(self, play):
        f = play.fake.score
        return super().discriminator(play) + softplus(f - f.mean().detach()).mean()


MUTANTS = {
    Naive: ("finite", "log(sigmoid(s) + eps)"),
    InfinityMinusInfinity: ("huge_scores", "infinity minus infinity"),
    StaysHalf: ("half_precision", "Upcast before anything else"),
    HalfOut: ("half_precision", "the generator's loss is in torch.float16"),
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
    KeepsItsScores: ("memory", "memory would grow"),
    DrawsForItself: ("seeded_noise", "play.uniform"),
    ReadsBack: ("device", "no .item()"),
    MovesWhileItSpeaks: ("state_waits", "in after_discriminator alone"),
    ReadsMemory: ("memory_layout", ".reshape()"),
    DetachesOnTheWay: ("gradcheck", "detached"),
    ForgetsItsState: ("state_round_trip", "make it a buffer"),
}


def objective(kind):
    if issubclass(kind, ganzoo.Objective):
        return kind(Good())
    return ganzoo.Objective(kind())


def outcome(loss, **options):
    """Names by status, and the messages of what failed."""
    results = check_loss(loss, **options)
    by_status = {status: [] for status in ("passed", "failed", "skipped", "waived")}
    for result in results:
        by_status[result.status].append(result.name)
    return by_status, {r.name: r.message for r in results if r.status == "failed"}


@pytest.mark.parametrize("kind", [Good, KeepsItsState])
def test_correct_losses_pass(kind):
    by_status, messages = outcome(objective(kind))
    assert messages == {}
    assert len(by_status["passed"]) > 35


@pytest.mark.parametrize("kind", MUTANTS, ids=lambda kind: kind.__name__)
def test_wrong_losses_fail_where_they_are_wrong(kind):
    name, said = MUTANTS[kind]
    (check,) = [check for check in LOSS_CHECKS if check.name == name]
    result = run_check(check, objective(kind))
    assert result.status == "failed"
    assert said in result.message


@pytest.mark.parametrize("kind", [SumsPatches, ForgetsItsState])
def test_and_nowhere_else(kind):
    failed = set(outcome(objective(kind))[0]["failed"])
    related = {
        SumsPatches: {"memory_layout"},
        ForgetsItsState: {"device", "copies", "resumes"},
    }
    assert MUTANTS[kind][0] in failed
    assert failed - related[kind] == {MUTANTS[kind][0]}


def test_a_check_that_raises_has_failed():
    class Broken(Good):
        def generator(self, play):
            raise KeyError("absent")

    _, messages = outcome(objective(Broken), checks=QUICK[:12])
    assert messages["finite"] == "it raises KeyError: 'absent'"


def needing(kind=Good, **attributes):
    return ganzoo.Objective(type("Needy", (kind,), attributes)())


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
    conditional = outcome(needing(conditional=True), checks=QUICK)[0]
    assert conditional["failed"] == []
    assert "additivity" in conditional["passed"]

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
