"""Everything that is asked of all pairs of rows of two sets, in one pass over the pairs."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor

from ganzoo.evaluate.checks import check_pair, middle
from ganzoo.evaluate.pairwise import DIRECT, Band, Block, pairs, triangle

__all__ = ["Comparison", "Tally", "all_pairs", "between", "sweep", "within"]

Within = TypeVar("Within")
Found = TypeVar("Found", covariant=True)

_LARGEST = 1e36  # squared lengths beyond it are not for float32


class Tally(ABC, Generic[Found]):
    """What is counted, summed up or kept while blocks of pairs go by.

    Attributes:
        precise: whether it needs distances and products to the last digits of float64. One
            that does not sees lower bounds of distances, from products in float32, as long as
            no other needs more, and tells by :meth:`Block.upper` and :meth:`Block.exact` where
            they matter.
    """

    precise: bool = True

    @abstractmethod
    def add(self, block: Block) -> None:
        """Take in a block of ``(n, m)`` pairs, which is not to be written to. Each pair comes
        once; of a set with itself, a block that is ``mirrored`` stands for two.
        """

    @abstractmethod
    def result(self) -> Found:
        """What was found, once every block has been added."""


class Comparison(ABC, Generic[Within, Found]):
    """A comparison of two sets by all their pairs; equal ones (of a frozen dataclass, say) are
    computed once.

    It may look at the pairs within each set first, and at those between them when it knows
    what that gave. :func:`all_pairs` computes several at a time, and so does an evaluator for
    the metrics that say what they want (:meth:`ganzoo.Metric.pairs`): products and distances
    of a block of pairs are computed once, whoever needs them.
    """

    def within(self, x: Tensor) -> Tally[Within] | None:
        """Of the pairs of rows of one set ``(N, F)`` with itself; None for nothing."""
        del x
        return None

    @abstractmethod
    def between(self, fake: Tensor, real: Tensor, of_fake: Within, of_real: Within) -> Tally[Found]:
        """Of the pairs of generated ``(N, F)`` and real rows ``(M, F)``, generated first.

        Args:
            fake: the generated rows.
            real: the real rows.
            of_fake: what :meth:`within` found of the generated rows; None without one.
            of_real: what it found of the real rows.
        """


def all_pairs(fake: Tensor, real: Tensor, *comparisons: Comparison[Any, Any]) -> list[Any]:
    """What each comparison finds, all in one pass over the pairs within and between the sets.

    In float64, or as exact as that. Memory does not grow with N times M.

    Args:
        fake: ``(N, F)`` generated features.
        real: ``(M, F)`` real features.
        comparisons: such as ``Balls(5)``, ``KernelMeans(Polynomial())`` and ``Energy()``.

    Raises:
        ShapeMismatch: lengths of features that differ, or fewer than two samples.
        BadData: NaN or infinite features.
        BadOption: what a comparison cannot do with so many samples.
    """
    check_pair(fake, real)
    own, others = within(fake, comparisons), within(real, comparisons)
    return between(fake, real, comparisons, own, others)


def within(x: Tensor, comparisons: Sequence[Comparison[Any, Any]]) -> list[Any]:
    """What each comparison finds of the pairs of rows of ``x`` (N, F) with one another."""
    tallies = [each.within(x) for each in comparisons]
    sweep(x, None, [each for each in tallies if each is not None])
    return [None if each is None else each.result() for each in tallies]


def between(
    fake: Tensor,
    real: Tensor,
    comparisons: Sequence[Comparison[Any, Any]],
    of_fake: Sequence[Any],
    of_real: Sequence[Any],
) -> list[Any]:
    """What each comparison finds of ``fake`` (N, F) and ``real`` (M, F), when it is known what
    :func:`within` found of either.
    """
    tallies = [
        each.between(fake, real, own, others)
        for each, own, others in zip(comparisons, of_fake, of_real, strict=True)
    ]
    sweep(fake, real, tallies)
    return [each.result() for each in tallies]


def sweep(x: Tensor, y: Tensor | None, tallies: Sequence[Tally[Any]]) -> None:
    """Show every block of pairs of ``x`` (N, F) and ``y`` (M, F) to each tally; without ``y``
    those of ``x`` with itself, the half of them that stands for all.
    """
    if not tallies:
        return
    reference = x if y is None else y
    centre, dtype = middle(reference), torch.float64
    if not any(each.precise for each in tallies) and _fits_single(x, reference, centre):
        dtype = torch.float32
    tiles = triangle(len(x)) if y is None else pairs(len(x), len(reference))
    band: Band | None = None
    for rows, columns in tiles:
        if band is None or band.place != rows:
            band = Band(x[rows], centre, rows, dtype=dtype)
        mirrored, other = y is None and rows != columns, band
        if y is not None or mirrored:
            other = Band(reference[columns], centre, columns, dtype=dtype)
        block = Block(band, other, mirrored=mirrored)
        for tally in tallies:
            tally.add(block)


def _fits_single(x: Tensor, y: Tensor, centre: Tensor) -> bool:
    """Whether products in float32 say something, are what their name says, and are finite."""
    if x.shape[1] <= DIRECT or centre.device.type != "cpu":
        return False  # elsewhere they may be TF32
    matmul = getattr(torch.backends.mkldnn, "matmul", None)
    if getattr(matmul, "fp32_precision", "none") not in ("none", "ieee"):
        return False
    ends = [end for each in (x, y, centre) for end in torch.aminmax(each)]
    largest = max(abs(float(end)) for end in ends)
    return math.sqrt(x.shape[1]) * 2 * largest < math.sqrt(_LARGEST)
