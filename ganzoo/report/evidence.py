"""The records behind the numbers: an anchor for every run, and what it was made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from ganzoo.records.record import Record
from ganzoo.records.selection import finite, in_order, plain
from ganzoo.records.summary import Row, Summary, TaskTable
from ganzoo.report.notes import flatten, shared, unseeded

__all__ = ["Group", "anchor", "evidence", "group_anchor"]

LEFT_OUT = frozenset({"curve", "portrait", "samples", "floor", "directions", "ranked"})
MOST_RECORDS = 200  # written out one by one; of more, the first of each objective and task
DIGITS = 6


@dataclass(frozen=True)
class Group:
    """The runs of an objective on a task: ``values`` of each by metric, what they were all
    ``made`` with, and the records themselves as JSON.
    """

    anchor: str
    task: str
    label: str
    runs: tuple[tuple[str, Record, tuple[str, ...]], ...]
    metrics: tuple[str, ...]
    made: Mapping[str, str]
    json: str


def anchor(comparison: Summary, table: TaskTable, row: Row, record: Record) -> str:
    """The name of a run's place in the page. By its place, as a key may hold anything."""
    place = next(place for place, one in enumerate(row.records) if one is record)
    return f"run-{comparison.tasks.index(table)}-{comparison.series(row.label)}-{place}"


def group_anchor(comparison: Summary, table: TaskTable, row: Row) -> str:
    """The name of the place of an objective's runs on a task."""
    return f"runs-{comparison.tasks.index(table)}-{comparison.series(row.label)}"


def evidence(comparison: Summary) -> tuple[list[Group], dict[str, str]]:
    """Every run, by task and objective, and what all of them were made with, which is then
    left out of the groups.
    """
    whole = len(comparison.records) <= MOST_RECORDS
    common = shared([_facts(record) for record in comparison.records])
    found = []
    for table in comparison.tasks:
        metrics = table.metrics
        for row in table.rows:
            runs = tuple(
                (
                    anchor(comparison, table, row, record),
                    record,
                    tuple(_value(record, metric) for metric in metrics),
                )
                for record in row.records
            )
            found.append(
                Group(
                    group_anchor(comparison, table, row),
                    table.task,
                    row.label,
                    runs,
                    metrics,
                    _made(row.records, common),
                    _json(row.records if whole else row.records[:1]),
                )
            )
    return found, common


def _value(record: Record, metric: str) -> str:
    if metric not in record.metrics:
        return "\u2013"
    value = finite(record.metrics[metric])
    return "none" if value is None else f"{value:.{DIGITS}g}"


def _made(records: Sequence[Record], common: Mapping[str, str]) -> dict[str, str]:
    """Software, machine, precision and commit, where not common to all; the different values
    where runs differ.
    """
    every = [_facts(record) for record in records]
    names = in_order(name for facts in every for name in facts)
    return {
        name: " or ".join(in_order(facts[name] for facts in every if name in facts))
        for name in names
        if name not in common
    }


def _facts(record: Record) -> dict[str, str]:
    settings = unseeded(record)
    facts = {
        "software": ", ".join(f"{plain(n)} {plain(v)}" for n, v in record.plugins.items()),
        "machine": ", ".join(f"{k} {v}" for k, v in flatten(record.machine).items()),
        "precision": settings.get("settings.precision", ""),
        "commit": plain(record.commit),
    }
    return {name: value for name, value in facts.items() if value}


def _json(records: Sequence[Record]) -> str:
    whole = [msgspec.to_builtins(_without_tries(record)) for record in records]
    bare = [{name: value for name, value in one.items() if _kept(name, value)} for one in whole]
    return msgspec.json.format(msgspec.json.encode(bare), indent=1).decode()


def _without_tries(record: Record) -> Record:
    """What was tried stands in the page once for all seeds."""
    kept = {name: value for name, value in record.tuned.items() if name != "tried"}
    return msgspec.structs.replace(record, tuned=kept)


def _kept(name: str, value: object) -> bool:
    return name not in LEFT_OUT and value not in (None, "", [], {}, ())
