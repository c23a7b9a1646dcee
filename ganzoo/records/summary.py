"""The summary that every form of the report shows: tasks, rows, ranks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ganzoo.records.estimates import Estimate, estimate
from ganzoo.records.record import Portrait, Record
from ganzoo.records.selection import finite, in_order, of_task

__all__ = ["Row", "Standing", "Summary", "TaskTable", "summarise"]

COSTS = ("seconds", "cpu_seconds", "steps", "discriminator_steps", "samples")
NEVER_RANKS = frozenset({"quality"})  # a collapsed generator scores best by it


@dataclass(frozen=True)
class Row:
    """An objective on a task, over its seeds.

    ``metrics`` and ``costs`` are over the runs that finished; ``rank`` is None for an
    objective that has no value of the deciding metric.
    """

    label: str
    records: tuple[Record, ...]
    metrics: Mapping[str, Estimate]
    costs: Mapping[str, Estimate]
    rank: float | None = None

    def runs(self, status: str) -> tuple[Record, ...]:
        """The runs that ended so: ``finished``, ``diverged`` or ``failed``."""
        return tuple(record for record in self.records if record.status == status)

    @property
    def incomplete(self) -> bool:
        """Whether a run is missing from the means."""
        return len(self.runs("finished")) < len(self.records)


@dataclass(frozen=True)
class TaskTable:
    """A task: its rows by rank, its metrics with the deciding one first (``decider`` is
    empty where none may decide), which are better, the value of a perfect sampler (``floor``),
    and that of a Gaussian with the mean and the covariance of the images (``gaussian``).
    """

    task: str
    rows: tuple[Row, ...]
    metrics: tuple[str, ...]
    decider: str
    ranked: tuple[str, ...]
    directions: Mapping[str, str]
    floor: Mapping[str, float]
    gaussian: Mapping[str, float]

    def lower(self, metric: str) -> bool:
        """Whether a lower value of the metric is better."""
        return self.directions.get(metric, "lower") != "higher"

    def median(self, row: Row) -> Record | None:
        """The finished run in the middle by the deciding metric; any, if it has no value."""
        finished = row.runs("finished")
        valued = [(finite(r.metrics.get(self.decider)), i) for i, r in enumerate(finished)]
        known = sorted((value, i) for value, i in valued if value is not None)
        if known:
            return finished[known[(len(known) - 1) // 2][1]]
        return finished[0] if finished else None

    @property
    def seeds(self) -> tuple[int, int]:
        """The fewest and the most finished runs of the rows that have a rank."""
        counts = [len(row.metrics[self.decider].values) for row in self.rows if row.rank]
        return (min(counts), max(counts)) if counts else (0, 0)


@dataclass(frozen=True)
class Standing:
    """An objective over all tasks: the mean of its ranks over ``tasks`` of them."""

    label: str
    rank: float
    tasks: int


@dataclass(frozen=True)
class Summary:
    """Everything: the tasks, the objectives in the order of the records, who stands where."""

    tasks: tuple[TaskTable, ...]
    labels: tuple[str, ...]
    standings: tuple[Standing, ...]
    portraits: Mapping[str, Portrait]
    records: tuple[Record, ...]

    def series(self, label: str) -> int:
        """The number that stands for an objective's colour, from 0."""
        return self.labels.index(label)


def summarise(records: Sequence[Record]) -> Summary:
    """Tasks in the order of the records, objectives by rank.

    An objective with runs that diverged ranks after those with none, whatever the mean of
    the rest; runs that failed (an error, not the objective's doing) are left out. The
    ``quality`` of samples never decides.
    """
    tasks = tuple(_task(task, of_task(records, task)) for task in in_order(r.task for r in records))
    labels = in_order(record.label for record in records)
    portraits = {r.label: r.portrait for r in reversed(records) if r.portrait is not None}
    return Summary(tasks, labels, _standings(tasks, labels), portraits, tuple(records))


def _task(task: str, records: Sequence[Record]) -> TaskTable:
    ranked = in_order(n for r in records for n in r.ranked if n not in NEVER_RANKS)
    measured = in_order(n for r in records for n in (*r.metrics, *r.floor))
    metrics = in_order((*(n for n in ranked if n in measured), *measured))
    directions = {name: way for r in reversed(records) for name, way in r.directions.items()}
    rows = [
        _row(label, [r for r in records if r.label == label], metrics)
        for label in in_order(r.label for r in records)
    ]
    decider = next(
        (n for n in ranked if any(n in r.metrics and r.metrics[n].known for r in rows)), ""
    )
    bounds = [
        {n: e.mean for n in metrics if (e := estimate(bound.get(n) for bound in found)).known}
        for found in ([r.floor for r in records], [r.baseline for r in records])
    ]
    sign = -1.0 if directions.get(decider) == "higher" else 1.0
    return TaskTable(
        task, tuple(_by_rank(rows, decider, sign)), metrics, decider, ranked, directions, *bounds
    )


def _row(label: str, records: Sequence[Record], metrics: Sequence[str]) -> Row:
    finished = [record for record in records if record.status == "finished"]
    return Row(
        label,
        tuple(sorted(records, key=lambda record: record.seed)),
        {name: estimate(r.metrics.get(name) for r in finished) for name in metrics},
        {name: estimate(getattr(r.speed, name) for r in finished) for name in COSTS},
    )


def _by_rank(rows: Sequence[Row], decider: str, sign: float) -> list[Row]:
    placed: list[tuple[tuple[bool, float], Row]] = []
    unplaced: list[Row] = []
    for row in rows:
        if decider and row.metrics[decider].known:
            key = (bool(row.runs("diverged")), sign * row.metrics[decider].mean)
            placed.append((key, row))
        else:
            unplaced.append(row)
    keys = [key for key, _ in placed]
    ranked = [
        (1 + sum(k < key for k in keys) + (keys.count(key) - 1) / 2, row) for key, row in placed
    ]
    ranked.sort(key=lambda pair: pair[0])
    return [Row(r.label, r.records, r.metrics, r.costs, rank) for rank, r in ranked] + unplaced


def _standings(tasks: Sequence[TaskTable], labels: Sequence[str]) -> tuple[Standing, ...]:
    """Mean ranks; without a rank on a task an objective is last there, by the others' side."""
    found = []
    for label in labels:
        ranks = []
        for table in tasks:
            rows = [row for row in table.rows if row.label == label]
            placed = sum(row.rank is not None for row in table.rows)
            if rows and placed:
                last = (placed + 1 + len(table.rows)) / 2
                ranks.append(last if rows[0].rank is None else rows[0].rank)
        if ranks:
            found.append(Standing(label, math.fsum(ranks) / len(ranks), len(ranks)))
    return tuple(sorted(found, key=lambda standing: (-standing.tasks, standing.rank)))
