"""The GAN of the alpha-loss."""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor

import ganzoo
from ganzoo_divergences.fgan import saturates
from ganzoo_divergences.stable import softplus

__all__ = ["AlphaLoss", "alpha_loss"]


class AlphaLoss(ganzoo.terms.ScoreTerm):
    """A classification loss with a parameter, for either player its own.

    Args:
        alpha: the discriminator's.
        generator_alpha: the generator's.
        saturating: which loss of the generator.
    """

    alpha: float = ganzoo.option()
    generator_alpha: float = ganzoo.option()
    saturating: bool = ganzoo.option(True)

    def __post_init__(self) -> None:
        least = min(self.alpha, self.generator_alpha)
        self.traits = ganzoo.Traits(
            zero_sum=self.saturating and self.alpha == self.generator_alpha,
            growth="exponential" if least < 1 else "linear" if least == 1 else "bounded",
        )

    @staticmethod
    def loss(score: Tensor, alpha: float) -> Tensor:
        """The alpha-loss of the probability sigmoid(score), elementwise."""
        if alpha == 1:
            return softplus(-score)
        power = 1 - 1 / alpha
        return -torch.expm1(-power * softplus(-score)) / power

    def real(self, score: Tensor) -> Tensor:
        """``l(r)``."""
        return self.loss(score, self.alpha)

    def fake(self, score: Tensor) -> Tensor:
        """``l(-f)``."""
        return self.loss(-score, self.alpha)

    def generated(self, score: Tensor) -> Tensor:
        """``-l(-f)`` or ``l(f)``, with the generator's alpha."""
        if self.saturating:
            return -self.loss(-score, self.generator_alpha)
        return self.loss(score, self.generator_alpha)

    def probability(self, score: Tensor) -> Tensor | None:
        """``p / (p + q)`` at the optimum; None for an infinite alpha, where only p > q shows."""
        return torch.sigmoid(score / self.alpha) if math.isfinite(self.alpha) else None


def alpha_loss(
    *,
    alpha: float = 2.0,
    generator_alpha: float | None = None,
    generator: Literal["saturating", "nonsaturating"] = "saturating",
) -> ganzoo.Objective:
    """alpha-GAN: the alpha-loss in the place of cross-entropy, tunable between exponential loss
    (1/2), the original GAN (1) and plain probabilities (infinity).

    With r = D(x), f = D(G(z)), logits of any shape, and S the sigmoid, both minimised::

        L_D = E l(r) + E l(-f)
        L_G = -E l(-f)                 or, nonsaturating, E l(f)
        l(v) = alpha / (alpha - 1) (1 - S(v)^((alpha - 1) / alpha));  softplus(-v) for alpha = 1

    At the optimal discriminator, logit alpha log p/q, L_D = alpha / (alpha - 1)
    (2 - int (p^alpha + q^alpha)^(1/alpha)): a constant less Arimoto's divergence, which is
    squared Hellinger for 1/2, 2 JSD for 1 and total variation for infinity. Neutral score 0.
    Bounded for alpha above 1, exponential below.

    Departures: none. A generator with an alpha of its own is the (alpha_D, alpha_G)-GAN of
    arXiv 2302.14320.

    Args:
        alpha: of the discriminator's loss, above 0; ``float("inf")`` too.
        generator_alpha: of the generator's; the same where there is none.
        generator: ``"saturating"`` or ``"nonsaturating"``.

    Raises:
        BadOption: an alpha that is not above 0.

    Reference: Kurri, Sypherd and Sankar 2021, arXiv 2106.05232.
    """
    own = alpha if generator_alpha is None else generator_alpha
    for name, value in (("alpha", alpha), ("generator_alpha", own)):
        if not value > 0:
            raise ganzoo.BadOption(f"{name}={value}: above 0; infinity is float('inf')")
    term = AlphaLoss(alpha=alpha, generator_alpha=own, saturating=saturates(generator))
    return ganzoo.Objective(term)
