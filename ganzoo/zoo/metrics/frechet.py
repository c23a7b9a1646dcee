"""Frechet-distance and fd-infinity: between Gaussians that have the moments of the features."""

from __future__ import annotations

import warnings

from ganzoo.evaluate import frechet
from ganzoo.evaluate.checks import check_pair, require_varied
from ganzoo.evaluate.infinity import frechet_infinity
from ganzoo.evaluate.metric import Metric, Samples
from ganzoo.evaluate.moments import Moments

__all__ = ["fd_infinity", "frechet_distance"]


class _FrechetDistance(Metric):
    def __call__(self, fake: Samples, real: Samples) -> float:
        check_pair(fake.features, real.features)
        require_varied(real.features)
        return frechet.frechet_distance(_moments(fake), _moments(real))


class _Infinity(Metric):
    def __init__(self, population: bool) -> None:
        self.population = population

    def __call__(self, fake: Samples, real: Samples) -> float:
        check_pair(fake.features, real.features)
        require_varied(real.features)
        found = frechet_infinity(fake.features, real.features, population=self.population)
        if not found.trusted:
            verdict = "is not given" if found.ratio < 2 else "is not to be trusted"
            warnings.warn(
                f"fd-infinity {verdict}: there are {found.ratio:.2g} samples for each of "
                f"{fake.features.shape[1]} features, and it takes 4; below 2 it is NaN",
                stacklevel=2,
            )
        return found.value


def _moments(samples: Samples) -> Moments:
    return samples.remember("moments", lambda: Moments.of(samples.features))


def frechet_distance() -> Metric:
    """Fréchet distance of the features (arXiv 1706.08500), in float64; lower is better.

    The number known as FID where the features are those of one Inception network; with
    others it is comparable among runs with the same extractor and the same numbers of samples
    alone. It is biased upwards by about 1 / N: compare with the floor.
    """
    return _FrechetDistance()


def fd_infinity(*, population: bool = False) -> Metric:
    """Fréchet distance of the features as of infinitely many samples; lower is better.

    ``2 FD(N, M) - mean of the four FD(N/2, M/2)``: both sides are halved, and the bias of
    order 1/N goes (:func:`ganzoo.evaluate.infinity.frechet_infinity`). About 0 for a perfect
    sampler, so it can be a little negative. NaN, with a warning, under 2 samples for each
    feature; a warning under 4.

    Args:
        population: whether the real samples are all that there are, and no sample of more.
    """
    return _Infinity(population)
