"""The report in a terminal: a table for each task that fits the width, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ganzoo.records.record import Record
from ganzoo.records.selection import plain
from ganzoo.records.summary import Row, TaskTable, summarise
from ganzoo.report import numbers, tables
from ganzoo.report.notes import notes
from ganzoo.report.prose import Name, Prose, answer, verdict

__all__ = ["print_terminal"]

WIDEST_LABEL = 30
WIDEST_TEXT = 100
MOST_WORD = 11
GAP = 2


@dataclass
class _Column:
    """A column of texts: the heading, a text for each row, the floor's; the more important
    the lower ``order``.
    """

    head: str
    cells: list[str]
    floor: str = ""
    order: int = 0
    right: bool = True
    style: str = ""
    lines: str = field(init=False)
    width: int = field(init=False)

    def __post_init__(self) -> None:
        within = max(map(len, (self.floor, *self.cells)))
        self.lines = "\n".join(wrap(self.head, max(within, MOST_WORD), break_long_words=False))
        self.width = max(within, *map(len, self.lines.split("\n")))
        if not self.right:
            self.width = min(self.width, WIDEST_LABEL)


def print_terminal(records: Sequence[Record], console: Console) -> None:
    """Print a table for each task and what it shows, to the console's width.

    Columns that do not fit are left out, the least important first, and named beneath.
    """
    comparison = summarise(records)
    if not records:
        console.print("No records: nothing has been run yet.")
        return
    for table in comparison.tasks:
        console.print()
        _print_task(table, console, alone=len(comparison.tasks) < 2)
    if len(comparison.tasks) > 1:
        console.print()
        for place, paragraph in enumerate(answer(comparison)):
            _say(console, _text("" if place else "Over all tasks: ", paragraph))
    found = notes(comparison)
    if found:
        console.print()
    for note in found:
        _say(console, Text(f"Note: {note}", style="dim"))


def _print_task(table: TaskTable, console: Console, *, alone: bool) -> None:
    columns = _columns(table)
    kept = _fitting(columns, console.width)
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, GAP, 0, 0), show_edge=False)
    for column in kept:
        drawn.add_column(
            Text(column.lines),
            justify="right" if column.right else "left",
            max_width=None if column.right else column.width,
            no_wrap=column.right,
            style=column.style,
            overflow="fold",
        )
    for place, row in enumerate(table.rows):
        style = "bold" if row.rank == 1 else "dim" if row.rank is None else ""
        drawn.add_row(*(Text(column.cells[place]) for column in kept), style=style)
    if table.floor:
        drawn.add_section()
        drawn.add_row(*(Text(column.floor) for column in kept), style="italic")
    console.print(Text(plain(table.task), style="bold underline"))
    console.print(drawn)
    for line in _beneath(table, [c.head for c in columns if c not in kept]):
        _say(console, Text(line, style="dim"))
    _say(console, _text("", verdict(table, caution=alone)))


def _columns(table: TaskTable) -> list[_Column]:
    rows = table.rows
    columns = [
        _Column("#", [tables.rank(row) for row in rows]),
        _Column("objective", [plain(row.label) for row in rows], tables.FLOOR, right=False),
    ]
    for place, metric in enumerate(table.metrics):
        digits = tables.places(table, metric)
        columns.append(
            _Column(
                tables.heading(table, metric),
                [numbers.pair(row.metrics[metric], digits) for row in rows],
                numbers.number(table.floor[metric], digits) if metric in table.floor else "",
                order=0 if metric == table.decider else 3 + place,
                style="" if metric in table.ranked else "dim",
            )
        )
    columns.append(_Column("runs", [tables.runs(row) for row in rows], order=1))
    columns.append(_Column("seconds", [_seconds(row) for row in rows], order=2))
    return columns


def _seconds(row: Row) -> str:
    spent = row.costs["seconds"]
    return numbers.mean(spent, 1)


def _fitting(columns: Sequence[_Column], width: int) -> list[_Column]:
    kept = list(columns)
    while sum(c.width + GAP for c in kept) > width and any(c.order for c in kept):
        kept.remove(max(kept, key=lambda column: column.order))
    return kept


def _beneath(table: TaskTable, dropped: Sequence[str]) -> list[str]:
    lines = []
    for row in table.rows:
        ends = [tables.ending(r) for r in row.records if r.status != "finished"]
        if ends:
            lines.append(f"{tables.MARK} {plain(row.label)}: {'; '.join(ends)}")
    if dropped:
        lines.append(f"not shown at this width: {', '.join(dropped)}")
    return lines


def _say(console: Console, text: Text) -> None:
    """Print sentences in lines that an eye can follow."""
    console.print(text, width=min(console.width, WIDEST_TEXT))


def _text(before: str, prose: Prose) -> Text:
    text = Text(before, style="")
    for piece in prose:
        text.append(plain(piece) if isinstance(piece, Name) else piece, _style(piece))
    return text


def _style(piece: str) -> str:
    return "bold" if isinstance(piece, Name) else ""
