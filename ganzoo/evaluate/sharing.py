"""One pass over the pairs of two sets of samples, for all the metrics that want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from ganzoo.errors import GanzooError
from ganzoo.evaluate import sweep
from ganzoo.evaluate.checks import check_pair

if TYPE_CHECKING:
    from ganzoo.evaluate.metric import Metric, Samples

__all__ = ["Ask", "answer", "share"]

_Comparisons = Sequence[sweep.Comparison[Any, Any]]


class Ask(NamedTuple):
    """A comparison of all pairs of the features of two sets of samples.

    Attributes:
        fake: generated samples.
        real: what they are compared with; ``fake.plain`` and ``real.plain`` for the samples
            themselves in the place of their features.
        comparison: such as ``ganzoo.metrics.Balls(5)``.
    """

    fake: Samples
    real: Samples
    comparison: sweep.Comparison[Any, Any]


class _Known:
    """What is known of one set of samples and its pairs."""

    def __init__(self) -> None:
        self.within: dict[object, Any] = {}
        # The real samples are kept with the value, or their id might become another's.
        self.between: dict[tuple[object, int], tuple[Samples, Any]] = {}


def answer(ask: Ask) -> Any:
    """What the comparison finds, computed once for these samples."""
    _compute([ask])
    return _known(ask.fake).between[ask.comparison, id(ask.real)][1]


def share(metrics: Iterable[Metric], fake: Samples, real: Samples) -> None:
    """Compute what the metrics ask of all pairs, each pair of sets in one pass. What cannot be
    computed is left for the metric itself to complain about.
    """
    asks: list[Ask] = []
    for metric in metrics:
        with suppress(GanzooError):
            asks.extend(metric.asks(fake, real))
    with suppress(GanzooError):
        _compute(asks)


def _compute(asks: Sequence[Ask]) -> None:
    alike: dict[tuple[int, int], list[Ask]] = {}
    for ask in asks:
        alike.setdefault((id(ask.fake), id(ask.real)), []).append(ask)
    for group in alike.values():
        fake, real, _ = group[0]
        known = _known(fake).between
        new = [c for c in dict.fromkeys(a.comparison for a in group) if (c, id(real)) not in known]
        if new:
            check_pair(fake.features, real.features)
            own, others = _within(fake, new), _within(real, new)
            found = sweep.between(fake.features, real.features, new, own, others)
            known.update(((c, id(real)), (real, v)) for c, v in zip(new, found, strict=True))


def _within(samples: Samples, comparisons: _Comparisons) -> list[Any]:
    known = _known(samples).within
    new = [each for each in comparisons if each not in known]
    known.update(zip(new, sweep.within(samples.features, new), strict=True))
    return [known[each] for each in comparisons]


def _known(samples: Samples) -> _Known:
    return samples.remember("pairs", _Known)
