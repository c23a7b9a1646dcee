"""The discriminator of the original GAN, for losses that change the generator's side alone."""

from __future__ import annotations

import torch
from torch import Tensor

import ganzoo
from ganzoo_divergences.stable import softplus

__all__ = ["Logistic"]


class Logistic(ganzoo.terms.ScoreTerm):
    """``L_D = E softplus(-r) + E softplus(f)``; at the optimum the score is log p/q."""

    def real(self, score: Tensor) -> Tensor:
        """``softplus(-r)``."""
        return softplus(-score)

    def fake(self, score: Tensor) -> Tensor:
        """``softplus(f)``."""
        return softplus(score)

    def probability(self, score: Tensor) -> Tensor:
        """``sigmoid``."""
        return torch.sigmoid(score)
