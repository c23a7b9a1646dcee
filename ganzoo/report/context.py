"""What the page of a comparison shows, gathered for its templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from ganzoo.records.record import Record
from ganzoo.records.selection import gaps, plain
from ganzoo.records.summary import Row, Summary, TaskTable
from ganzoo.report import diagnosis, docstring, numbers, prose, strips, tables
from ganzoo.report.certainty import certainty
from ganzoo.report.crowd import crowded, foremost
from ganzoo.report.curves import figures
from ganzoo.report.duels import duel
from ganzoo.report.evidence import evidence, group_anchor
from ganzoo.report.gaussian import doubt, doubts
from ganzoo.report.method import method
from ganzoo.report.notes import notes
from ganzoo.report.pareto import trade
from ganzoo.report.portraits import overlay, plots, stalls
from ganzoo.report.samples import gallery
from ganzoo.report.searching import CHOSEN, tried
from ganzoo.report.sentences import Name, Prose
from ganzoo.report.svg import swatch

__all__ = ["context"]

LONGEST_WORD = 18
SECTIONS = {
    "results": "Results",
    "samples": "Samples",
    "curves": "Curves",
    "certainty": "How sure",
    "cost": "Cost",
    "objectives": "Objectives",
    "method": "Method",
    "records": "Records",
}


def context(comparison: Summary, folder: Path, *, opponent: str = "") -> dict[str, Any]:
    """Everything that the templates ask for."""
    groups, common = evidence(comparison)
    sure = certainty(comparison, opponent=opponent)
    tasks = [_task(comparison, table, folder) for table in comparison.tasks]
    return {
        "name": plain(folder.resolve().name),
        "facts": _facts(comparison),
        "answer": [_prose(comparison, part) for part in prose.answer(comparison)],
        "doubts": _prose(comparison, doubts(comparison)),
        "notes": [*gaps(folder, comparison.records), *notes(comparison)],
        "names": {label: _name(comparison, label) for label in comparison.labels},
        "labels": comparison.labels,
        "sections": [(i, t) for i, t in SECTIONS.items() if sure or i != "certainty"],
        "tasks": tasks,
        "kept": any(task["kept"] for task in tasks),
        "words": diagnosis.legend(comparison),
        "certainty": sure,
        "crowded": crowded(comparison),
        "overlay": overlay(comparison),
        "stalling": [n for n, p in comparison.portraits.items() if stalls(p)],
        "objectives": [_objective(comparison, label) for label in comparison.labels],
        "costs": _costs(comparison),
        "method": method(comparison, folder),
        "searches": tried(comparison),
        "chosen": CHOSEN,
        "gaussian": any(table.gaussian for table in comparison.tasks),
        "evidence": groups,
        "made": common,
        "condition": _condition,
        "fmt": numbers,
        "mark": tables.MARK,
    }


def _facts(comparison: Summary) -> list[str]:
    records = comparison.records
    ended = {s: sum(r.status == s for r in records) for s in ("finished", "diverged", "failed")}
    runs = ", ".join(f"{n} {status}" for status, n in ended.items() if n)
    seeds = len({record.seed for record in records})
    spent = sum(record.speed.seconds for record in records)
    dates = sorted(record.finished_at[:10] for record in records if record.finished_at)
    facts = [
        _plural(len(comparison.labels), "objective"),
        _plural(len(comparison.tasks), "task"),
        _plural(seeds, "seed"),
        f"{_plural(len(records), 'run')}: {runs}" if records else "no runs",
        f"{numbers.duration(spent)} of training",
    ]
    return facts + ([plain(dates[-1])] if dates else [])


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _name(comparison: Summary, label: str) -> Markup:
    # A word too long for a column may be broken anywhere; others are not.
    broken = " long" if any(len(word) > LONGEST_WORD for word in label.split()) else ""
    classes = swatch(comparison.series(label)) + broken
    return Markup('<span class="name {}"><i></i>{}</span>').format(classes, plain(label))


def _prose(comparison: Summary, pieces: Prose) -> Markup:
    parts: list[str | Markup] = []
    for piece in pieces:
        if not isinstance(piece, Name):
            parts.append(piece)
        elif piece in comparison.labels:
            parts.append(_name(comparison, piece))
        else:
            parts.append(Markup("<b>{}</b>").format(plain(piece)))
    return Markup("").join(parts)


def _task(comparison: Summary, table: TaskTable, folder: Path) -> dict[str, Any]:
    axis = strips.strip_scale(table)
    kept = {row.label: tables.best(row, table.decider) for row in table.rows}
    words = {row.label: diagnosis.text(row) for row in table.rows}
    return {
        "table": table,
        "groups": {row.label: group_anchor(comparison, table, row) for row in table.rows},
        "places": {metric: tables.places(table, metric) for metric in table.metrics},
        "best": {metric: _best(table, metric) for metric in table.metrics},
        "kept": kept if any(found.known for found in kept.values()) else {},
        "words": words,
        "strips": {r.label: strips.strip(comparison, table, r, axis) for r in table.rows}
        if axis
        else {},
        "scale": strips.scale(table, axis) if axis else "",
        "verdict": _prose(comparison, prose.verdict(table, caution=len(comparison.tasks) < 2)),
        "doubt": _prose(comparison, doubt(table)),
        "nobody": tables.nobody(table),
        "lost": [(row.label, tables.ending(record)) for _, row, record in tables.losses([table])],
        "gallery": gallery(comparison, table, folder),
        "foremost": foremost(comparison, table),
        "figures": figures(comparison, table),
        "trade": trade(comparison, table),
        "tables": tables,
    }


def _best(table: TaskTable, metric: str) -> float | None:
    """The best mean of a metric that may rank, to be set off; None where it may not."""
    if metric not in table.ranked:
        return None
    means = [row.metrics[metric].mean for row in table.rows if row.metrics[metric].known]
    if len(means) < 2:
        return None
    return min(means) if table.lower(metric) else max(means)


def _objective(comparison: Summary, label: str) -> dict[str, Any]:
    portrait = comparison.portraits.get(label)
    rows = [(t, row) for t in comparison.tasks for row in t.rows if row.label == label]
    duels = [duel(comparison, table, row) for table, row in rows]
    return {
        "label": label,
        "portrait": portrait,
        "plots": plots(portrait, comparison.series(label)) if portrait else None,
        "ends": [_end(comparison, table, row) for table, row in rows],
        "duels": [one for one in duels if one is not None],
        "formulas": docstring.render(portrait.formulas) if portrait else "",
        "paper": docstring.reference(portrait.paper) if portrait else "",
    }


def _end(comparison: Summary, table: TaskTable, row: Row) -> dict[str, str]:
    """How an objective came out on a task, in a line."""
    parts = []
    if row.rank is not None:
        value = numbers.pair(row.metrics[table.decider], tables.places(table, table.decider))
        parts.append(f"place {row.rank:g} of {len(table.rows)}")
        parts.append(f"{numbers.title(table.decider)} {value}")
    parts += [part for part in (diagnosis.text(row),) if part]
    if row.incomplete:
        parts.append(f"{tables.runs(row).rstrip(tables.MARK)} runs finished")
    return {
        "task": table.task,
        "group": group_anchor(comparison, table, row),
        "text": "; ".join(parts) or "no result",
    }


def _condition(record: Record) -> str:
    """A run's status, with what was found wrong with it."""
    found = [plain(word) for word in diagnosis.found(record)]
    lost = diagnosis.missing(record)
    parts = [plain(record.status), *(word for word in found if word != record.status)]
    return ", ".join(parts) + (f" (missing: {lost})" if lost else "")


def _costs(comparison: Summary) -> list[tuple[str, list[dict[str, Any]]]]:
    """The costs by task, each with its share of the dearest in per cent, for a bar."""
    found: dict[str, list[dict[str, Any]]] = {}
    costs = tables.costs(comparison)
    for cost in costs:
        most = max(c.cpu.mean for c in costs if c.task == cost.task)
        share = 100 * cost.cpu.mean / most if most > 0 else 0.0
        found.setdefault(cost.task, []).append({"cost": cost, "share": f"{share:.1f}"})
    return list(found.items())
