"""Distances of two sets of points as laws: energy, sliced and exact Wasserstein."""

from __future__ import annotations

from ganzoo.errors import BadOption
from ganzoo.evaluate import transport
from ganzoo.evaluate.energy import Energy
from ganzoo.evaluate.metric import Metric, Samples
from ganzoo.evaluate.sharing import Ask

__all__ = ["energy_distance", "sliced_wasserstein", "wasserstein"]


class _EnergyDistance(Metric):
    def __init__(self, squared: bool) -> None:
        self.squared = squared

    def asks(self, fake: Samples, real: Samples) -> list[Ask]:
        return [Ask(fake.plain, real.plain, Energy())]

    def __call__(self, fake: Samples, real: Samples) -> float:
        distance = fake.plain.against(real.plain, Energy())
        return distance**2 if self.squared else distance


class _SlicedWasserstein(Metric):
    def __init__(self, projections: int, seed: int) -> None:
        if projections < 1:
            raise BadOption(f"projections={projections}: at least 1 line")
        self.projections, self.seed = projections, seed

    def __call__(self, fake: Samples, real: Samples) -> float:
        return transport.sliced_wasserstein(
            fake.x.flatten(1), real.x.flatten(1), projections=self.projections, seed=self.seed
        )


class _Wasserstein(Metric):
    def __init__(self, count: int) -> None:
        if count < 2:
            raise BadOption(f"count={count}: at least 2 points of each side")
        self.count = count

    def __call__(self, fake: Samples, real: Samples) -> float:
        return transport.exact_wasserstein(fake.x.flatten(1), real.x.flatten(1), count=self.count)


def energy_distance(*, squared: bool = False) -> Metric:
    """``sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|)`` of the samples; lower is better.

    In the units of the samples, over all pairs, never negative; in one dimension what scipy
    gives. It needs neither a truth nor features. A perfect sampler gets about
    ``sqrt((1/N + 1/M) E|X - X'|)``.

    Args:
        squared: whether to leave the root out, as much of the literature does.
    """
    return _EnergyDistance(squared)


def sliced_wasserstein(*, projections: int = 1000, seed: int = 0) -> Metric:
    """2-Wasserstein distance of the samples on random lines; lower is better.

    In the units of the samples, the root of the mean square over the lines; about 1 % of it
    depends on the seed with 1000 of them.

    Args:
        projections: how many lines.
        seed: of their directions.

    Raises:
        BadOption: no projections.
    """
    return _SlicedWasserstein(projections, seed)


def wasserstein(*, count: int = 1000) -> Metric:
    """2-Wasserstein distance of equally many samples, exactly; lower is better.

    In the units of the samples, by the best assignment of each generated to a real one. Two
    samples of one law are at a distance of the order of ``count^(-1/d)`` in d dimensions, so
    read it beside the floor, and for points more than for images.

    Args:
        count: samples of each side, chosen by their content where there are more; the cost
            grows with its cube.

    Raises:
        BadOption: a count below 2.
    """
    return _Wasserstein(count)
