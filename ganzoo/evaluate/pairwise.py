"""Pairs of rows of two sets, a block at a time: memory does not grow with the sets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import torch
from torch import Tensor

from ganzoo.evaluate.checks import wide

__all__ = [
    "DIRECT",
    "Band",
    "Block",
    "pairs",
    "squared_differences",
    "squared_distances",
    "triangle",
]

DIRECT = 8  # up to this many axes the differences themselves are squared, in float64

_TILE = 1024
_GATHERED = 2**18  # numbers held at once where chosen rows are compared
_MANY = 256  # doubtful pairs beyond this part of a block are not compared one by one

Tile = tuple[slice, slice]


def pairs(rows: int, columns: int, tile: int = _TILE) -> Iterator[Tile]:
    """Slices that cover a matrix of ``rows`` by ``columns``, each entry once."""
    for row in range(0, rows, tile):
        for column in range(0, columns, tile):
            yield slice(row, min(row + tile, rows)), slice(column, min(column + tile, columns))


def triangle(rows: int, tile: int = _TILE) -> Iterator[Tile]:
    """Slices that cover the diagonal of a square matrix and what is above it, in square
    tiles; those on the diagonal have two equal slices.
    """
    for chosen, other in pairs(rows, rows, tile):
        if other.start >= chosen.start:
            yield chosen, other


def squared_distances(x: Tensor, y: Tensor, centre: Tensor) -> Tensor:
    """``(n, m)`` squared Euclidean distances of ``x`` (n, F) and ``y`` (m, F), in float64;
    exactly 0 between equal rows.

    Args:
        x, y: of any floating dtype.
        centre: ``(F,)`` of float64, taken away from both first. Through products the
            absolute error grows with the distance from it, so it should lie among the data.
    """
    return Block(Band(x, centre), Band(y, centre)).squares


class Band:
    """Successive rows of a set, ``(n, F)``, as products take them.

    Args:
        raw: the rows, of any floating dtype.
        centre: ``(F,)`` of float64, taken away from each.
        place: which rows of the set they are; None for all there are.
        dtype: what products are computed in.

    Attributes:
        centred: ``(n, F)`` of that dtype.
        norms: ``(n,)``, the squared lengths of the centred rows, in float64.
    """

    def __init__(
        self,
        raw: Tensor,
        centre: Tensor,
        place: slice | None = None,
        *,
        dtype: torch.dtype = torch.float64,
    ) -> None:
        self.raw, self.centre = raw, centre
        self.place = slice(0, len(raw)) if place is None else place
        moved = wide(raw)
        # A copy that is there already is moved where it lies.
        moved = moved - centre if moved.dtype is raw.dtype else moved.sub_(centre)
        self.norms: Tensor = torch.linalg.vector_norm(moved, dim=1).square_()
        self.centred = moved.to(dtype)

    @cached_property
    def shifts(self) -> Tensor:
        """``(n,)``: the products of the centred rows with the centre, in float64."""
        return self.centred.double() @ self.centre


class Block:
    """All pairs of the rows of two bands, ``(n, m)``.

    What it gives is shared by all that look at it, and not to be written to.

    Args:
        x, y: bands of one centre and dtype.
        mirrored: whether it also stands for its mirror image, as a block above the diagonal of
            a symmetric matrix does.
    """

    def __init__(self, x: Band, y: Band, *, mirrored: bool = False) -> None:
        self.x, self.y, self.mirrored = x, y, mirrored
        self.rows, self.columns = x.place, y.place
        size, kind = x.centred.shape[1], torch.finfo(x.centred.dtype)
        self.direct = size <= DIRECT
        # Of F products and their sum, of centring, and of adding the norms; and what is lost
        # to numbers that are too small for the dtype.
        self._rounding = 0.0 if self.direct else (size + 16) * kind.eps / 2
        self._vanishing = 0.0 if self.direct else size * kind.tiny

    @cached_property
    def products(self) -> Tensor:
        """The products of centred rows, in the bands' dtype."""
        return self.x.centred @ self.y.centred.T

    @property
    def inner(self) -> Tensor:
        """The products of the rows as they are, without a centre, in float64; newly made."""
        column = self.y.shifts + self.x.centre.square().sum()
        return (self.products + column).add_(self.x.shifts[:, None])

    @cached_property
    def squares(self) -> Tensor:
        """Squared distances: in float64 to its last digits, in float32 lower bounds of them.

        Exactly 0 between equal rows: norms are shortened by the largest error that rounding
        can make, and what is below 0 then is 0, so that a duplicate is not at sqrt(1e-16).
        """
        if self.direct:
            mode = "donot_use_mm_for_euclid_dist"
            return torch.cdist(self.x.centred, self.y.centred, compute_mode=mode).square_()
        rows, columns = (
            band.norms.mul(1 - self._rounding).sub_(self._vanishing).to(self.products.dtype)
            for band in (self.x, self.y)
        )
        found = torch.add(columns, self.products, alpha=-2)
        return found.add_(rows[:, None]).clamp_(min=0)

    def upper(self, squares: Tensor, i: Tensor, j: Tensor) -> Tensor:
        """What the squared distances of rows ``i`` of x to rows ``j`` of y cannot exceed, in
        float64, where ``squares`` says so much of them.
        """
        sums = self.x.norms[i] + self.y.norms[j]
        return squares.double() + (sums * (2 * self._rounding) + 4 * self._vanishing)

    def exact(self, i: Tensor, j: Tensor) -> Tensor:
        """``(P,)`` squared distances of rows ``i`` of x to rows ``j`` of y, by differences."""
        return squared_differences(self.x.raw, self.y.raw, i, j)

    def within(self, bounds: Tensor) -> tuple[Tensor, Tensor]:
        """Rows and columns, ``(P,)`` each, of the pairs whose squared distance does not exceed
        theirs of the bounds, ``(m,)`` or ``(n, 1)`` of float64.

        Found by :attr:`squares`; where these leave it in doubt, by the differences of the rows.
        """
        if self.squares.dtype is torch.float64:
            ceilings = bounds
        else:  # lower bounds are compared, so what they are compared with is rounded up
            ceilings = bounds.to(self.squares.dtype)
            ceilings = ceilings.nextafter(torch.full_like(ceilings, torch.inf))
        i, j = (self.squares <= ceilings).nonzero(as_tuple=True)
        if self.direct:
            return i, j
        limits = bounds.expand(self.squares.shape)[i, j]
        sure = self.upper(self.squares[i, j], i, j) <= limits
        doubtful = (~sure).nonzero().flatten()
        if len(doubtful) > self.squares.numel() // _MANY:
            return (i, j) if self.squares.dtype is torch.float64 else self._wider.within(bounds)
        if len(doubtful):
            found = self.exact(i[doubtful], j[doubtful])
            sure[doubtful] = found <= limits[doubtful]
            i, j = i[sure], j[sure]
        return i, j

    @cached_property
    def _wider(self) -> Block:
        """The same in float64."""
        x, y = (Band(band.raw, band.centre, band.place) for band in (self.x, self.y))
        return Block(x, y, mirrored=self.mirrored)


def squared_differences(x: Tensor, y: Tensor, i: Tensor, j: Tensor) -> Tensor:
    """``(P,)`` of float64: ``|x_i - y_j|^2`` for each of P pairs of places."""
    found = torch.zeros(len(i), dtype=torch.float64, device=i.device)
    step = max(1, _GATHERED // x.shape[1])
    for start in range(0, len(i), step):
        chosen = slice(start, start + step)
        differences = wide(x[i[chosen].to(x.device)]) - wide(y[j[chosen].to(y.device)])
        found[chosen] = differences.square_().sum(1)
    return found
