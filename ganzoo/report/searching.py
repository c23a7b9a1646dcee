"""The search for settings as a table: a line for each draw, a column for each objective, so that
a reader sees whether all had the same chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ganzoo.records.searches import Search, Try, searches
from ganzoo.records.selection import in_order, plain
from ganzoo.records.summary import Summary, TaskTable
from ganzoo.report import numbers

__all__ = ["CHOSEN", "Cell", "Tried", "scored", "settled", "tried"]

CHOSEN = "\u2713"
AS_THEY_ARE = "as they are"


class Cell(NamedTuple):
    """What a draw scored for an objective, and whether it was the one that was chosen."""

    text: str
    chosen: bool

    @property
    def marked(self) -> str:
        """The text, with a mark if it was chosen."""
        return f"{self.text} {CHOSEN}" if self.chosen else self.text


@dataclass(frozen=True)
class Tried:
    """The search on a task.

    Args:
        task: its name.
        labels: the objectives, by their ranks.
        metric: what decided, with the way that is better.
        lines: the settings of each draw in words, and a cell for each objective.
        sentence: how equal the search was.
    """

    task: str
    labels: tuple[str, ...]
    metric: str
    lines: tuple[tuple[str, tuple[Cell, ...]], ...]
    sentence: str


def tried(comparison: Summary) -> list[Tried]:
    """The searches of a comparison, a task at a time; none where settings were not searched for."""
    every = ((table, searches(table)) for table in comparison.tasks)
    return [_tried(table, found) for table, found in every if found]


def settled(one: Try) -> str:
    """The settings of a draw in words."""
    return ", ".join(f"{plain(n)}={_value(v)}" for n, v in one.settings.items()) or AS_THEY_ARE


def scored(one: Try) -> str:
    """What a draw scored, or why it did not."""
    if one.value is not None:
        return f"{one.value:.3g}".replace("-", "\u2212")
    return "no value" if one.status == "finished" else plain(one.status)


def _tried(table: TaskTable, found: tuple[Search, ...]) -> Tried:
    cells: dict[str, dict[str, Cell]] = {}
    for search in found:
        for place, one in enumerate(search.tries):
            line = cells.setdefault(settled(one), {})
            line[search.label] = Cell(scored(one), place == search.chosen)
    labels = tuple(search.label for search in found)
    absent = Cell(numbers.ABSENT, chosen=False)
    lines = ((name, tuple(line.get(n, absent) for n in labels)) for name, line in cells.items())
    titles = in_order(_title(table, search.metric) for search in found if search.metric)
    return Tried(table.task, labels, ", ".join(titles), tuple(lines), _sentence(found))


def _title(table: TaskTable, metric: str) -> str:
    return f"{numbers.title(metric)} {numbers.arrow(table.lower(metric))}"


def _sentence(found: tuple[Search, ...]) -> str:
    draws = {search.draws for search in found}
    same = len({tuple(settled(one) for one in search.tries) for search in found}) == 1
    whole = all(search.whole for search in found)
    if len(draws) > 1:
        said = "The objectives had different numbers of draws: " + _counted(
            {search.label: search.draws for search in found}
        )
    elif not whole:
        said = f"Each objective had {_draws(found[0].draws)}"
    else:
        kind = "the same" if same else "not the same"
        said = f"Each objective had {_draws(found[0].draws)}, {kind} for all"
    without = {s.label: sum(one.value is None for one in s.tries) for s in found}
    lost = {label: count for label, count in without.items() if count}
    sentences = [said, *([f"Without a value ended {_counted(lost)}"] if lost else [])]
    sentences += [] if whole else ["Of some, the records kept the chosen draw alone"]
    return ". ".join(sentences) + "."


def _draws(count: int) -> str:
    return f"{count} draw{'' if count == 1 else 's'}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} of {plain(label)}" for label, count in counts.items())


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_value, value))})"
    return f"{value:g}" if isinstance(value, float) else plain(value)
