"""The original adversarial loss."""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.game import Objective, Traits
from ganzoo.terms import ScoreTerm, softplus

__all__ = ["Minimax", "minimax"]


class Minimax(ScoreTerm):
    """Cross-entropy on logits, the generator climbing what the discriminator descends."""

    traits = Traits(zero_sum=True)

    def real(self, score: Tensor) -> Tensor:
        """``-log D``, as ``softplus(-r)``."""
        return softplus(-score)

    def fake(self, score: Tensor) -> Tensor:
        """``-log(1 - D)``, as ``softplus(f)``."""
        return softplus(score)

    def generated(self, score: Tensor) -> Tensor:
        """``log(1 - D)``."""
        return -softplus(score)

    def probability(self, score: Tensor) -> Tensor:
        """D(x) = sigmoid of the score."""
        return torch.sigmoid(score)


def minimax() -> Objective:
    """The GAN of 2014 as its value function has it: the generator saturates.

    With r = D(x) and f = D(G(z)), logits of any shape, both minimised::

        L_D = E softplus(-r) + E softplus(f)
        L_G = -E softplus(f)

    At the optimal discriminator, logit log(p/q), L_D = 2 log 2 - 2 JSD(p, q), and the
    generator descends 2 JSD. Its gradient -sigmoid(f) vanishes where the discriminator wins.

    The paper trained with momentum SGD; the defaults here are the common ones since DCGAN.

    Reference: Goodfellow et al. 2014, arXiv 1406.2661, eq. 1.
    """
    return Objective(Minimax())
