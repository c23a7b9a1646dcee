"""The search for settings that came before runs: what was tried, scored and chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganzoo.records.record import Record
from ganzoo.records.selection import finite
from ganzoo.records.summary import Row, TaskTable

__all__ = ["Search", "Try", "searches"]


@dataclass(frozen=True)
class Try:
    """A draw of settings: ``value`` is of the metric that decided, on the samples set apart,
    None without one; ``status`` is how its run ended.
    """

    settings: Mapping[str, Any]
    value: float | None
    status: str


@dataclass(frozen=True)
class Search:
    """What was tried for an objective on a task.

    Args:
        label: of the objective.
        metric: that decided; empty where no draw had a value of it.
        draws: how many.
        tries: each of them, the chosen one alone in records that did not keep the others.
        chosen: the place of the chosen one among the tries.
    """

    label: str
    metric: str
    draws: int
    tries: tuple[Try, ...]
    chosen: int

    @property
    def best(self) -> Try:
        """The one that was chosen."""
        return self.tries[self.chosen]

    @property
    def whole(self) -> bool:
        """Whether all that was tried is known."""
        return len(self.tries) == self.draws


def searches(table: TaskTable) -> tuple[Search, ...]:
    """The searches of a task, an objective at a time, by their ranks; of objectives that had
    none, none.
    """
    found = (_search(row) for row in table.rows)
    return tuple(search for search in found if search is not None)


def _search(row: Row) -> Search | None:
    told = _told(row.records)
    if told is None:
        return None
    tries = tuple(
        Try(_mapping(each.get("settings")), finite(each.get("validation")), str(each.get("status")))
        for each in told.get("tried", ())
        if isinstance(each, Mapping)
    )
    chosen = told.get("draw", 0)
    if not isinstance(chosen, int) or not 0 <= chosen < len(tries):
        value = finite(told.get("validation"))
        tries = (Try(_mapping(told.get("settings")), value, "finished" if value else "unknown"),)
        chosen = 0
    return Search(row.label, str(told.get("metric", "")), int(told["draws"]), tries, chosen)


def _told(records: Sequence[Record]) -> Mapping[str, Any] | None:
    """What the records say of the search; the largest, where an earlier one was of less."""
    kept = [r.tuned for r in records if isinstance(r.tuned.get("draws"), int)]
    return max(kept, key=lambda tuned: tuned["draws"], default=None)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
