"""The energy distance between two sets of points in any dimension."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

from torch import Tensor

from ganzoo.evaluate.checks import check_pair
from ganzoo.evaluate.pairwise import Block
from ganzoo.evaluate.sweep import Comparison, Tally, between, within

__all__ = ["Energy", "energy_distance", "self_distance"]


def energy_distance(fake: Tensor, real: Tensor, *, real_distance: float | None = None) -> float:
    r"""``sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|)`` of two sets of points.

    A metric between laws, in the units of the points, that is 0 for equal laws alone (Székely
    and Rizzo, 2013). The means are over all pairs, each point with itself among them: the exact
    distance of the two empirical laws, so never negative, and in one dimension what
    ``scipy.stats.energy_distance`` gives. Its square on two samples of one law is about
    ``(1/N + 1/M) E|X - X'|``, and not 0. Memory does not grow with the number of samples.

    Args:
        fake: ``(N, F)`` generated points.
        real: ``(M, F)`` real points.
        real_distance: :func:`self_distance` of ``real``, where it is known.

    Raises:
        ShapeMismatch: dimensions that differ, or fewer than two samples.
        BadData: NaN or infinite points.
    """
    check_pair(fake, real)
    energy = Energy()
    (of_fake,) = within(fake, [energy])
    of_real = self_distance(real) if real_distance is None else real_distance
    (found,) = between(fake, real, [energy], [of_fake], [of_real])
    return cast(float, found)


def self_distance(x: Tensor) -> float:
    """The mean distance over all pairs of rows of ``x`` (N, F), each with itself among them."""
    (found,) = within(x, [Energy()])
    return cast(float, found)


@dataclass(frozen=True)
class Energy(Comparison[float, float]):
    """:func:`energy_distance`, as a comparison of all pairs."""

    def within(self, x: Tensor) -> Tally[float]:
        """The mean distance of two rows of one set."""
        return _MeanDistance(len(x) ** 2)

    def between(self, fake: Tensor, real: Tensor, of_fake: float, of_real: float) -> Tally[float]:
        """The mean distance of two rows of both, and what all three make."""
        return _EnergyDistance(len(fake) * len(real), of_fake + of_real)


class _MeanDistance(Tally[float]):
    def __init__(self, count: int) -> None:
        self.count, self.total = count, 0.0

    def add(self, block: Block) -> None:
        self.total += (2 if block.mirrored else 1) * float(block.squares.sqrt().sum())

    def result(self) -> float:
        return self.total / self.count


class _EnergyDistance(_MeanDistance):
    def __init__(self, count: int, own: float) -> None:
        super().__init__(count)
        self.own = own

    def result(self) -> float:
        return math.sqrt(max(2 * super().result() - self.own, 0.0))
