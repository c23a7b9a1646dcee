"""Correct losses pass the kit, and each wrong one fails where it is wrong."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import relu, softplus

import ganzoo
from ganzoo.testing import LOSS_CHECKS, run_check
from tests.testing.specimens import Backwards, Good, KeepsItsState, objective, outcome


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
