"""Curves of a task: metrics, losses and D(x), over steps and over seconds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ganzoo.records.summary import Summary, TaskTable
from ganzoo.report import tables
from ganzoo.report.axes import Axis, spanning
from ganzoo.report.crowd import foremost
from ganzoo.report.svg import Chart
from ganzoo.report.tracks import Track, single, track

__all__ = ["Figure", "figures"]

LABELS = ("generator steps", "seconds")
TRIM = 0.01  # of the values at either end that may leave a chart of losses


@dataclass(frozen=True)
class Figure:
    """A chart over steps and the same over seconds, with what to look at."""

    steps: Markup
    seconds: Markup
    caption: str


@dataclass(frozen=True)
class _Curve:
    label: str
    series: int
    kind: str
    behind: bool
    track: Track
    broken: tuple[Track, ...] = ()


def figures(comparison: Summary, table: TaskTable) -> list[Figure]:
    """The charts of a task, those that have something to show."""
    found = [_metric(comparison, table, metric) for metric in table.metrics]
    found += [_loss(comparison, table, player) for player in ("discriminator", "generator")]
    found += [_gradient(comparison, table), _probability(comparison, table)]
    return [figure for figure in found if figure is not None]


def _metric(comparison: Summary, table: TaskTable, metric: str) -> Figure | None:
    floor = table.floor.get(metric)
    caption = "The metric that decides." if metric == table.decider else ""
    if metric not in table.ranked:
        caption = "Shown, but never ranked by."
    curves = _curves(comparison, table, metric)
    # Distances differ by factors; shares and counts do not.
    axis = _scale(curves, floor, trim=0.0, log=None if table.lower(metric) else False)
    return _figure(curves, axis, tables.heading(table, metric), caption, floor)


def _loss(comparison: Summary, table: TaskTable, player: str) -> Figure | None:
    curves = _curves(comparison, table, f"loss/{player}")
    caption = "Losses of different objectives have different units: compare shapes, not heights."
    caption = caption if player == "discriminator" else ""
    return _figure(
        curves, _scale(curves, None, trim=TRIM, log=False), f"loss of the {player}", caption
    )


def _gradient(comparison: Summary, table: TaskTable) -> Figure | None:
    curves = _curves(comparison, table, "gradient/generator")
    axis = spanning((v for v in _values(curves) if v > 0), log=None)
    caption = "What the generator is taught by: near 0 it learns nothing."
    return _figure(curves, axis, "gradient of the generator", caption)


def _probability(comparison: Summary, table: TaskTable) -> Figure | None:
    curves = _curves(comparison, table, "probability/real")
    curves += _curves(comparison, table, "probability/fake", "fake")
    caption = (
        "Solid on real samples, dotted on generated ones. Together at one half, neither player "
        "is ahead; at 1 and 0, the discriminator has won. Scores that are no probability are "
        "absent."
    )
    return _figure(curves, Axis(-0.02, 1.02), "mean D(x)", caption, 0.5, "undecided")


def _curves(comparison: Summary, table: TaskTable, column: str, kind: str = "") -> list[_Curve]:
    found = []
    ahead = foremost(comparison, table)
    # The best on top: what is drawn last.
    rows = [*reversed(table.rows)]
    rows.sort(key=lambda row: row.label in ahead)
    for row in rows:
        lost = [single(record, column) for record in row.runs("diverged")]
        broken = tuple(one for one in lost if one is not None)
        mean = track(row.runs("finished"), column)
        if mean is None and broken:
            mean = Track((), (), (), (), ())
        if mean is not None:
            label = f"{row.label}, {kind}" if kind else row.label
            series, behind = comparison.series(row.label), row.label not in ahead
            found.append(_Curve(label, series, kind, behind, mean, broken))
    return found


def _values(curves: Sequence[_Curve]) -> Iterator[float]:
    for curve in curves:
        yield from curve.track.mean
        if not curve.track.mean:
            for broken in curve.broken:
                yield from broken.mean


def _scale(curves: Sequence[_Curve], floor: float | None, *, trim: float, log: bool | None) -> Axis:
    values = sorted(_values(curves))
    cut = math.floor(len(values) * trim)
    values = values[cut : len(values) - cut]
    with_floor = [*values, *([floor] if floor is not None and values else [])]
    return spanning(with_floor, log=log)


def _figure(
    curves: Sequence[_Curve],
    axis: Axis,
    head: str,
    caption: str,
    floor: float | None = None,
    rule: str = tables.FLOOR,
) -> Figure | None:
    if not curves:
        return None
    drawn = [_chart(curves, axis, head, seconds, floor, rule) for seconds in (False, True)]
    return Figure(drawn[0], drawn[1], caption)


def _chart(
    curves: Sequence[_Curve],
    axis: Axis,
    head: str,
    seconds: bool,
    floor: float | None,
    rule: str,
) -> Markup:
    tracks = [t for curve in curves for t in (curve.track, *curve.broken)]
    last = max((x for t in tracks for x in t.along(seconds)), default=0.0)
    label = LABELS[seconds]
    chart = Chart(Axis(0.0, last or 1.0), axis, labels=(label, head), about=f"{head} over {label}")
    if floor is not None:
        chart.rule(floor, rule)
    for curve in curves:
        _draw(chart, curve, seconds)
    return chart.svg()


def _draw(chart: Chart, curve: _Curve, seconds: bool) -> None:
    xs = curve.track.along(seconds)
    if curve.behind:
        chart.line(xs, curve.track.mean, curve.series, kind=f"{curve.kind} behind")
        return
    chart.band(xs, curve.track.low, curve.track.high, curve.series)
    chart.line(
        xs,
        curve.track.mean,
        curve.series,
        kind=curve.kind,
        name=curve.label,
        spread=(curve.track.low, curve.track.high),
    )
    for broken in curve.broken:
        chart.line(broken.along(seconds), broken.mean, curve.series, kind=f"broken {curve.kind}")
        chart.end(broken.along(seconds)[-1], broken.mean[-1], curve.series)
