"""Precision, recall, density and coverage: manifolds made of balls around the samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
from torch import Tensor

from ganzoo.errors import BadOption
from ganzoo.evaluate.checks import check_pair
from ganzoo.evaluate.neighbours import Nearest
from ganzoo.evaluate.pairwise import Block
from ganzoo.evaluate.sweep import Comparison, Tally, between, within

__all__ = ["Balls", "Manifold", "manifold", "squared_radii"]

_ROUNDING = 1 + 1e-9  # a point on the sphere is in the ball, whatever the last digits say


class Manifold(NamedTuple):
    """How two sets of samples cover one another; each a share but for the density.

    Attributes:
        precision: generated samples within a real ball (arXiv 1904.06991).
        recall: real samples within a generated ball (arXiv 1904.06991).
        density: real balls that a generated sample is in, over k, so that 1 is par (arXiv
            2002.09797).
        coverage: real balls that a generated sample is in (arXiv 2002.09797).
    """

    precision: float
    recall: float
    density: float
    coverage: float


def manifold(
    fake: Tensor, real: Tensor, *, k: int = 5, real_radii: Tensor | None = None
) -> Manifold:
    """All four of ``fake`` (N, F) against ``real`` (M, F), in one pass over the pairs.

    A ball is around each sample and reaches its k-th nearest neighbour in its own set, the
    sphere included, so that duplicates are within one another's balls of radius 0. Memory
    grows with N + M, not with N M.

    Args:
        fake: generated features.
        real: real features.
        k: which neighbour a ball reaches.
        real_radii: :func:`squared_radii` of ``real``, where they are known.

    Raises:
        BadOption: k below 1, or no less than the number of samples.
        ShapeMismatch: lengths of features that differ, or fewer than two samples.
        BadData: NaN or infinite features.
    """
    check_pair(fake, real)
    balls = Balls(k)
    (of_fake,) = within(fake, [balls])
    of_real = squared_radii(real, k=k) if real_radii is None else real_radii
    (found,) = between(fake, real, [balls], [of_fake], [of_real])
    return cast(Manifold, found)


def squared_radii(x: Tensor, *, k: int = 5) -> Tensor:
    """``(N,)`` squared distance of each row of ``x`` (N, F) to its k-th nearest other row.

    Raises:
        BadOption: k below 1, or no less than N.
    """
    (radii,) = within(x, [Balls(k)])
    return cast(Tensor, radii)


@dataclass(frozen=True)
class Balls(Comparison[Tensor, Manifold]):
    """:func:`manifold`, as a comparison of all pairs: balls to the k-th nearest neighbour."""

    k: int = 5

    def within(self, x: Tensor) -> Tally[Tensor]:
        """The squared radii ``(N,)``."""
        if not 1 <= self.k < len(x):
            raise BadOption(
                f"k={self.k}: of {len(x)} samples a neighbour from 1 to {len(x) - 1} can be had"
            )
        return _Radii(x, k=self.k)

    def between(
        self, fake: Tensor, real: Tensor, of_fake: Tensor, of_real: Tensor
    ) -> Tally[Manifold]:
        """Who is in whose ball."""
        return _Covered(self.k, of_fake, of_real)


class _Radii(Tally[Tensor]):
    precise = False

    def __init__(self, x: Tensor, k: int) -> None:
        # Each row is its own nearest, at 0, so the k-th other is the (k + 1)-th of all.
        self._nearest = Nearest(x, k=k + 1)

    def add(self, block: Block) -> None:
        self._nearest.add(block)

    def result(self) -> Tensor:
        return self._nearest.result().squares * _ROUNDING


class _Covered(Tally[Manifold]):
    precise = False

    def __init__(self, k: int, fake_radii: Tensor, real_radii: Tensor) -> None:
        self.k, self.fake_radii, self.real_radii = k, fake_radii, real_radii
        self.good = torch.zeros_like(fake_radii, dtype=torch.bool)
        self.recalled = torch.zeros_like(real_radii, dtype=torch.bool)
        self.covered, self.inside = self.recalled.clone(), 0

    def add(self, block: Block) -> None:
        i, j = block.within(self.real_radii[block.columns])
        self.good[i + block.rows.start] = True
        self.covered[j + block.columns.start] = True
        self.inside += len(i)
        _, j = block.within(self.fake_radii[block.rows, None])
        self.recalled[j + block.columns.start] = True

    def result(self) -> Manifold:
        return Manifold(
            precision=_share(self.good),
            recall=_share(self.recalled),
            density=self.inside / (self.k * len(self.good)),
            coverage=_share(self.covered),
        )


def _share(found: Tensor) -> float:
    return int(found.sum()) / len(found)
