"""The report as Markdown (tables as GitHub and most others read them)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ganzoo.records.record import Record
from ganzoo.records.selection import plain
from ganzoo.records.summary import Summary, TaskTable, summarise
from ganzoo.records.versus import against
from ganzoo.report import diagnosis, numbers, tables
from ganzoo.report.gaussian import doubt, doubts
from ganzoo.report.notes import notes
from ganzoo.report.prose import answer, verdict
from ganzoo.report.searching import CHOSEN, Tried, tried
from ganzoo.report.sentences import Name, Prose

__all__ = ["escape", "markdown", "pipe_table"]

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown(records: Sequence[Record], *, opponent: str = "") -> str:
    """The tables, verdicts, costs and notes of these records as one Markdown text; with every
    objective tested against the ``opponent``, if one is named by its label.

    Raises:
        UnknownName: no objective is called so.
    """
    if not records:
        return "No records: nothing has been run yet.\n"
    comparison = summarise(records)
    answers = [*answer(comparison), doubts(comparison)]
    parts = ["# Comparison of objectives", *map(_prose, answers)]
    for table in comparison.tasks:
        parts += [f"## {escape(plain(table.task))}", _task(table), *_lost(table)]
        parts.append(_prose(verdict(table, caution=len(comparison.tasks) < 2)))
        parts.append(_prose(doubt(table)))
    if opponent:
        sentences = [one.text() for one in against(records, opponent)]
        parts += [f"## Against {escape(plain(opponent))}", *_bullets(sentences)]
    parts += ["## What it cost", _costs(comparison)]
    for search in tried(comparison):
        parts += [f"## The search on {escape(plain(search.task))}", _search(search)]
        parts.append(f"{escape(search.sentence)} {CHOSEN} was chosen.")
    parts += ["## Notes", *_bullets(notes(comparison))] if notes(comparison) else []
    return "\n\n".join(part for part in parts if part) + "\n"


def _task(table: TaskTable) -> str:
    digits = {metric: tables.places(table, metric) for metric in table.metrics}
    heads = ["#", "objective", *(tables.heading(table, m) for m in table.metrics)]
    further = ["at its best checkpoint", "runs", "diagnosis", "seconds"]
    lines = []
    for row in table.rows:
        values = [numbers.pair(row.metrics[m], digits[m]) for m in table.metrics]
        kept = tables.best(row, table.decider)
        best = numbers.pair(kept, digits[table.decider]) if kept.known else ""
        spent = numbers.mean(row.costs["seconds"], 1)
        line = [tables.rank(row), row.label, *values, best, tables.runs(row)]
        lines.append([*line, diagnosis.text(row), spent])
    for name, known in tables.nobody(table):
        values = [tables.given(known, metric, digits[metric]) for metric in table.metrics]
        lines.append(["", name, *values, *("" for _ in further)])
    return pipe_table(*_filled([*heads, *further], lines), left=(1,))


def _filled(heads: list[str], lines: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The columns in which anything stands."""
    kept = [place for place in range(len(heads)) if any(line[place] for line in lines)]
    return [heads[i] for i in kept], [[line[i] for i in kept] for line in lines]


def _costs(comparison: Summary) -> str:
    heads = ["task", "objective", "seconds", "CPU seconds", "relative"]
    heads += ["generator steps", "discriminator turns", "real samples"]
    lines = [
        [
            cost.task,
            cost.label,
            numbers.pair(cost.seconds, 1),
            numbers.pair(cost.cpu, 1),
            numbers.times(cost.times),
            numbers.count(cost.steps),
            numbers.count(cost.turns),
            numbers.count(cost.samples),
        ]
        for cost in tables.costs(comparison)
    ]
    return pipe_table(heads, lines, left=(0, 1)) if lines else "No run finished."


def pipe_table(
    heads: Sequence[str], lines: Iterable[Sequence[str]], *, left: tuple[int, ...]
) -> str:
    """A table of texts, those columns to the left that are named and the others to the right."""
    aligned = ["---" if place in left else "---:" for place in range(len(heads))]
    rows = [[escape(head) for head in heads], aligned]
    rows += [[escape(plain(cell)) for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _search(search: Tried) -> str:
    heads = [f"settings, and {search.metric} on samples set apart", *search.labels]
    lines = [[name, *(cell.marked for cell in cells)] for name, cells in search.lines]
    return pipe_table(heads, lines, left=(0,))


def _lost(table: TaskTable) -> list[str]:
    ends = [f"{row.label}, {tables.ending(record)}" for _, row, record in tables.losses([table])]
    if not ends:
        return []
    return [f"{tables.MARK} Means are over the runs that finished.", *_bullets(ends)]


def _bullets(lines: Iterable[str]) -> list[str]:
    return ["\n".join(f"- {escape(plain(line))}" for line in lines)]


def _prose(prose: Prose) -> str:
    return "".join(f"**{escape(plain(p))}**" if isinstance(p, Name) else escape(p) for p in prose)


def escape(text: str) -> str:
    """Text that Markdown takes as it is."""
    return SPECIAL.sub(r"\\\1", text)
