"""The energy distance between two sets of points in any dimension."""

from __future__ import annotations

import math

from torch import Tensor

from ganzoo.evaluate.checks import check_pair, wide
from ganzoo.evaluate.pairwise import pairs, squared_distances, triangle

__all__ = ["energy_distance", "self_distance"]


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
    if real_distance is None:
        real_distance = self_distance(real)
    centre, total = wide(real).mean(0), 0.0
    for rows, columns in pairs(len(fake), len(real)):
        total += float(squared_distances(fake[rows], real[columns], centre).sqrt_().sum())
    cross = total / (len(fake) * len(real))
    return math.sqrt(max(2 * cross - self_distance(fake) - real_distance, 0.0))


def self_distance(x: Tensor) -> float:
    """The mean distance over all pairs of rows of ``x`` (N, F), each with itself among them."""
    centre, total = wide(x).mean(0), 0.0
    for rows, columns in triangle(len(x)):
        weight = 1 if rows == columns else 2
        total += weight * float(squared_distances(x[rows], x[columns], centre).sqrt_().sum())
    return total / len(x) ** 2
