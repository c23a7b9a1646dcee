"""Memorisation: whether generated samples are copies of training samples."""

from __future__ import annotations

from ganzoo.evaluate.memorisation import asks_for_copies, copies_among
from ganzoo.evaluate.metric import Metric, Samples
from ganzoo.evaluate.sharing import Ask

__all__ = ["memorisation"]


class _Memorisation(Metric):
    def asks(self, fake: Samples, real: Samples) -> list[Ask]:
        return asks_for_copies(fake, real)

    def __call__(self, fake: Samples, real: Samples) -> float:
        return copies_among(fake, real).share

    def expected(self, fake: Samples, real: Samples) -> float | None:
        return 0.5

    def error(self, fake: Samples, real: Samples) -> float | None:
        return copies_among(fake, real).error


def memorisation() -> Metric:
    """The share of samples nearer to the training set than to held-out data; 0.5 is honest.

    Nearest neighbours among the features, of equally many training and held-out samples, a
    tie counting half. Copies of training samples drive it to 1 as far as the compared part of
    the training set holds what was copied. Below 0.5 is no better than 0.5: bad samples are
    as far from both.
    """
    return _Memorisation()
