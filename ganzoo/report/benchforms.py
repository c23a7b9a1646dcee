"""Tables of benchmarks in the terminal, as Markdown, CSV, JSON and one page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.text import Text

from ganzoo.records.selection import in_order
from ganzoo.report.benches import Sheet, flat
from ganzoo.report.columns import Column, drawn, fitting
from ganzoo.report.markdown import escape, pipe_table
from ganzoo.report.page import rendered, write_page

__all__ = ["bench_csv", "bench_html", "bench_json", "bench_markdown", "print_benchmarks"]


def print_benchmarks(sheets: Sequence[Sheet], console: Console) -> None:
    """Print a table for each sheet; a heading breaks before a number does."""
    for place, sheet in enumerate(sheets):
        if not place or sheet.file != sheets[place - 1].file:
            console.print()
            console.print(Text(sheet.file, style="bold underline"))
            console.print(Text(_machine(sheet), style="dim"))
        columns = [
            Column(head, [row[i] for row in sheet.rows], order=i, right=i >= _texts(sheet))
            for i, head in enumerate(sheet.heads)
        ]
        # What was measured, and by what, is in every table.
        for column in columns[: _texts(sheet)]:
            column.order = 0
        kept = fitting(columns, console.width)
        console.print()
        console.print(Text(sheet.title, style="bold"))
        console.print(drawn(kept))
        dropped = ", ".join(c.head for c in columns if c not in kept)
        lines = [f"not shown at this width: {dropped}"] if dropped else []
        for line in _beneath(sheet) + lines:
            console.print(Text(line, style="dim"))


def bench_markdown(sheets: Sequence[Sheet]) -> str:
    """The tables as Markdown."""
    parts = ["# Benchmarks"]
    for place, sheet in enumerate(sheets):
        if not place or sheet.file != sheets[place - 1].file:
            parts += [f"## {escape(sheet.file)}", escape(_machine(sheet))]
        left = tuple(range(_texts(sheet)))
        parts += [f"### {escape(sheet.title)}"] if sheet.title else []
        parts.append(pipe_table(sheet.heads, sheet.rows, left=left))
        parts += ["\n".join(f"- {escape(line)}" for line in _beneath(sheet))]
    return "\n\n".join(part for part in parts if part) + "\n"


def bench_csv(sheets: Sequence[Sheet]) -> str:
    """Every row with everything that was recorded of it; what it lacks is empty."""
    rows = [row for sheet in sheets for row in flat(sheet)]
    out = io.StringIO()
    heads = in_order(name for row in rows for name in row)
    writer = csv.DictWriter(out, heads, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def bench_json(sheets: Sequence[Sheet]) -> str:
    """The same as one array, with the machine of each sheet."""
    found = [
        {
            "file": sheet.file,
            "group": sheet.title,
            "machine": sheet.machine,
            "rows": sheet.values,
            "absent": sheet.absent,
        }
        for sheet in sheets
    ]
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def bench_html(sheets: Sequence[Sheet], name: str, path: Path) -> Path:
    """Write the tables as one page; gives its path."""
    files = [
        {
            "name": file,
            "machine": next(sheet.machine for sheet in sheets if sheet.file == file),
            "sheets": [(s, _texts(s), _beneath(s)) for s in sheets if s.file == file],
        }
        for file in in_order(sheet.file for sheet in sheets)
    ]
    page = {"name": name, "files": files}
    return write_page(rendered("benchmarks.html.j2", page), path)


def _texts(sheet: Sheet) -> int:
    """How many of the first columns are words."""
    return 2 if "by" in sheet.heads[:2] else 1


def _machine(sheet: Sheet) -> str:
    return ", ".join(f"{name} {value}" for name, value in sheet.machine.items())


def _beneath(sheet: Sheet) -> list[str]:
    alike = ", ".join(f"{name} {value}" for name, value in sheet.alike.items())
    lines = [f"every row: {alike}"] if alike else []
    return lines + [f"not measured: {what}: {why}" for what, why in sheet.absent.items()]
