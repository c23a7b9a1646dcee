"""The report in a terminal: a table for each task that fits the width, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ganzoo.records.record import Record
from ganzoo.records.selection import plain
from ganzoo.records.summary import Row, TaskTable, summarise
from ganzoo.records.versus import against
from ganzoo.report import diagnosis, numbers, tables
from ganzoo.report.columns import Column, drawn, fitting
from ganzoo.report.gaussian import doubt
from ganzoo.report.notes import notes
from ganzoo.report.prose import answer, verdict
from ganzoo.report.searching import CHOSEN, Tried, tried
from ganzoo.report.sentences import Name, Prose

__all__ = ["print_terminal"]

WIDEST_TEXT = 100


def print_terminal(records: Sequence[Record], console: Console, *, opponent: str = "") -> None:
    """Print a table for each task and what it shows, to the console's width.

    Columns that do not fit are left out, the least important first, and named beneath. With an
    ``opponent``, every objective is tested against the one of that label.

    Raises:
        UnknownName: no objective is called so.
    """
    comparison = summarise(records)
    versus = against(records, opponent) if opponent else ()
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
    if versus:
        console.print()
    for one in versus:
        _say(console, Text(plain(one.text())))
    for search in tried(comparison):
        console.print()
        _print_search(search, console)
    found = notes(comparison)
    if found:
        console.print()
    for note in found:
        _say(console, Text(f"Note: {note}", style="dim"))


def _print_task(table: TaskTable, console: Console, *, alone: bool) -> None:
    columns = _columns(table)
    kept = fitting(columns, console.width)
    styles = ["bold" if r.rank == 1 else "dim" if r.rank is None else "" for r in table.rows]
    console.print(Text(plain(table.task), style="bold underline"))
    console.print(drawn(kept, styles))
    for line in _beneath(table, [c.head for c in columns if c not in kept]):
        _say(console, Text(line, style="dim"))
    _say(console, _text("", verdict(table, caution=alone)))
    if doubtful := doubt(table):
        _say(console, _text("", doubtful))


def _print_search(search: Tried, console: Console) -> None:
    """What was tried, a draw a line; objectives that do not fit are named."""
    draws = [name for name, _ in search.lines]
    columns = [Column("settings that were tried", draws, right=False)]
    for place, label in enumerate(search.labels):
        cells = [cells[place].marked for _, cells in search.lines]
        columns.append(Column(plain(label), cells, order=1 + place))
    kept = fitting(columns, console.width)
    title = f"Search on {plain(search.task)}: {search.metric or 'no value'}, on samples set apart"
    _say(console, Text(title, style="bold"))
    console.print(drawn(kept))
    if dropped := [c.head for c in columns if c not in kept]:
        _say(console, Text(f"not shown at this width: {', '.join(dropped)}", style="dim"))
    _say(console, Text(f"{search.sentence} {CHOSEN} was chosen.", style="dim"))


def _columns(table: TaskTable) -> list[Column]:
    rows, beneath = table.rows, tables.nobody(table)
    columns = [
        Column("#", [tables.rank(row) for row in rows]),
        Column(
            "objective",
            [plain(row.label) for row in rows],
            [name for name, _ in beneath],
            right=False,
        ),
    ]
    for place, metric in enumerate(table.metrics):
        digits = tables.places(table, metric)
        columns.append(
            Column(
                tables.heading(table, metric),
                [numbers.pair(row.metrics[metric], digits) for row in rows],
                [tables.given(values, metric, digits) for _, values in beneath],
                order=0 if metric == table.decider else 3 + place,
                style="" if metric in table.ranked else "dim",
            )
        )
    if any(tables.best(row, table.decider).known for row in rows):
        columns.insert(3, _best(table))
    words = [diagnosis.text(row) for row in rows]
    if any(words):
        columns.append(Column("diagnosis", words, order=1, right=False))
    columns.append(Column("runs", [tables.runs(row) for row in rows], order=1))
    columns.append(Column("seconds", [_seconds(row) for row in rows], order=2))
    return columns


def _best(table: TaskTable) -> Column:
    digits = tables.places(table, table.decider)
    cells = [numbers.pair(tables.best(row, table.decider), digits) for row in table.rows]
    return Column("at its best checkpoint", cells, order=2)


def _seconds(row: Row) -> str:
    spent = row.costs["seconds"]
    return numbers.mean(spent, 1)


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
