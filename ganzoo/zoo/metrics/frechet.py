"""Frechet-distance: between Gaussians that have the moments of the features."""

from __future__ import annotations

from ganzoo.evaluate import frechet
from ganzoo.evaluate.checks import check_pair, require_varied
from ganzoo.evaluate.metric import Metric, Samples
from ganzoo.evaluate.moments import Moments

__all__ = ["frechet_distance"]


class _FrechetDistance(Metric):
    def __call__(self, fake: Samples, real: Samples) -> float:
        check_pair(fake.features, real.features)
        require_varied(real.features)
        return frechet.frechet_distance(_moments(fake), _moments(real))


def _moments(samples: Samples) -> Moments:
    return samples.remember("moments", lambda: Moments.of(samples.features))


def frechet_distance() -> Metric:
    """Fréchet distance of the features (arXiv 1706.08500), in float64; lower is better.

    The number known as FID where the features are those of one Inception network; with
    others it is comparable among runs with the same extractor and the same numbers of samples
    alone. It is biased upwards by about 1 / N: compare with the floor.
    """
    return _FrechetDistance()
