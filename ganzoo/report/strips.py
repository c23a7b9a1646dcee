"""The small plots in a table: every seed as a dot, the mean and its interval as a bar."""

from __future__ import annotations

import math

from markupsafe import Markup

from ganzoo.records.selection import finite
from ganzoo.records.statistics import Interval
from ganzoo.records.summary import Row, Summary, TaskTable
from ganzoo.report import numbers
from ganzoo.report.axes import Axis, spanning
from ganzoo.report.evidence import anchor
from ganzoo.report.svg import swatch

__all__ = ["interval", "scale", "strip", "strip_scale"]

WIDE, HIGH, EDGE = 130, 26, 6
GLYPH = 6
"""About as wide as a figure of a tick is, in pixels."""


def strip_scale(table: TaskTable) -> Axis | None:
    """The scale that the plots of a table share; None with nothing to plot."""
    if not table.decider:
        return None
    values = [v for row in table.rows for v in row.metrics[table.decider].values]
    floor = table.floor.get(table.decider)
    return spanning([*values, *([] if floor is None else [floor])], log=None) if values else None


def strip(comparison: Summary, table: TaskTable, row: Row, axis: Axis) -> Markup:
    """The seeds of a row by the deciding metric, and the interval of their mean.

    A cross is the value of a run that did not finish and is in no mean.
    """
    found, middle = row.metrics[table.decider], HIGH / 2
    parts = [_floor(table, axis)]
    if not math.isnan(found.half):
        # Below 0 a log scale has no place: the bar then leaves at the left.
        low = max(found.mean - found.half, axis.low if axis.log else -math.inf)
        bar = Markup('<path class="bar" d="M{:.1f} {}H{:.1f}"/>')
        high = _across(axis, found.mean + found.half)
        parts.append(bar.format(_across(axis, low), middle, high))
    seed = Markup('<circle class="seed" cx="{:.1f}" cy="{}" r="3"/>')
    cross = Markup('<path class="lost" d="M{:.1f} {}l6 6m0-6l-6 6"/>')
    # The pointer alone follows these: by keyboard, the means lead to the same place.
    link = Markup('<a href="#{}" tabindex="-1"><title>seed {}: {}</title>{}</a>')
    for record in row.records:
        value = finite(record.metrics.get(table.decider))
        if value is None:
            continue
        across, place = _across(axis, value), anchor(comparison, table, row, record)
        if record.status == "finished":
            mark = seed.format(across, middle)
        else:
            mark = cross.format(across - 3, middle - 3)
        parts.append(link.format(place, record.seed, f"{value:.4g}", mark))
    if found.known:
        mean = Markup('<path class="mean" d="M{:.1f} {}v14"/>')
        parts.append(mean.format(_across(axis, found.mean), middle - 7))
    about = f"seeds of {row.label} by {numbers.title(table.decider)}"
    return _svg(swatch(comparison.series(row.label)), about, parts)


def interval(axis: Axis, found: Interval, *, series: int, about: str) -> Markup:
    """A centre with its interval as a bar, and a rule at 0."""
    middle = HIGH / 2
    drawn = Markup(
        '<path class="rule" d="M{:.1f} 0v{}"/><path class="bar" d="M{:.1f} {}H{:.1f}"/>'
        '<path class="mean" d="M{:.1f} {}v14"/>'
    ).format(
        *(_across(axis, 0.0), HIGH, _across(axis, found.low), middle, _across(axis, found.high)),
        *(_across(axis, found.centre), middle - 7),
    )
    return _svg(swatch(series), about, [drawn])


def scale(table: TaskTable, axis: Axis) -> Markup:
    """The ticks of the plots, for the foot of the table."""
    tick = Markup('<text x="{:.1f}" y="17" text-anchor="{}">{}</text>')
    parts, taken = [_floor(table, axis, 4)], 0.0
    for value, text in axis.ticks(3):
        x, wide = _across(axis, value), GLYPH * len(text)
        side = "start" if x < 12 else "end" if x > WIDE - 12 else "middle"
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[side]
        if left >= taken:  # or it would touch the one before
            parts.append(tick.format(x, side, text))
            taken = left + wide + GLYPH
    return _svg("", "scale", parts)


def _svg(classes: str, about: str, parts: list[Markup]) -> Markup:
    return Markup(
        '<svg class="strip {0}" width="{1}" height="{2}" viewBox="0 0 {1} {2}" role="img" '
        'aria-label="{3}">{4}</svg>'
    ).format(classes, WIDE, HIGH, about, Markup().join(parts))


def _across(axis: Axis, value: float) -> float:
    inner = WIDE - 2 * EDGE
    return EDGE + inner * min(max(axis.place(value), -0.04), 1.04)


def _floor(table: TaskTable, axis: Axis, high: int = HIGH) -> Markup:
    floor = table.floor.get(table.decider)
    if floor is None:
        return Markup()
    return Markup('<path class="rule" d="M{:.1f} 0v{}"/>').format(_across(axis, floor), high)
