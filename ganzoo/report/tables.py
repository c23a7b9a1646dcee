"""What stands in a table, whatever draws it: ranks, runs, costs and the marks beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ganzoo.records.estimates import Estimate, estimate
from ganzoo.records.record import Record
from ganzoo.records.selection import plain
from ganzoo.records.summary import Row, Summary, TaskTable
from ganzoo.report import numbers

__all__ = [
    "FLOOR",
    "GAUSSIAN",
    "Cost",
    "best",
    "best_step",
    "clock",
    "costs",
    "ending",
    "given",
    "heading",
    "losses",
    "nobody",
    "places",
    "rank",
    "runs",
]

FLOOR = "a perfect sampler"
GAUSSIAN = "a Gaussian of the pixels"
MARK = "†"


class Cost(NamedTuple):
    """What an objective cost on a task: means over its finished runs, and its seconds of
    processor time as a multiple of the cheapest objective's (NaN where it has none).
    """

    task: str
    label: str
    seconds: Estimate
    cpu: Estimate
    steps: float
    turns: float
    samples: float
    times: float


def places(table: TaskTable, metric: str) -> int:
    """The decimal places of a metric's column."""
    rows = [row.metrics[metric] for row in table.rows]
    # The floor stands in the same column, and 0.003 must not read as 0.
    floor = Estimate((table.floor[metric],), table.floor[metric]) if metric in table.floor else None
    whole = floor is None or table.floor[metric].is_integer()
    return numbers.decimals(rows if whole or floor is None else [*rows, floor])


def nobody(table: TaskTable) -> list[tuple[str, Mapping[str, float]]]:
    """What stands under the objectives for comparison, and has learned nothing: its name, and
    its values by metric.
    """
    every = [(GAUSSIAN, table.gaussian), (FLOOR, table.floor)]
    return [(name, values) for name, values in every if values]


def given(values: Mapping[str, float], metric: str, digits: int) -> str:
    """One of those values, or nothing."""
    return numbers.number(values[metric], digits) if metric in values else ""


def heading(table: TaskTable, metric: str) -> str:
    """A metric's heading with the way that is better."""
    return f"{numbers.title(metric)}\u00a0{numbers.arrow(table.lower(metric))}"


def rank(row: Row) -> str:
    """The rank, or a dash."""
    return numbers.ABSENT if row.rank is None else f"{row.rank:g}"


def runs(row: Row) -> str:
    """``"3/3"`` finished, with a mark where runs are missing from the means."""
    return f"{len(row.runs('finished'))}/{len(row.records)}{MARK if row.incomplete else ''}"


def ending(record: Record) -> str:
    """How a run ended, and why: ``"seed 2 diverged: ..."``."""
    why = plain(record.reason)
    return f"seed {record.seed} {plain(record.status)}" + (f": {why}" if why else "")


def losses(tables: Sequence[TaskTable]) -> Iterator[tuple[TaskTable, Row, Record]]:
    """Every run that did not finish."""
    for table in tables:
        for row in table.rows:
            for record in row.records:
                if record.status != "finished":
                    yield table, row, record


def best(row: Row, metric: str) -> Estimate:
    """A metric of each finished run's best checkpoint, where one was kept."""
    return estimate(r.best.get(metric) for r in row.runs("finished"))


def best_step(row: Row) -> Estimate:
    """The steps at which those checkpoints were taken."""
    return estimate(r.best_step or None for r in row.runs("finished"))


def clock(comparison: Summary) -> tuple[str, str]:
    """The cost to compare by, as a name and in words: on CPUs alone processor time, which
    other work on the machine hardly changes; else wall-clock time.
    """
    if all(record.machine.get("device", "cpu") == "cpu" for record in comparison.records):
        return "cpu_seconds", "processor seconds of training"
    return "seconds", "seconds of training"


def costs(comparison: Summary) -> list[Cost]:
    """The costs of every task, the cheapest objective first."""
    found: list[Cost] = []
    for table in comparison.tasks:
        means = [row.costs["cpu_seconds"].mean for row in table.rows]
        least = min((value for value in means if value > 0), default=float("nan"))
        listed = [
            Cost(
                table.task,
                row.label,
                row.costs["seconds"],
                row.costs["cpu_seconds"],
                row.costs["steps"].mean,
                row.costs["discriminator_steps"].mean,
                row.costs["samples"].mean,
                row.costs["cpu_seconds"].mean / least,
            )
            for row in table.rows
            if row.costs["seconds"].known
        ]
        found += sorted(listed, key=lambda cost: cost.cpu.mean)
    return found
