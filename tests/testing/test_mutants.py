"""Wrong losses that were found in the wild or are easily written: each is caught, by name.

A mutant is a correct loss with one thing changed. The right ones pass everything.
"""

from __future__ import annotations

import pytest
from torch.nn.functional import relu, softplus

from ganzoo import Traits
from ganzoo.terms import ScoreTerm
from tests.testing import divergence_mutants, relativistic_mutants


class Nonsaturating(ScoreTerm):
    meant = "nonsaturating"
    traits = Traits()

    def real(self, score):
        return softplus(-score)

    def fake(self, score):
        return softplus(score)

    def generated(self, score):
        return softplus(-score)


class Minimax(Nonsaturating):
    meant = "minimax"
    traits = Traits(zero_sum=True)

    def generated(self, score):
        return -softplus(score)


class BoundarySeeking(Nonsaturating):
    meant = "bgan"
    traits = Traits(monotone=False, growth="quadratic")

    def generated(self, score):
        return score.square() / 2


class LeastSquares(ScoreTerm):
    meant = "lsgan"
    traits = Traits(neutral=0.5, monotone=False, growth="quadratic")

    def real(self, score):
        return (score - 1).square() / 2

    def fake(self, score):
        return score.square() / 2

    def generated(self, score):
        return (score - 1).square() / 2


class Hinge(ScoreTerm):
    meant = "hinge"
    traits = Traits(kinks=(-1.0, 1.0))

    def real(self, score):
        return relu(1 - score)

    def fake(self, score):
        return relu(1 + score)

    def generated(self, score):
        return -score


# --- wrong ones --------------------------------------------------------------------------------


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


RIGHT = [Nonsaturating, Minimax, BoundarySeeking, LeastSquares, Hinge]
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
}
"""Mutant -> the checks that catch it."""

BESIDE = (relativistic_mutants, divergence_mutants)
RIGHT += [kind for module in BESIDE for kind in module.RIGHT]
WRONG |= {kind: caught for module in BESIDE for kind, caught in module.WRONG.items()}


@pytest.mark.parametrize("kind", RIGHT, ids=lambda kind: kind.__name__)
def test_the_right_ones_pass(judged, kind):
    assert judged(kind) == {}


@pytest.mark.parametrize("kind", WRONG, ids=lambda kind: kind.__name__)
def test_the_wrong_ones_are_caught_by_name(judged, kind):
    failed = judged(kind)
    assert set(WRONG[kind]) <= set(failed), failed
