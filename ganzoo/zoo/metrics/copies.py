"""Memorisation: whether generated samples are copies of training samples."""

from __future__ import annotations

from ganzoo.evaluate import memorisation as copies
from ganzoo.evaluate.memorisation import Memorisation
from ganzoo.evaluate.metric import Metric, Samples

__all__ = ["memorisation"]


class _Memorisation(Metric):
    def __call__(self, fake: Samples, real: Samples) -> float:
        return self._all(fake, real).share

    def expected(self, fake: Samples, real: Samples) -> float | None:
        return 0.5

    def error(self, fake: Samples, real: Samples) -> float | None:
        return self._all(fake, real).error

    def _all(self, fake: Samples, real: Samples) -> Memorisation:
        # The real samples are kept with the value, or their id might become another's.
        _, found = fake.remember(
            f"memorisation {id(real)}",
            lambda: (
                real,
                copies.memorisation(fake.features, real.training.features, real.features),
            ),
        )
        return found


def memorisation() -> Metric:
    """The share of samples nearer to the training set than to held-out data; 0.5 is honest.

    Nearest neighbours among the features, of equally many training and held-out samples, a
    tie counting half. Copies of training samples drive it to 1 as far as the compared part of
    the training set holds what was copied. Below 0.5 is no better than 0.5: bad samples are
    as far from both.
    """
    return _Memorisation()
