"""What a few seeds can and cannot say: intervals, corrections, ranks. Needs no torch."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

__all__ = [
    "Friedman",
    "Interval",
    "friedman",
    "holm",
    "interquartile_mean",
    "nemenyi",
    "nemenyi_difference",
    "probability_of_improvement",
    "stratified_bootstrap",
    "wilcoxon",
]

Array = NDArray[numpy.float64]


@dataclass(frozen=True)
class Interval:
    """A centre, the ends of its confidence interval, and how many values made it.

    With fewer than two values there is no interval: the ends are NaN.
    """

    centre: float
    low: float
    high: float
    count: int


class Friedman(NamedTuple):
    """The test of whether k methods rank alike over n blocks.

    ``ranks`` are the average ranks, 1 for the least value; ``statistic`` is Friedman's
    chi-square with its ``p``; ``iman_davenport`` the less conservative F of the same ranks,
    with ``k - 1`` and ``(k - 1)(n - 1)`` degrees of freedom, and ``iman_davenport_p``.
    """

    ranks: tuple[float, ...]
    statistic: float
    p: float
    iman_davenport: float
    iman_davenport_p: float


def holm(values: Sequence[float]) -> list[float]:
    """The p-values of several tests, corrected by Holm's step-down method (Scand. J. Stat. 1979):
    reject those at or below alpha, and the chance of any false rejection is at most alpha. NaN
    stays NaN and counts as a test not made.
    """
    known = sorted((p, i) for i, p in enumerate(values) if not math.isnan(p))
    corrected, highest = [math.nan] * len(values), 0.0
    for place, (p, i) in enumerate(known):
        highest = max(highest, min(1.0, p * (len(known) - place)))
        corrected[i] = highest
    return corrected


def friedman(blocks: ArrayLike) -> Friedman:
    """Friedman's test with ties (J. Am. Stat. Assoc. 1937), lower values being better.

    Args:
        blocks: ``(n, k)``, at least 2 by 3: a row for each block (a task and seed), a column
            for each method.

    Raises:
        ValueError: fewer blocks or methods.
    """
    x = numpy.asarray(blocks, dtype=numpy.float64)
    if x.ndim != 2 or x.shape[0] < 2 or x.shape[1] < 3:
        raise ValueError(f"at least 2 blocks of 3 methods; found shape {x.shape}")
    n, k = x.shape
    ranks = stats.rankdata(x, axis=1).mean(axis=0)
    test = stats.friedmanchisquare(*x.T)
    statistic, p = float(test.statistic), float(test.pvalue)
    spare = n * (k - 1) - statistic
    # All blocks agree: the F is infinite and its p is 0.
    f = math.inf if spare <= 0 else (n - 1) * statistic / spare
    f_p = float(special.fdtrc(k - 1, (k - 1) * (n - 1), f))
    return Friedman(tuple(float(rank) for rank in ranks), statistic, p, f, f_p)


def nemenyi_difference(methods: int, blocks: int, *, alpha: float = 0.05) -> float:
    """Nemenyi's critical difference: average ranks of ``methods`` methods over ``blocks``
    blocks that differ by less are not told apart at level ``alpha`` (Demsar, JMLR 7, 2006).
    """
    law = stats.studentized_range  # type: ignore[attr-defined]
    quantile = float(law.ppf(1 - alpha, methods, numpy.inf))
    return quantile / math.sqrt(2) * math.sqrt(methods * (methods + 1) / (6 * blocks))


def nemenyi(blocks: ArrayLike) -> Array:
    """The p-values ``(k, k)`` of Nemenyi's test of every pair of methods, by the studentised
    range of their average ranks (Demsar, JMLR 7, 2006); 1 on the diagonal.

    Args:
        blocks: ``(n, k)``; see :func:`friedman`.
    """
    ranks = numpy.asarray(friedman(blocks).ranks)
    n, k = numpy.asarray(blocks).shape
    law = stats.studentized_range  # type: ignore[attr-defined]
    apart = numpy.abs(ranks[:, None] - ranks[None, :]) / math.sqrt(k * (k + 1) / (6 * n))
    p: Array = numpy.asarray(law.sf(apart * math.sqrt(2), k, numpy.inf), dtype=numpy.float64)
    numpy.fill_diagonal(p, 1.0)
    return p


def wilcoxon(differences: ArrayLike) -> float:
    """The two-sided p of Wilcoxon's signed-rank test of paired differences ``(n,)``, exact
    where none are tied and they are few; zeros are left out. NaN without any other.
    """
    x = numpy.asarray(differences, dtype=numpy.float64)
    x = x[x != 0]
    return float(stats.wilcoxon(x).pvalue) if x.size else math.nan


def interquartile_mean(values: ArrayLike) -> float:
    """The mean of the middle half of all values (arXiv 2108.13264), NaN without any."""
    x = numpy.asarray(values, dtype=numpy.float64)
    return float(stats.trim_mean(x, 0.25, axis=None)) if x.size else math.nan


def probability_of_improvement(candidate: ArrayLike, baseline: ArrayLike) -> float:
    """The chance that a run of ``candidate`` ends lower than one of ``baseline``, ties
    counting half (arXiv 2108.13264): 0.5 says that neither is better. NaN without values.

    Args:
        candidate: ``(n,)`` values of one task, lower being better; those that are not finite
            are left out.
        baseline: ``(m,)``, likewise.
    """
    a, b = _finite(candidate), _finite(baseline)
    if not len(a) or not len(b):
        return math.nan
    difference = a[:, None] - b[None, :]
    return float((difference < 0).mean() + 0.5 * (difference == 0).mean())


def stratified_bootstrap(
    groups: Sequence[ArrayLike],
    statistic: Callable[[Array], Any] | None = None,
    *,
    repetitions: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Interval:
    """The percentile interval of a pooled statistic; each group (the seeds of one task) is
    resampled by itself, so that every resample has as many runs of each task as there are.

    Args:
        groups: values ``(n_i,)`` for each task, none empty.
        statistic: from ``(repetitions, n)`` to ``(repetitions,)``, along the last axis; the
            interquartile mean where none is given.
        repetitions: how many resamples.
        confidence: of the two-sided interval; with fewer than 5 values a group it covers
            less than it says.
        seed: of the resampling.

    Raises:
        ValueError: no groups, or an empty one.
    """
    pools = [numpy.asarray(group, dtype=numpy.float64).ravel() for group in groups]
    if not pools or any(not len(pool) for pool in pools):
        raise ValueError("the bootstrap needs at least one group, and no empty one")
    measure = statistic or (lambda x: stats.trim_mean(x, 0.25, axis=-1))
    random = numpy.random.default_rng(seed)
    drawn = [pool[random.integers(len(pool), size=(repetitions, len(pool)))] for pool in pools]
    centre = numpy.asarray(measure(numpy.concatenate(pools)[None, :]))
    spread = numpy.asarray(measure(numpy.concatenate(drawn, axis=1)))
    low, high = numpy.quantile(spread, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return Interval(float(centre[0]), float(low), float(high), sum(map(len, pools)))


def _finite(values: ArrayLike) -> Array:
    x = numpy.asarray(values, dtype=numpy.float64).ravel()
    return x[numpy.isfinite(x)]
