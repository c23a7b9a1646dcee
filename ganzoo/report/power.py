"""What this many seeds can show, in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ganzoo.records.estimates import detectable, logarithms
from ganzoo.records.summary import TaskTable
from ganzoo.report import numbers

__all__ = ["reach", "seeds_sentence", "word"]

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
FEW = 4
HUGE = 1000.0
FACTOR = "a factor of about "


def word(value: int) -> str:
    """A small number as a word."""
    return WORDS[value] if value < len(WORDS) else str(value)


def reach(table: TaskTable) -> str:
    """The least difference that the fewest seeds of a task would show, four times in five,
    between objectives that spread as these do on the mean: ``"a factor of about 4.1"``;
    empty where that cannot be said.
    """
    placed = [row.metrics[table.decider] for row in table.rows if row.rank is not None]
    lower = table.lower(table.decider)
    factors = lower and all(value > 0 for e in placed for value in e.values)
    tests = len(placed) * (len(placed) - 1) // 2
    scaled = logarithms(placed) if factors else placed
    gap = detectable(scaled, table.seeds[0], tests=tests) if tests else math.nan
    if math.isnan(gap):
        return ""
    if not factors:
        return f"about {gap:.2g}"
    factor = math.exp(min(gap, 700.0))
    if factor > HUGE:
        return "a factor above a thousand"
    return f"{FACTOR}{numbers.factor(factor)}"


def seeds_sentence(tables: Sequence[TaskTable]) -> str:
    """What so many seeds can show on these tasks; empty where there is nothing to say."""
    fewest = min(table.seeds[0] for table in tables)
    most = max(table.seeds[1] for table in tables)
    if most < 2:
        return "One seed shows what happened once, and no more."
    seeds = word(most) if fewest == most else f"{word(fewest)} to {word(most)}"
    found = [(table.task, text) for table in tables if (text := reach(table))]
    if not found:
        return f"With {seeds} seeds, only large differences can be shown." if fewest <= FEW else ""
    each = [text if len(tables) < 2 else f"{text} on {task}" for task, text in found]
    each[1:] = [
        text.removeprefix(FACTOR) if each[0].startswith(FACTOR) else text for text in each[1:]
    ]
    listed = ", ".join(each[:-1]) + (" and " if each[1:] else "") + each[-1]
    return (
        f"With {seeds} seeds and spreads like these, a difference is likely to be shown (four "
        f"times in five) from {listed}; smaller ones stay open."
    )
