"""What went wrong in a run, in words; told from its record alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ganzoo.records.record import Record
from ganzoo.records.selection import finite

__all__ = ["collapsed", "diagnose", "improving", "oscillating", "saturated"]

LOST = 0.1
"""The share of the modes that a collapsed generator has lost at least: one in ten."""

VANISHED = 1e-3
"""A generator's gradient this small, as a share of the largest it had, teaches it nothing."""

SWING, TURNS = math.log(1.5), 3
"""How far an oscillating metric goes up and down, and how often it turns in the last half."""

GAIN = math.log(1.1)
"""What a metric that still improves has gained over the last quarter: a tenth."""

NEAR_FLOOR = 3.0
"""Within so many times a perfect sampler's value a metric is chance, and counts as constant."""


def diagnose(record: Record, *, modes: int = 0, copied: bool = False) -> tuple[str, ...]:
    """The words that fit a run, the gravest first; none where nothing was wrong.

    Args:
        record: of the run, with its curve, its floor and its missing modes.
        modes: how many modes or classes the data have; 0 where that is not known.
        copied: whether the samples are nearer to the training set than chance allows.
    """
    if record.status == "failed":
        return ()
    values = _scaled(record)
    found = {
        "diverged": record.status == "diverged",
        "collapsed": collapsed(len(record.missing), modes),
        "saturated": saturated(record.curve.get("gradient/generator", [])),
        "oscillating": oscillating(values),
        "memorising": copied,
        "still improving": record.status == "finished" and improving(values),
    }
    return tuple(word for word, true in found.items() if true)


def collapsed(missing: int, modes: int) -> bool:
    """Whether at least one in ten of the modes is missing."""
    return modes > 0 and missing >= LOST * modes


def saturated(gradient: Sequence[float | None]) -> bool:
    """Whether the norm of the generator's gradient, read from time to time, has vanished: its
    median over the last quarter is below a thousandth of the largest reading.
    """
    known = [value for each in gradient if (value := finite(each)) is not None]
    if len(known) < 4:
        return False
    return median(known[-(len(known) // 4) :]) < VANISHED * max(known)


def oscillating(values: Sequence[tuple[float, float]]) -> bool:
    """Whether a metric turns three times or more in the last half of a run, each time after
    a change by half of it at least.

    Args:
        values: pairs of the share of the run, 0 .. 1, and the metric on a scale on which
            equal factors are equal steps; see :func:`diagnose`.
    """
    late = [value for share, value in values if share >= 0.5]
    turns, way, reached = 0, 0, late[0] if late else 0.0
    for value in late:
        step = value - reached
        if way * step >= 0 and step:
            # Further on its way, or on its first way.
            if way or abs(step) >= SWING:
                way, reached = (1 if step > 0 else -1), value
        elif way and abs(step) >= SWING:
            way, reached, turns = -way, value, turns + 1
    return turns >= TURNS


def improving(values: Sequence[tuple[float, float]]) -> bool:
    """Whether a metric, lower being better, was still going down when the budget ended: by a
    tenth of it at least since three quarters, in more than one step, and to its lowest.

    Args:
        values: see :func:`oscillating`.
    """
    late = [value for share, value in values if share >= 0.75]
    if len(late) < 3 or late[0] - late[-1] < GAIN:
        return False
    falls = sum(after < before for before, after in pairwise(late))
    return falls >= 2 and late[-1] <= min(value for _, value in values) + GAIN / 5


def _scaled(record: Record) -> list[tuple[float, float]]:
    """The deciding metric as measured on the way: shares of the run and logarithms, lower
    being better; constant where it is as good as a perfect sampler's.
    """
    name = record.ranked[0] if record.ranked else ""
    column, steps = record.curve.get(name, []), record.curve.get("step", [])
    known = [
        (step, value)
        for step, each in zip(steps, column, strict=False)
        if step and (value := finite(each)) is not None
    ]
    if not known:
        return []
    last, floor = known[-1][0], finite(record.floor.get(name)) or 0.0
    if record.directions.get(name) == "higher":
        return [(step / last, -math.log(max(value, 1e-9))) for step, value in known]
    least = max(NEAR_FLOOR * floor, 1e-9)
    return [(step / last, math.log(max(value, least))) for step, value in known]
