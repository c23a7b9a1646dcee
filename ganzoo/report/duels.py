"""The discriminator's mean judgement of real and generated samples, an objective at a time."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ganzoo.records.summary import Row, Summary, TaskTable
from ganzoo.report.axes import Axis, spanning
from ganzoo.report.svg import Chart
from ganzoo.report.tracks import Track, track

__all__ = ["Duel", "duel"]

KINDS = {"real": "", "fake": "fake"}


@dataclass(frozen=True)
class Duel:
    """The chart of a task; ``probability`` says whether D(x) is one, or a score."""

    task: str
    chart: Markup
    probability: bool


def duel(comparison: Summary, table: TaskTable, row: Row) -> Duel | None:
    """D(x) on real and on generated samples over the steps of the runs that finished: as
    probabilities where the objective makes them so, else as scores; None without either.
    """
    for column in ("probability", "score"):
        tracks = {
            side: found
            for side in KINDS
            if (found := track(row.runs("finished"), f"{column}/{side}")) is not None
        }
        if tracks:
            return _drawn(comparison, table, row, tracks, column == "probability")
    return None


def _drawn(
    comparison: Summary, table: TaskTable, row: Row, tracks: dict[str, Track], probability: bool
) -> Duel:
    values = [value for one in tracks.values() for value in (*one.low, *one.high)]
    last = max(one.steps[-1] for one in tracks.values())
    chart = Chart(
        Axis(0.0, last or 1.0),
        Axis(-0.02, 1.02) if probability else spanning(values),
        size=(320, 170),
        labels=("generator steps", "mean D(x)" if probability else "mean score, D(x)"),
        about=f"what D says of real and of generated samples, {row.label} on {table.task}",
    )
    if probability:
        chart.rule(0.5, "undecided")
    series = comparison.series(row.label)
    for one in tracks.values():
        chart.band(one.steps, one.low, one.high, series)
    for side, one in tracks.items():
        name = "real" if side == "real" else "generated"
        chart.line(
            one.steps, one.mean, series, kind=KINDS[side], name=name, spread=(one.low, one.high)
        )
    return Duel(table.task, chart.svg(), probability)
