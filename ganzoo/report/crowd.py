"""Comparisons of many objectives: which of them a chart sets off, as not all can be told apart."""

from __future__ import annotations

from ganzoo.records.summary import Summary, TaskTable
from ganzoo.records.versus import opponent

__all__ = ["MANY", "crowded", "foremost"]

MANY = 12
"""Objectives of which a chart still shows each in its colour."""

BEST = 8


def crowded(comparison: Summary) -> bool:
    """Whether there are too many objectives to tell each apart in a chart."""
    return len(comparison.labels) > MANY


def foremost(comparison: Summary, table: TaskTable) -> tuple[str, ...]:
    """The objectives that the charts of a task show in colour, the best first: of a crowd the
    eight best, and the one that all are tested against.
    """
    labels = [row.label for row in table.rows]
    if not crowded(comparison):
        return tuple(labels)
    usual = opponent(comparison.labels)
    return tuple(label for i, label in enumerate(labels) if i < BEST or label == usual)
