"""What an objective declares of itself, so that a stranger can check it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

__all__ = ["Growth", "Traits"]

Growth = Literal["bounded", "linear", "quadratic", "power", "exponential"]


@dataclass(frozen=True)
class Traits:
    """The properties of a loss that the conformance kit reads.

    Args:
        orientation: +1 where a higher score means more real, -1 for energies.
        neutral: the score of the optimal discriminator where data and model agree; None
            where any constant, or no single one, will do.
        paired: the i-th real sample goes with the i-th generated one, so their numbers agree.
        batch_coupled: the value is more than a mean over samples.
        zero_sum: the generator's loss is the discriminator's fake term, negated.
        monotone: the generator's loss falls as a fake score rises, everywhere; False where
            it aims at a value.
        growth: how fast the losses grow with the score.
        kinks: scores, or differences of scores, at which a loss has no derivative.
        shift_invariant: adding one constant to all scores changes no discriminator loss.
        minimum: the smallest batch that the estimator is defined for.
        waived: names of conformance checks that do not hold, each with the reason.
    """

    orientation: Literal[1, -1] = 1
    neutral: float | None = 0.0
    paired: bool = False
    batch_coupled: bool = False
    zero_sum: bool = False
    monotone: bool = True
    growth: Growth = "linear"
    kinks: tuple[float, ...] = ()
    shift_invariant: bool = False
    minimum: int = 1
    waived: tuple[tuple[str, str], ...] = ()

    def joined(self, other: Traits) -> Traits:
        """The traits of a sum: what either part restricts is restricted.

        The orientation and the neutral score are this one's.
        """
        order = ("bounded", "linear", "quadratic", "power", "exponential")
        return replace(
            self,
            paired=self.paired or other.paired,
            batch_coupled=self.batch_coupled or other.batch_coupled,
            zero_sum=self.zero_sum and other.zero_sum,
            monotone=self.monotone and other.monotone,
            growth=max(self.growth, other.growth, key=order.index),
            kinks=tuple(sorted({*self.kinks, *other.kinks})),
            shift_invariant=self.shift_invariant and other.shift_invariant,
            minimum=max(self.minimum, other.minimum),
            waived=self.waived + other.waived,
        )
