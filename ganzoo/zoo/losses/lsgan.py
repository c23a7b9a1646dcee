"""The least-squares loss."""

from __future__ import annotations

from torch import Tensor

from ganzoo.errors import BadOption
from ganzoo.game import Defaults, Objective, Traits, option
from ganzoo.terms import ScoreTerm

__all__ = ["LeastSquares", "lsgan"]


class LeastSquares(ScoreTerm):
    """Half the squared distance of a score to its code."""

    a: float = option(0.0)
    b: float = option(1.0)
    c: float = option(1.0)

    def __post_init__(self) -> None:
        if self.a == self.b:
            raise BadOption(f"a={self.a}, b={self.b}: real and fake need different codes")
        neutral = (self.a + self.b) / 2
        self.traits = Traits(neutral=neutral, monotone=False, growth="quadratic")

    def real(self, score: Tensor) -> Tensor:
        """``(r - b)^2 / 2``."""
        return (score - self.b).square() / 2

    def fake(self, score: Tensor) -> Tensor:
        """``(f - a)^2 / 2``."""
        return (score - self.a).square() / 2

    def generated(self, score: Tensor) -> Tensor:
        """``(f - c)^2 / 2``."""
        return (score - self.c).square() / 2

    def probability(self, score: Tensor) -> Tensor:
        """``(score - a) / (b - a)``, cut to 0 .. 1: p / (p + q) at the optimum."""
        return ((score - self.a) / (self.b - self.a)).clamp(0, 1)


def lsgan(*, a: float = 0.0, b: float = 1.0, c: float = 1.0) -> Objective:
    """Least squares: scores are pulled to codes, also when they are on the right side.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E (r - b)^2 / 2 + E (f - a)^2 / 2
        L_G = E (f - c)^2 / 2

    At the optimal discriminator (b p + a q) / (p + q), L_D = (b - a)^2 (2 - Delta) / 8 with
    Delta = int (p - q)^2 / (p + q). With a=-1, b=1, c=0 the whole criterion is the Pearson
    chi^2 divergence of p + q and 2 q (eq. 8).

    Departures: none. The factor 1/2 is the paper's; LynnHo, mmgen and hwalsuklee leave it
    out of the generator's loss or both, and compare_gan squares sigmoids instead of scores.

    Args:
        a: the code of generated samples.
        b: the code of real samples.
        c: what the generator wants its samples' scores to be.

    Reference: Mao et al. 2016, arXiv 1611.04076, eq. 2.
    """
    return Objective(LeastSquares(a=a, b=b, c=c), defaults=Defaults(origin="arXiv 1611.04076"))
