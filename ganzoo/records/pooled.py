"""One score for each objective over all tasks, and how often one beats another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy

from ganzoo.records.selection import finite
from ganzoo.records.statistics import Interval, probability_of_improvement, stratified_bootstrap
from ganzoo.records.summary import Row, Summary, TaskTable

__all__ = ["Pooled", "improvements", "pooled", "results"]


@dataclass(frozen=True)
class Pooled:
    """An objective over all tasks: the interquartile mean of its standardised results with
    its stratified bootstrap interval (arXiv 2108.13264), lower being better.
    """

    label: str
    score: Interval


def results(table: TaskTable) -> dict[str, list[float]]:
    """What each objective's runs ended with, by the deciding metric, lower being better.

    A run that diverged is infinite; one that failed, or was not measured, is left out.
    """
    sign = 1.0 if table.lower(table.decider) else -1.0
    return {row.label: _of_row(row, table.decider, sign) for row in table.rows}


def pooled(comparison: Summary, *, repetitions: int = 2000) -> tuple[Pooled, ...]:
    """Every objective that has a result on every task, the best first.

    Results have other units on every task, so they are counted in standard deviations of all
    runs on the task, from their mean; distances by their logarithms, because they differ by
    factors. A run that diverged counts as the worst result of its task.
    """
    tables = [table for table in comparison.tasks if table.decider]
    scores = [_standardised(results(table)) for table in tables]
    found = []
    for label in comparison.labels:
        groups = [score.get(label, []) for score in scores]
        if groups and all(groups):
            found.append(Pooled(label, stratified_bootstrap(groups, repetitions=repetitions)))
    return tuple(sorted(found, key=lambda one: one.score.centre))


def improvements(tables: Sequence[TaskTable]) -> dict[tuple[str, str], float]:
    """For each pair of objectives, how often a run of the first beats one of the second: the
    mean over the tasks on which both have results; pairs without such a task are absent.
    """
    gathered: dict[tuple[str, str], list[float]] = {}
    for table in tables:
        found = _worst_for_infinite(results(table)) if table.decider else {}
        for one, mine in found.items():
            for other, theirs in found.items():
                if one != other and mine and theirs:
                    chance = probability_of_improvement(mine, theirs)
                    gathered.setdefault((one, other), []).append(chance)
    return {pair: math.fsum(chances) / len(chances) for pair, chances in gathered.items()}


def _of_row(row: Row, metric: str, sign: float) -> list[float]:
    found = []
    for record in row.records:
        value = finite(record.metrics.get(metric))
        if record.status == "diverged":
            found.append(math.inf)
        elif record.status == "finished" and value is not None:
            found.append(sign * value)
    return found


def _standardised(found: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    values = [v for listed in found.values() for v in listed if math.isfinite(v)]
    if not values:
        return {}
    log = min(values) > 0
    scaled = {
        label: [math.log(v) if log and math.isfinite(v) else v for v in listed]
        for label, listed in found.items()
    }
    known = [v for listed in scaled.values() for v in listed if math.isfinite(v)]
    mean, spread, worst = float(numpy.mean(known)), float(numpy.std(known)), max(known)
    unit = spread if spread > 0 else 1.0
    return {
        label: [(min(v, worst) - mean) / unit for v in listed] for label, listed in scaled.items()
    }


def _worst_for_infinite(found: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    # Of runs that diverged none is better than another, and all are worse than the rest.
    known = [v for listed in found.values() for v in listed if math.isfinite(v)]
    worst = 2 * abs(max(known, default=0.0)) + 1.0
    return {
        label: [v if math.isfinite(v) else worst for v in listed] for label, listed in found.items()
    }
