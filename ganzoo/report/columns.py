"""Columns of a table in a terminal, and which of them fit its width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from textwrap import wrap

from rich import box
from rich.table import Table
from rich.text import Text

__all__ = ["Column", "drawn", "fitting"]

WIDEST_LABEL = 30
MOST_WORD = 11
GAP = 2


@dataclass
class Column:
    """A column of texts: the heading, a text for each row, those of the lines at the foot; the
    more important the lower ``order``, and 0 is never left out.
    """

    head: str
    cells: list[str]
    feet: Sequence[str] = ()
    order: int = 0
    right: bool = True
    style: str = ""
    lines: str = field(init=False)
    width: int = field(init=False)

    def __post_init__(self) -> None:
        within = max(map(len, (*self.feet, *self.cells)), default=0)
        self.lines = "\n".join(wrap(self.head, max(within, MOST_WORD), break_long_words=False))
        self.width = max(within, *map(len, self.lines.split("\n")))
        if not self.right:
            self.width = min(self.width, WIDEST_LABEL)


def fitting(columns: Sequence[Column], width: int) -> list[Column]:
    """Those that fit, the least important ones left out first."""
    kept = list(columns)
    while sum(c.width + GAP for c in kept) > width and any(c.order for c in kept):
        kept.remove(max(kept, key=lambda column: column.order))
    return kept


def drawn(columns: Sequence[Column], styles: Iterable[str] = ()) -> Table:
    """A table of these columns, with a style for each row; what stands under them all is a
    section of its own.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, GAP, 0, 0), show_edge=False)
    for column in columns:
        table.add_column(
            Text(column.lines),
            justify="right" if column.right else "left",
            max_width=None if column.right else column.width,
            no_wrap=column.right,
            style=column.style,
            overflow="fold",
        )
    every = list(styles)
    for place in range(len(columns[0].cells)):
        style = every[place] if every else ""
        table.add_row(*(Text(column.cells[place]) for column in columns), style=style)
    if any(column.feet for column in columns):
        table.add_section()
    for feet in zip_longest(*(column.feet for column in columns), fillvalue=""):
        table.add_row(*map(Text, feet), style="italic")
    return table
