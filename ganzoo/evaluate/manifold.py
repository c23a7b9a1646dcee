"""Precision, recall, density and coverage: manifolds made of balls around the samples."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ganzoo.errors import BadOption
from ganzoo.evaluate.checks import check_pair, wide
from ganzoo.evaluate.pairwise import pairs, squared_distances, triangle

__all__ = ["Manifold", "manifold", "squared_radii"]

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
    real_radii = squared_radii(real, k=k) if real_radii is None else real_radii
    fake_radii = squared_radii(fake, k=k)
    precise = torch.zeros(len(fake), dtype=torch.bool, device=real_radii.device)
    recalled = torch.zeros(len(real), dtype=torch.bool, device=real_radii.device)
    covered, inside, centre = recalled.clone(), 0, wide(real).mean(0)
    for rows, columns in pairs(len(fake), len(real)):
        squares = squared_distances(fake[rows], real[columns], centre)
        in_real = squares <= real_radii[columns]
        precise[rows] |= in_real.any(1)
        covered[columns] |= in_real.any(0)
        inside += int(in_real.sum())
        recalled[columns] |= (squares <= fake_radii[rows, None]).any(0)
    return Manifold(
        precision=_share(precise),
        recall=_share(recalled),
        density=inside / (k * len(fake)),
        coverage=_share(covered),
    )


def squared_radii(x: Tensor, *, k: int = 5) -> Tensor:
    """``(N,)`` squared distance of each row of ``x`` (N, F) to its k-th nearest other row.

    Raises:
        BadOption: k below 1, or no less than N.
    """
    if not 1 <= k < len(x):
        raise BadOption(f"k={k}: of {len(x)} samples a neighbour from 1 to {len(x) - 1} can be had")
    centre = wide(x).mean(0)
    # Each row is its own nearest, at 0, so the k-th other is the (k + 1)-th of all.
    nearest = torch.full((len(x), k + 1), torch.inf, dtype=torch.float64, device=centre.device)
    for rows, columns in triangle(len(x)):
        squares = squared_distances(x[rows], x[columns], centre)
        nearest[rows] = _smallest(nearest[rows], squares)
        if rows != columns:
            nearest[columns] = _smallest(nearest[columns], squares.T.contiguous())
    return nearest[:, -1] * _ROUNDING


def _smallest(kept: Tensor, found: Tensor) -> Tensor:
    """The smallest of each row of both, as many as are kept, in order."""
    count = kept.shape[1]
    best = found.topk(min(count, found.shape[1]), 1, largest=False).values
    return torch.cat([kept, best], 1).topk(count, 1, largest=False).values


def _share(found: Tensor) -> float:
    return int(found.sum()) / len(found)
