"""How commands write: tables for the eye, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["against_option", "console", "print_json", "print_table"]

_WIDE = 200

against_option = click.option(
    "--against",
    default="",
    metavar="LABEL",
    help="Test every objective against this one; on the page by default nonsaturating, or else "
    "the plan's first.",
)
"""Of the commands that show a comparison."""


def console(*, stderr: bool = False) -> Console:
    """Where tables go: as wide as the terminal, and wide enough for a line in a pipe. Text is
    taken as it is, brackets too. ``stderr`` leaves the standard output to a program.
    """
    from rich.console import Console

    made = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if not made.is_terminal:
        made.width = _WIDE
    return made


def print_json(value: Any) -> None:
    """Write JSON, indented."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(
    rows: Iterable[Sequence[str]], columns: Sequence[str], *, title: str = "", styles: str = ""
) -> None:
    """Write a table without vertical lines; columns that are empty in every row are left out.

    Args:
        rows: texts.
        columns: their headings.
        title: a line above.
        styles: a letter for each column: ``k`` for the key, ``d`` for dim, ``.`` for plain,
            ``r`` for numbers on the right.
    """
    from rich.table import Table

    every = [list(row) for row in rows]
    out = console()
    if title:
        out.print(title, style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.show_header = any(columns)
    kept = [place for place in range(len(columns)) if any(row[place] for row in every)]
    for place in kept:
        letter = styles[place] if place < len(styles) else "."
        table.add_column(
            columns[place],
            style={"k": "cyan", "d": "dim"}.get(letter, ""),
            justify="right" if letter == "r" else "left",
            no_wrap=letter in "kr",
            overflow="fold",
        )
    for row in every:
        table.add_row(*(row[place] for place in kept))
    out.print(table)
