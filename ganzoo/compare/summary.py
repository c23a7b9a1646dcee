"""Records in short: an objective on a task, over its seeds. Needs no torch."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ganzoo.compare.record import Record
from ganzoo.compare.stats import (
    Friedman,
    Interval,
    friedman,
    nemenyi_difference,
    student_interval,
)
from ganzoo.errors import Incompatible

__all__ = ["Ranking", "Row", "ranking", "rows", "table"]


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


@dataclass(frozen=True)
class Ranking:
    """Who ranks where over blocks, a block being a task with a seed.

    Args:
        ranks: label -> average rank, the best first; 1 is the best there can be.
        blocks: how many.
        test: Friedman's test of whether the ranks differ at all.
        critical_difference: Nemenyi's, at 5 %: average ranks that differ by less are not
            told apart. Blocks of one task are alike, so it is rather too small for many
            seeds of few tasks.
    """

    ranks: Mapping[str, float]
    blocks: int
    test: Friedman
    critical_difference: float


def ranking(records: Sequence[Record]) -> Ranking:
    """The ranking by the deciding metric of each task. A run that diverged is last in its
    block; a block in which a run failed or is missing is left out.

    Raises:
        Incompatible: fewer than three objectives or two complete blocks.
    """
    labels = list(dict.fromkeys(record.label for record in records))
    found: dict[tuple[str, int], dict[str, float]] = {}
    for record in records:
        if record.status != "failed" and record.ranked:
            found.setdefault((record.task, record.seed), {})[record.label] = _cost(record)
    blocks = [
        [block[name] for name in labels] for block in found.values() if len(block) == len(labels)
    ]
    if len(labels) < 3 or len(blocks) < 2:
        raise Incompatible(
            f"a ranking needs at least 3 objectives and 2 blocks (a task with a seed) in which "
            f"none failed; there are {len(labels)} and {len(blocks)}"
        )
    test = friedman(blocks)
    by_rank = sorted(zip(labels, test.ranks, strict=True), key=lambda pair: pair[1])
    difference = nemenyi_difference(len(labels), len(blocks))
    return Ranking(dict(by_rank), len(blocks), test, difference)


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


def _cost(record: Record) -> float:
    """The deciding metric, lower being better; infinite where there is none."""
    value = record.metrics.get(record.ranked[0]) if record.status == "finished" else None
    if value is None:
        return math.inf
    return -value if record.directions.get(record.ranked[0]) == "higher" else value


def _interval(values: Iterable[float | None]) -> Interval:
    return student_interval([math.nan if value is None else value for value in values])


def _cell(interval: Interval | None) -> str:
    if interval is None or not interval.count:
        return "-"
    half = interval.high - interval.centre
    spread = "" if math.isnan(half) else f" ± {half:.2g}"
    return f"{interval.centre:.4g}{spread}"
