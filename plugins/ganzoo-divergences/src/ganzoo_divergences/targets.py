"""Losses whose generator aims at a value of the score instead of climbing it."""

from __future__ import annotations

from torch import Tensor

import ganzoo
from ganzoo_divergences.growth import of_power
from ganzoo_divergences.logistic import Logistic

__all__ = ["BoundarySeeking", "LeastPowers", "bgan", "lkgan"]


class BoundarySeeking(Logistic):
    """The generator seeks the discriminator's boundary, score 0."""

    traits = ganzoo.Traits(monotone=False, growth="quadratic")

    def generated(self, score: Tensor) -> Tensor:
        """``f^2 / 2``."""
        return score.square() / 2


def bgan() -> ganzoo.Objective:
    """Boundary-seeking GAN for continuous data: the generator wants its samples to be undecided.

    With r = D(x) and f = D(G(z)), logits of any shape, both minimised::

        L_D = E softplus(-r) + E softplus(f)
        L_G = 1/2 E f^2

    f = log D - log(1 - D) on probabilities. At the optimal discriminator, logit log p/q,
    L_D = 2 log 2 - 2 JSD(p, q) and L_G = 1/2 E_q (log p/q)^2. The generator has a target,
    score 0.

    Departures: none. The authors' code leaves out the factor 1/2; PyTorch-GAN squares the
    logits of rounded probabilities, which is infinite at a logit of 40.

    Reference: Hjelm et al. 2017, arXiv 1702.08431.
    """
    defaults = ganzoo.Defaults(
        generator_lr=1e-4, discriminator_lr=1e-4, origin="a common default for this loss"
    )
    return ganzoo.Objective(BoundarySeeking(), defaults=defaults)


class LeastPowers(ganzoo.terms.ScoreTerm):
    """Least squares for the discriminator, another power for the generator.

    Args:
        codes: a of generated samples, b of real ones, c that the generator aims at.
        k: the power.
    """

    a: float = ganzoo.option()
    b: float = ganzoo.option()
    c: float = ganzoo.option()
    k: float = ganzoo.option()

    def __post_init__(self) -> None:
        self.traits = ganzoo.Traits(
            neutral=(self.a + self.b) / 2,
            monotone=False,
            growth=of_power(max(2.0, self.k)),
            kinks=(self.c,) if self.k == 1 else (),
        )

    def real(self, score: Tensor) -> Tensor:
        """``(r - b)^2 / 2``."""
        return (score - self.b).square() / 2

    def fake(self, score: Tensor) -> Tensor:
        """``(f - a)^2 / 2``."""
        return (score - self.a).square() / 2

    def generated(self, score: Tensor) -> Tensor:
        """``|f - c|^k``."""
        return (score - self.c).abs().pow(self.k)

    def probability(self, score: Tensor) -> Tensor:
        """``(score - a) / (b - a)``, cut to 0 .. 1: p / (p + q) at the optimum."""
        return ((score - self.a) / (self.b - self.a)).clamp(0, 1)


def lkgan(*, k: float = 3.0, a: float = 0.0, b: float = 1.0, c: float = 1.0) -> ganzoo.Objective:
    """Least k-th order GAN: least squares whose generator has another power.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = 1/2 E (r - b)^2 + 1/2 E (f - a)^2
        L_G = E |f - c|^k

    At the optimal discriminator (b p + a q) / (p + q), L_D = (b - a)^2 (2 - Delta) / 8 with
    Delta = int (p - q)^2 / (p + q). With a = -1, b = 1, c = 0 the generator's criterion, taken
    over p + q, is the Pearson-Vajda divergence int |p - q|^k / (p + q)^(k-1). k = 2 is
    ``lsgan`` with twice the generator's loss; k = 1 has a kink at c.

    Departures: none.

    Args:
        k: the power, 1 or more.
        a: the code of generated samples.
        b: the code of real samples.
        c: what the generator wants its samples' scores to be.

    Raises:
        BadOption: a power below 1, or equal codes.

    Reference: Bhatia et al. 2020, arXiv 2006.02479.
    """
    if not 1 <= k < float("inf"):
        raise ganzoo.BadOption(f"k={k}: a power of 1 or more")
    if a == b:
        raise ganzoo.BadOption(f"a={a}, b={b}: real and generated samples need different codes")
    return ganzoo.Objective(LeastPowers(a=a, b=b, c=c, k=k))
