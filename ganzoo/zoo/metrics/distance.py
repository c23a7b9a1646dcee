"""Energy-distance: how far two sets of points are apart as laws."""

from __future__ import annotations

from ganzoo.evaluate import energy
from ganzoo.evaluate.metric import Metric, Samples

__all__ = ["energy_distance"]


class _EnergyDistance(Metric):
    def __init__(self, squared: bool) -> None:
        self.squared = squared

    def __call__(self, fake: Samples, real: Samples) -> float:
        points, others = fake.x.flatten(1), real.x.flatten(1)
        known = real.remember("self-distance", lambda: energy.self_distance(others))
        distance = energy.energy_distance(points, others, real_distance=known)
        return distance**2 if self.squared else distance


def energy_distance(*, squared: bool = False) -> Metric:
    """``sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|)`` of the samples; lower is better.

    In the units of the samples, over all pairs, never negative; in one dimension what scipy
    gives. It needs neither a truth nor features. A perfect sampler gets about
    ``sqrt((1/N + 1/M) E|X - X'|)``.

    Args:
        squared: whether to leave the root out, as much of the literature does.
    """
    return _EnergyDistance(squared)
