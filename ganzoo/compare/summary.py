"""Records in short: an objective on a task, over its seeds. Needs no torch."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ganzoo.compare.record import Record
from ganzoo.compare.stats import Interval, student_interval

__all__ = ["Row", "rows", "table"]


@dataclass(frozen=True)
class Row:
    """An objective on a task.

    Args:
        task: how the data and networks are called.
        label: how the objective is called.
        statuses: how many runs ended how.
        metrics: over the runs that finished, the mean and its 95 % Student-t interval.
        seconds: of training, likewise.
    """

    task: str
    label: str
    statuses: Mapping[str, int]
    metrics: Mapping[str, Interval]
    seconds: Interval


def rows(records: Iterable[Record]) -> list[Row]:
    """A row for each objective on each task, in the order of the records."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        groups.setdefault((record.task, record.label), []).append(record)
    return [_row(task, label, group) for (task, label), group in groups.items()]


def table(rows: Sequence[Row]) -> str:
    """Markdown, a table for each task."""
    parts = []
    for task in dict.fromkeys(row.task for row in rows):
        here = [row for row in rows if row.task == task]
        metrics = list(dict.fromkeys(name for row in here for name in row.metrics))
        lines = [
            f"| {task} | {' | '.join(metrics)} | seconds | runs |".replace("|  |", "|"),
            "|---" * (3 + len(metrics)) + "|",
        ]
        for row in here:
            cells = [_cell(row.metrics.get(name)) for name in metrics]
            runs = ", ".join(f"{count} {status}" for status, count in row.statuses.items())
            lines.append(f"| {' | '.join([row.label, *cells, _cell(row.seconds), runs])} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _row(task: str, label: str, records: Sequence[Record]) -> Row:
    finished = [record for record in records if record.status == "finished"]
    names = dict.fromkeys(name for record in finished for name in record.metrics)
    return Row(
        task,
        label,
        Counter(record.status for record in records),
        {name: _interval(record.metrics.get(name) for record in finished) for name in names},
        _interval(record.speed.seconds for record in finished),
    )


def _interval(values: Iterable[float | None]) -> Interval:
    return student_interval([math.nan if value is None else value for value in values])


def _cell(interval: Interval | None) -> str:
    if interval is None or not interval.count:
        return "-"
    half = interval.high - interval.centre
    spread = "" if math.isnan(half) else f" ± {half:.2g}"
    return f"{interval.centre:.4g}{spread}"
