"""Cost against quality: which objectives nothing else beats at their price."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ganzoo.records.estimates import Estimate
from ganzoo.records.summary import Row, Summary, TaskTable
from ganzoo.report import tables
from ganzoo.report.axes import Axis, spanning
from ganzoo.report.crowd import crowded
from ganzoo.report.svg import Chart

__all__ = ["Trade", "front", "trade"]


@dataclass(frozen=True)
class Trade:
    """The chart of a task, and the objectives on the front, the cheapest first."""

    chart: Markup
    front: tuple[str, ...]


def front(points: Sequence[tuple[float, float]]) -> list[int]:
    """Which of the points (cost, distance) no other one is at most as dear and as far as."""
    found = []
    for place, (cost, far) in enumerate(points):
        others = [p for p in points if p != (cost, far)]
        if not any(other[0] <= cost and other[1] <= far for other in others):
            found.append(place)
    return sorted(found, key=lambda place: points[place])


def trade(comparison: Summary, table: TaskTable) -> Trade | None:
    """The means of the deciding metric against the cost of training (see
    :func:`ganzoo.report.tables.clock`), with Student's intervals; None with fewer than two
    objectives that have both.

    An objective with runs that diverged is drawn, and is not on the front.
    """
    clock, label = tables.clock(comparison)
    rows = [row for row in table.rows if row.rank is not None and row.costs[clock].known]
    if len(rows) < 2:
        return None
    lower = table.lower(table.decider)
    seconds = [row.costs[clock] for row in rows]
    values = [row.metrics[table.decider] for row in rows]
    steady = [place for place, row in enumerate(rows) if not row.runs("diverged")]
    costs = [(seconds[i].mean, values[i].mean if lower else -values[i].mean) for i in steady]
    best = [rows[steady[i]] for i in front(costs)]
    chart = _chart(table, seconds, values, label)
    _step(chart, [(row.costs[clock].mean, row.metrics[table.decider].mean) for row in best])
    for row in reversed(rows):
        _point(chart, comparison.series(row.label), row, (clock, table.decider), row in best)
    chart.names(
        [
            (c.mean, v.mean, comparison.series(row.label), row.label)
            for row, c, v in zip(rows, seconds, values, strict=True)
            if row in best or not crowded(comparison)
        ]
    )
    return Trade(chart.svg(), tuple(row.label for row in best))


def _chart(
    table: TaskTable, seconds: Sequence[Estimate], values: Sequence[Estimate], label: str
) -> Chart:
    head = tables.heading(table, table.decider)
    floor = table.floor.get(table.decider)
    heights = [v for e in values for v in e.values] + ([] if floor is None else [floor])
    widest = max(max(e.values) for e in seconds)
    chart = Chart(
        Axis(0.0, 1.08 * widest or 1.0),
        spanning(heights, log=None),
        size=(420, 260),
        labels=(label, head),
        about=f"{head} against {label} on {table.task}",
    )
    if floor is not None:
        chart.rule(floor, tables.FLOOR)
    return chart


def _step(chart: Chart, places: Sequence[tuple[float, float]]) -> None:
    xs: list[float] = []
    ys: list[float] = []
    for x, y in places:
        xs += [x, x]
        ys += [ys[-1] if ys else y, y]
    if places:
        chart.trail([*xs, chart.x.high], [*ys, places[-1][1]])


def _point(chart: Chart, series: int, row: Row, names: tuple[str, str], solid: bool) -> None:
    cost, metric = names
    seconds, value = row.costs[cost], row.metrics[metric]
    for record in row.runs("finished"):
        found = record.metrics.get(metric)
        if found is not None and math.isfinite(found):
            chart.dot(float(getattr(record.speed, cost)), found, series, kind="seed")
    if not math.isnan(value.half):
        low = value.mean - value.half
        low = max(low, chart.y.low) if chart.y.log else low
        chart.whisker(seconds.mean, low, value.mean + value.half, series)
    chart.dot(seconds.mean, value.mean, series, kind="solid" if solid else "hollow")
