"""Nearest neighbours, exactly, where distances are known in bounds alone."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ganzoo.evaluate.pairwise import Block, squared_differences
from ganzoo.evaluate.sweep import Tally, sweep

__all__ = ["Nearest", "Neighbours", "nearest"]

_SPARE = 3  # how many more are kept, for bounds may leave it open which is the k-th


class Neighbours(NamedTuple):
    """The k-th nearest row of a set to each of N rows.

    Attributes:
        squares: ``(N,)`` squared distances, float64.
        places: ``(N,)`` which rows they are, the first of equally near ones.
    """

    squares: Tensor
    places: Tensor


class Nearest(Tally[Neighbours]):
    """The k-th nearest row of ``y`` (M, F) to each row of ``x`` (N, F), k no more than M.

    Of a set with itself each row is its own nearest, at 0.

    Args:
        x: the rows that ask.
        y: the rows to choose from; None for those of ``x`` themselves.
        k: which of them, from 1.
        precise: see :class:`Tally`.
    """

    def __init__(
        self, x: Tensor, y: Tensor | None = None, *, k: int = 1, precise: bool = False
    ) -> None:
        self.x, self.y, self.k, self.precise = x, x if y is None else y, k, precise
        kept = min(k + _SPARE, len(self.y))
        device = "cpu" if x.device.type == "mps" else x.device
        self._lower = torch.full((len(x), kept), torch.inf, dtype=torch.float64, device=device)
        self._upper = self._lower.clone()
        self._places = torch.zeros(len(x), kept, dtype=torch.int64, device=device)
        self._bounded = False

    def add(self, block: Block) -> None:
        """Take in a block."""
        self._bounded = block.squares.dtype is not torch.float64
        count = self._lower.shape[1]
        best, found = _smallest(block.squares, count)
        mine = torch.arange(len(best), device=best.device)[:, None]
        self._keep(block.rows, best, block.upper(best, mine, found), found + block.columns.start)
        if block.mirrored:
            best, found = _smallest(block.squares.T.contiguous(), count)
            mine = torch.arange(len(best), device=best.device)[:, None]
            upper = block.upper(best, found, mine)
            self._keep(block.columns, best, upper, found + block.rows.start)

    def _keep(self, rows: slice, lower: Tensor, upper: Tensor, places: Tensor) -> None:
        lower = torch.cat([self._lower[rows], lower.double()], 1)
        lower, chosen = lower.topk(self._lower.shape[1], 1, largest=False)
        self._lower[rows] = lower
        self._upper[rows] = torch.cat([self._upper[rows], upper], 1).gather(1, chosen)
        self._places[rows] = torch.cat([self._places[rows], places], 1).gather(1, chosen)

    def result(self) -> Neighbours:
        """The distances are of the rows' differences wherever bounds leave a choice."""
        lower, upper, k = self._lower, self._upper, self.k
        least, most = lower[:, k - 1 : k], upper.sort(1).values[:, k - 1 : k]
        # Those surely nearer than the k-th are below it, those surely further above.
        values = torch.full_like(lower, torch.inf).masked_fill_(upper < least, -1.0)
        i, j = ((upper >= least) & (lower <= most)).nonzero(as_tuple=True)
        values[i, j] = squared_differences(self.x, self.y, i, self._places[i, j])
        squares = values.sort(1).values[:, k - 1]
        places = self._places.masked_fill(values != squares[:, None], len(self.y)).amin(1)
        found = Neighbours(squares, places)
        if self._bounded and lower.shape[1] < len(self.y):
            # A row that was not kept may be nearer, unless its bound says no.
            self._mend(found, (squares > lower[:, -1]).nonzero().flatten())
        return found

    def _mend(self, found: Neighbours, rows: Tensor) -> None:
        if len(rows):
            some = self.x[rows.to(self.x.device)]
            again = Nearest(some, self.y, k=self.k, precise=True)
            sweep(some, self.y, [again])
            for kept, right in zip(found, again.result(), strict=True):
                kept[rows] = right


def nearest(x: Tensor, reference: Tensor) -> Neighbours:
    """The nearest row of ``reference`` (M, F) to each row of ``x`` (N, F)."""
    tally = Nearest(x, reference)
    sweep(x, reference, [tally])
    return tally.result()


def _smallest(values: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The smallest of each row, in order, and where they are."""
    found = values.topk(min(count, values.shape[1]), 1, largest=False)
    return found.values, found.indices
