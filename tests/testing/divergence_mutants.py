"""Wrong f-GANs, each beside the right one; test_mutants.py has them caught."""

from __future__ import annotations

import torch

from ganzoo import Traits
from ganzoo.terms import ScoreTerm


class KL(ScoreTerm):
    meant = "fgan-kl"
    traits = Traits(neutral=1.0, zero_sum=True, growth="exponential")

    def real(self, score):
        return -score

    def fake(self, score):
        return (score - 1).exp()

    def generated(self, score):
        return -self.fake(score)


class Triangular(ScoreTerm):
    """f = (u - 1)^2 / (u + 1), the score being log u: bounded by 1 and 3."""

    meant = "fgan-triangular"
    traits = Traits(zero_sum=True, growth="bounded")

    def real(self, score):
        return 4 * torch.sigmoid(-score).square() - 1

    def fake(self, score):
        return 4 * torch.sigmoid(score).square() - 1

    def generated(self, score):
        return -self.fake(score)


# --- wrong ones --------------------------------------------------------------------------------


class ConjugateWithWrongSign(Triangular):
    def fake(self, score):
        return 1 - 4 * torch.sigmoid(score).square()

    def generated(self, score):
        return -super().fake(score)


class ExponentialOfTheScore(KL):
    """e^v in the place of e^(v - 1)."""

    def fake(self, score):
        return score.exp()


RIGHT = [KL, Triangular]
WRONG = {
    ConjugateWithWrongSign: ["direction", "separation", "stationary", "zero_sum", "reference"],
    ExponentialOfTheScore: ["stationary", "equilibrium", "reference"],
}
"""Mutant -> the checks that catch it."""
