"""Wrong losses that were found in the wild or are easily written: each is caught, by name.

A mutant is a correct loss with one thing changed. The right ones pass everything.
"""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import relu, softplus

import ganzoo
from ganzoo.terms import ScoreTerm
from ganzoo.testing import LOSS_CHECKS, check_loss, reference_check

Traits = ganzoo.Traits


class Nonsaturating(ScoreTerm):
    traits = Traits()

    def real(self, score):
        return softplus(-score)

    def fake(self, score):
        return softplus(score)

    def generated(self, score):
        return softplus(-score)


class Minimax(Nonsaturating):
    traits = Traits(zero_sum=True)

    def generated(self, score):
        return -softplus(score)


class BoundarySeeking(Nonsaturating):
    traits = Traits(monotone=False, growth="quadratic")

    def generated(self, score):
        return score.square() / 2


class LeastSquares(ScoreTerm):
    traits = Traits(neutral=0.5, monotone=False, growth="quadratic")

    def real(self, score):
        return (score - 1).square() / 2

    def fake(self, score):
        return score.square() / 2

    def generated(self, score):
        return (score - 1).square() / 2


class Hinge(ScoreTerm):
    traits = Traits(kinks=(-1.0, 1.0))

    def real(self, score):
        return relu(1 - score)

    def fake(self, score):
        return relu(1 + score)

    def generated(self, score):
        return -score


class RelativisticPaired(ganzoo.Term):
    traits = Traits(neutral=None, shift_invariant=True, paired=True)

    def cost(self, above, below):
        if len(above) != len(below):
            raise ganzoo.ShapeMismatch(f"{len(above)} and {len(below)} samples make no pairs")
        return softplus(below - above).mean()

    def discriminator(self, play):
        return self.cost(play.real.score, play.fake.score)

    def generator(self, play):
        return self.cost(play.fake.score, play.real.score)


class RelativisticAverage(ganzoo.Term):
    traits = Traits(neutral=None, shift_invariant=True, batch_coupled=True)

    def cost(self, above, below):
        return softplus(below.mean() - above).mean() + softplus(below - above.mean()).mean()

    def discriminator(self, play):
        return self.cost(play.real.score, play.fake.score)

    def generator(self, play):
        return self.cost(play.fake.score, play.real.score)


class KL(ScoreTerm):
    traits = Traits(neutral=1.0, zero_sum=True, growth="exponential")

    def real(self, score):
        return -score

    def fake(self, score):
        return (score - 1).exp()

    def generated(self, score):
        return -self.fake(score)


class Triangular(ScoreTerm):
    """f = (u - 1)^2 / (u + 1), the score being log u: bounded by 1 and 3."""

    traits = Traits(zero_sum=True, growth="bounded")

    def real(self, score):
        return 4 * torch.sigmoid(-score).square() - 1

    def fake(self, score):
        return 4 * torch.sigmoid(score).square() - 1

    def generated(self, score):
        return -self.fake(score)


# --- the table of wrong ones -------------------------------------------------------------------


class EpsInTheLogarithm(Nonsaturating):
    """mimicry: log(sigmoid + 1e-8)."""

    def generated(self, score):
        return -(score.sigmoid() + 1e-8).log()


class NaiveLogarithm(Nonsaturating):
    def real(self, score):
        return -score.sigmoid().log()

    def fake(self, score):
        return -(1 - score.sigmoid()).log()

    def generated(self, score):
        return -score.sigmoid().log()


class BoundarySeekingOfProbabilities(BoundarySeeking):
    """PyTorch-GAN: in the space of probabilities."""

    def generated(self, score):
        p = score.sigmoid()
        return (p.log() - (1 - p).log()).square() / 2


class MinimaxWithConstant(Minimax):
    """TF-GAN: the generator's loss carries a constant."""

    def generated(self, score):
        return -softplus(score) - 0.3132616875


class SmoothedByDefault(Minimax):
    """TF-GAN: real samples are asked for a probability of .875 only."""

    def real(self, score):
        return softplus(score) - 0.875 * score


class LeastSquaresWithoutHalf(LeastSquares):
    def real(self, score):
        return 2 * super().real(score)

    def fake(self, score):
        return 2 * super().fake(score)

    def generated(self, score):
        return 2 * super().generated(score)


class LeastSquaresOfSigmoids(LeastSquares):
    """compare_gan."""

    def real(self, score):
        return super().real(score.sigmoid())

    def fake(self, score):
        return super().fake(score.sigmoid())

    def generated(self, score):
        return super().generated(score.sigmoid())


class LeastSquaresInHalf(LeastSquares):
    def discriminator(self, play):
        r, f = (play.discriminator(x) for x in (play.real_x, play.fake_x))
        return (self.real(r).mean() + self.fake(f).mean()).to(play.real.score.dtype)


class LowIsReal(Hinge):
    """gigagan-pytorch."""

    def real(self, score):
        return relu(1 + score)

    def fake(self, score):
        return relu(1 - score)

    def generated(self, score):
        return score


class ReluAfterTheMean(Hinge):
    def discriminator(self, play):
        return relu(1 - play.real.score.mean()) + relu(1 + play.fake.score.mean())


class SumOfReals(Hinge):
    def discriminator(self, play):
        return self.real(play.real.score).sum() + self.fake(play.fake.score).mean()


class GeneratorNotSwapped(RelativisticPaired):
    def generator(self, play):
        return self.discriminator(play)


class HalvedAverage(RelativisticAverage):
    """RelativisticGAN, lecam-gan, PyTorch-GAN."""

    def cost(self, above, below):
        return super().cost(above, below) / 2


class DetachedMean(RelativisticAverage):
    def cost(self, above, below):
        one, other = below.mean().detach(), above.mean().detach()
        return softplus(one - above).mean() + softplus(below - other).mean()


class ConjugateWithWrongSign(Triangular):
    def fake(self, score):
        return 1 - 4 * torch.sigmoid(score).square()

    def generated(self, score):
        return -super().fake(score)


class ExponentialOfTheScore(KL):
    """e^v in the place of e^(v - 1)."""

    def fake(self, score):
        return score.exp()


RIGHT = {
    Nonsaturating: "nonsaturating",
    Minimax: "minimax",
    BoundarySeeking: "bgan",
    LeastSquares: "lsgan",
    Hinge: "hinge",
    RelativisticPaired: "rsgan",
    RelativisticAverage: "ragan",
    KL: "fgan-kl",
    Triangular: "fgan-triangular",
}
"""Right loss -> its name in the oracle."""

WRONG = {
    EpsInTheLogarithm: ["deep_scores", "reference"],
    NaiveLogarithm: ["finite"],
    BoundarySeekingOfProbabilities: ["finite"],
    MinimaxWithConstant: ["zero_sum", "reference"],
    SmoothedByDefault: ["stationary", "equilibrium", "reference"],
    LeastSquaresWithoutHalf: ["reference"],
    LeastSquaresOfSigmoids: ["stationary", "deep_scores", "reference"],
    LeastSquaresInHalf: ["half_precision"],
    LowIsReal: ["direction", "separation", "generator_direction", "optimum", "reference"],
    ReluAfterTheMean: ["additivity", "reference"],
    SumOfReals: ["additivity", "stationary", "duplication", "large_batch", "reference"],
    GeneratorNotSwapped: ["generator_direction", "dirac", "reference"],
    HalvedAverage: ["reference"],
    DetachedMean: ["gradcheck"],
    ConjugateWithWrongSign: ["direction", "separation", "stationary", "zero_sum", "reference"],
    ExponentialOfTheScore: ["stationary", "equilibrium", "reference"],
}
"""Mutant -> the checks that catch it."""

LONG = {"compiles", "device", "learns", "one_step", "resumes", "state_round_trip", "copies"}
"""Checks that take their time, and have nothing to say here."""


@pytest.fixture(scope="module")
def judged(oracle):
    """Names of the failed checks and their messages, the oracle's values among the checks."""
    known = {**oracle["pointwise"], **oracle["batch_coupled"]}

    def judge(kind):
        right = next(each for each in kind.__mro__ if each in RIGHT)
        entry = known[RIGHT[right]]
        cases = [case for case in entry["cases"].values() if case["finite"]]
        reference = reference_check(cases, mistakes=entry.get("common_mistakes"))
        checks = [*(c for c in LOSS_CHECKS if c.name not in LONG), reference]
        results = check_loss(ganzoo.Objective(kind()), checks=checks)
        return {r.name: r.message for r in results if r.status == "failed"}

    return judge


@pytest.mark.parametrize("kind", RIGHT, ids=lambda kind: kind.__name__)
def test_the_right_ones_pass(judged, kind):
    assert judged(kind) == {}


@pytest.mark.parametrize("kind", WRONG, ids=lambda kind: kind.__name__)
def test_the_wrong_ones_are_caught_by_name(judged, kind):
    failed = judged(kind)
    assert set(WRONG[kind]) <= set(failed), failed
