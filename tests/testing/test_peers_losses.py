"""Mistakes of published code, each as a loss: caught by the check that is made for it.

A right loss stands before its mutants, and passes.
"""

from __future__ import annotations

import pytest
from torch.nn.functional import relu

import ganzoo
from ganzoo.terms import ScoreTerm
from ganzoo.testing import check_loss


class Energy(ganzoo.Term):
    """EBGAN's, of an autoencoder."""

    needs = frozenset({"reconstruction"})
    traits = ganzoo.Traits(orientation=-1, neutral=None, kinks=(1.0,))

    def energy(self, x, output):
        return (x - output.reconstruction).square().flatten(1).mean(1)

    def discriminator(self, play):
        margin = self.energy(play.fake_x, play.fake)
        return self.energy(play.real_x, play.real).mean() + relu(10 - margin).mean()

    def generator(self, play):
        return self.energy(play.fake_x, play.fake).mean()


# PyTorch-GAN.
class MarginOfTheMean(Energy):
    def discriminator(self, play):
        margin = self.energy(play.fake_x, play.fake)
        return self.energy(play.real_x, play.real).mean() + relu(1 - margin.mean())


# PyTorch-GAN: half of the energy's gradient is missing.
class TargetDetached(Energy):
    def generator(self, play):
        return self.energy(play.fake_x.detach(), play.fake).mean()


# hwalsuklee.
class NormOfTheBatch(Energy):
    def energy(self, x, output):
        return (x - output.reconstruction).norm(2).reshape(1) / len(x)


class LowIsReal(ScoreTerm):
    """lecam-gan: least squares towards -1 for real samples."""

    traits = ganzoo.Traits(monotone=False, growth="quadratic")

    def real(self, score):
        return (score + 1).square() / 2

    def fake(self, score):
        return (score - 1).square() / 2

    def generated(self, score):
        return (score + 1).square() / 2


class Falling(ScoreTerm):
    """mlss2018: the reverse-KL f-GAN with an activation that falls."""

    traits = ganzoo.Traits(zero_sum=True, growth="exponential")

    def real(self, score):
        return score.exp()

    def fake(self, score):
        return -1 - score

    def generated(self, score):
        return 1 + score


# PyTorch-GAN's DRAGAN: the discriminator's loss is never taken.
class PenaltyAlone(ganzoo.terms.GradientPenalty):
    traits = ganzoo.Traits()

    def generator(self, play):
        return -play.fake.score.mean()


LOSSES = {
    Energy: set(),
    MarginOfTheMean: {"additivity"},
    TargetDetached: {"gradcheck"},
    NormOfTheBatch: {"additivity", "duplication"},
    LowIsReal: {"direction", "separation", "optimum"},
    Falling: {"direction", "separation", "generator_direction"},
    PenaltyAlone: {"direction"},
}


@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.__name__)
def test_losses(failed, of_formulas, kind):
    results = check_loss(ganzoo.Objective(kind()), checks=of_formulas)
    caught = failed(results)
    assert LOSSES[kind] <= set(caught), caught
    assert LOSSES[kind] or not caught, caught
