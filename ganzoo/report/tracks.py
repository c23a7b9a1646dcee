"""Curves over the seeds of an objective: mean and band at every step that was logged.

From five seeds on the band is Student's 95 % interval of the mean. Below, it is the range from
the lowest seed to the highest: three seeds' intervals at every point of a noisy curve would
cover the whole chart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ganzoo.records.estimates import Estimate, estimate
from ganzoo.records.record import Record
from ganzoo.records.selection import finite

__all__ = ["INTERVAL_FROM", "Track", "single", "track"]

INTERVAL_FROM = 5  # seeds
MOST_POINTS = 160


@dataclass(frozen=True)
class Track:
    """A column of the curves: ``mean`` over seeds at ``steps`` generator steps, reached after
    ``seconds`` on the mean, and the band from ``low`` to ``high``.
    """

    steps: tuple[float, ...]
    seconds: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def along(self, seconds: bool) -> tuple[float, ...]:
        """The x axis: seconds, or steps."""
        return self.seconds if seconds else self.steps


def track(records: Sequence[Record], column: str) -> Track | None:
    """The column over these runs; None where fewer than two steps have a value.

    Where there are more than 160 steps, neighbours are averaged within each run first.
    """
    gathered: dict[float, list[tuple[float, float]]] = {}
    for record in records:
        for step, spent, value in _thinned(_measured(record, column)):
            gathered.setdefault(step, []).append((spent, value))
    if len(gathered) < 2:
        return None
    steps = sorted(gathered)
    values = [estimate(value for _, value in gathered[step]) for step in steps]
    seconds = [math.fsum(s for s, _ in gathered[step]) / len(gathered[step]) for step in steps]
    low, high = zip(*map(_band, values), strict=True)
    return Track(tuple(steps), tuple(seconds), tuple(e.mean for e in values), low, high)


def single(record: Record, column: str) -> Track | None:
    """The column of one run."""
    return track([record], column)


def _band(found: Estimate) -> tuple[float, float]:
    if len(found.values) >= INTERVAL_FROM:
        return found.mean - found.half, found.mean + found.half
    return min(found.values), max(found.values)


def _measured(record: Record, column: str) -> list[tuple[float, float, float]]:
    curve = record.curve
    steps, values = curve.get("step", []), curve.get(column, [])
    seconds = curve.get("seconds") or [0.0] * len(steps)
    found = []
    # Columns of unequal length come from a run that was cut off: what is whole is used.
    for step, spent, value in zip(steps, seconds, values, strict=False):
        x, s, y = finite(step), finite(spent), finite(value)
        if x is not None and y is not None:
            found.append((x, 0.0 if s is None else s, y))
    return found


def _thinned(rows: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    stride = math.ceil(len(rows) / MOST_POINTS)
    if stride <= 1:
        return rows
    groups = [rows[start : start + stride] for start in range(0, len(rows), stride)]
    return [(g[-1][0], g[-1][1], math.fsum(y for _, _, y in g) / len(g)) for g in groups]
