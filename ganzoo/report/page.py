"""The report as one self-contained HTML page: no network, no other file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from ganzoo.records.record import Record
from ganzoo.records.selection import plain
from ganzoo.records.summary import Summary, TaskTable, summarise
from ganzoo.report import docstring, numbers, prose, strips, tables
from ganzoo.report.curves import figures
from ganzoo.report.method import method
from ganzoo.report.notes import notes
from ganzoo.report.portraits import overlay, plots, stalls
from ganzoo.report.samples import gallery
from ganzoo.report.svg import swatch

__all__ = ["html", "write_html"]

LONGEST_WORD = 18


def write_html(records: Sequence[Record], folder: Path | str, path: Path | str) -> Path:
    """Write the page to ``path``; gives the path.

    Args:
        records: of the comparison.
        folder: of the comparison: samples and plan are read from it.
        path: of the page; its folder is made if need be. What stands there is replaced in
            one go.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.tmp")
    new.write_text(html(records, Path(folder)), encoding="utf-8")
    new.replace(target)
    return target


def html(records: Sequence[Record], folder: Path) -> str:
    """The page as text."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(plain=plain, duration=numbers.duration, count=numbers.count)
    style, script = _asset("page.css"), _asset("page.js")
    comparison = summarise(records)
    return environment.from_string(_asset("page.html.j2")).render(
        style=Markup(style),  # noqa: S704  ours, not the records'
        script=Markup(script),  # noqa: S704
        # The policy lets this one script run and nothing be fetched, whatever slips through.
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        page=_page(comparison, folder),
    )


def _asset(name: str) -> str:
    return resources.files("ganzoo.report").joinpath("assets", name).read_text(encoding="utf-8")


def _page(comparison: Summary, folder: Path) -> dict[str, Any]:
    return {
        "name": plain(folder.resolve().name),
        "facts": _facts(comparison),
        "answer": [_prose(comparison, part) for part in prose.answer(comparison)],
        "notes": notes(comparison),
        "names": {label: _name(comparison, label) for label in comparison.labels},
        "labels": comparison.labels,
        "tasks": [_task(comparison, table, folder) for table in comparison.tasks],
        "standings": comparison.standings if len(comparison.tasks) > 1 else (),
        "overlay": overlay(comparison),
        "stalling": [n for n, p in comparison.portraits.items() if stalls(p)],
        "objectives": [_objective(comparison, label) for label in comparison.labels],
        "costs": _costs(comparison),
        "method": method(comparison, folder),
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


def _prose(comparison: Summary, pieces: prose.Prose) -> Markup:
    parts: list[str | Markup] = []
    for piece in pieces:
        if not isinstance(piece, prose.Name):
            parts.append(piece)
        elif piece in comparison.labels:
            parts.append(_name(comparison, piece))
        else:
            parts.append(Markup("<b>{}</b>").format(plain(piece)))
    return Markup("").join(parts)


def _task(comparison: Summary, table: TaskTable, folder: Path) -> dict[str, Any]:
    axis = strips.strip_scale(table)
    return {
        "table": table,
        "places": {metric: tables.places(table, metric) for metric in table.metrics},
        "best": {metric: _best(table, metric) for metric in table.metrics},
        "strips": {r.label: strips.strip(comparison, table, r, axis) for r in table.rows}
        if axis
        else {},
        "scale": strips.scale(table, axis) if axis else "",
        "verdict": _prose(comparison, prose.verdict(table, caution=len(comparison.tasks) < 2)),
        "lost": [(row.label, tables.ending(record)) for _, row, record in tables.losses([table])],
        "gallery": gallery(comparison, table, folder),
        "figures": figures(comparison, table),
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
    return {
        "label": label,
        "portrait": portrait,
        "plots": plots(portrait, comparison.series(label)) if portrait else None,
        "formulas": docstring.render(portrait.formulas) if portrait else "",
        "paper": docstring.reference(portrait.paper) if portrait else "",
    }


def _costs(comparison: Summary) -> list[tuple[str, list[dict[str, Any]]]]:
    """The costs by task, each with its share of the dearest in per cent, for a bar."""
    found: dict[str, list[dict[str, Any]]] = {}
    costs = tables.costs(comparison)
    for cost in costs:
        most = max(c.cpu.mean for c in costs if c.task == cost.task)
        share = 100 * cost.cpu.mean / most if most > 0 else 0.0
        found.setdefault(cost.task, []).append({"cost": cost, "share": f"{share:.1f}"})
    return list(found.items())
