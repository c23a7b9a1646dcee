"""The non-saturating form of the original loss."""

from __future__ import annotations

import math

from torch import Tensor

from ganzoo.game import Objective, Traits, option
from ganzoo.terms import softplus
from ganzoo.zoo.losses.minimax import Minimax

__all__ = ["Nonsaturating", "nonsaturating"]


class Nonsaturating(Minimax):
    """Cross-entropy on logits, each player with its own."""

    real_target: float = option(1.0, above=0, at_most=1, words="a probability above 0, 1 at most")

    def __post_init__(self) -> None:
        # where t p / (q + (1 - t) p) is at p = q
        self.traits = Traits(neutral=math.log(self.real_target / (2 - self.real_target)))

    def real(self, score: Tensor) -> Tensor:
        """``-t log D - (1 - t) log(1 - D)``, t the real target."""
        loss = softplus(-score)
        return loss if self.real_target == 1 else loss + (1 - self.real_target) * score

    def generated(self, score: Tensor) -> Tensor:
        """``-log D``, as ``softplus(-f)``."""
        return softplus(-score)


def nonsaturating(*, real_target: float = 1.0) -> Objective:
    """The -log D trick: the generator's gradient stays alive where the discriminator wins.

    With r = D(x) and f = D(G(z)), logits of any shape, both minimised::

        L_D = E softplus(-r) + E softplus(f)
        L_G = E softplus(-f)

    At the optimal discriminator, logit log(p/q), L_D = 2 log 2 - 2 JSD(p, q), and the
    generator's gradient is that of KL(q, p) - 2 JSD. Its derivative by a logit is
    -sigmoid(-f). StyleGAN calls it the logistic loss.

    Args:
        real_target: one-sided label smoothing (arXiv 1606.03498, section 3.4): below 1 the
            real term is E[softplus(r) - t r]; 0.9 is usual. TF-GAN smooths by default,
            we do not.

    Reference: Goodfellow et al. 2014, arXiv 1406.2661, section 3.
    """
    return Objective(Nonsaturating(real_target=real_target))
