"""Every pair of two sets, a tile at a time: memory does not grow with the sets."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from ganzoo.evaluate.checks import wide

__all__ = ["pairs", "squared_distances", "triangle"]

_TILE = 1024
_DIRECT = 8  # up to this many axes the differences themselves are squared

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
    x, y = wide(x) - centre, wide(y) - centre
    if x.shape[1] <= _DIRECT:
        mode = "donot_use_mm_for_euclid_dist"
        return torch.cdist(x, y, compute_mode=mode).square_()
    # Norms are shortened by the largest error that the product of two equal rows can have,
    # and what is below 0 then is 0: a duplicate is at no distance, not at sqrt(1e-16).
    shortened = 1 - (x.shape[1] + 4) * torch.finfo(torch.float64).eps
    x_norms, y_norms = (rows.square().sum(1) * shortened for rows in (x, y))
    distances = torch.addmm(y_norms, x, y.T, alpha=-2).add_(x_norms[:, None])
    return distances.clamp_(min=0)
