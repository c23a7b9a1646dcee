"""How sure the whole comparison is: ranks, pooled scores, and every pair by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ganzoo.errors import Incompatible
from ganzoo.records.estimates import Contrast, contrasts
from ganzoo.records.pooled import Pooled, improvements, pooled
from ganzoo.records.ranking import ranking
from ganzoo.records.summary import Summary, TaskTable
from ganzoo.records.versus import Versus, against
from ganzoo.report import numbers
from ganzoo.report.axes import spanning
from ganzoo.report.ranks import Diagram, diagram
from ganzoo.report.strips import interval

__all__ = ["Cell", "Certainty", "Pair", "certainty"]

COVERED = {2: "50 to 80 %", 3: "70 to 87 %", 4: "88 to 90 %"}
"""What a bootstrap interval that says 95 % covers, with so few seeds for each of one to five
tasks; ``tests/records/test_pooled.py`` repeats the simulation in small.
"""


@dataclass(frozen=True)
class Cell:
    """A probability of improvement: its text, and how dark its cell is, in per cent."""

    text: str
    shade: int


@dataclass(frozen=True)
class Pair:
    """Two objectives on a task: by how much the first is ahead, and how sure that is."""

    first: str
    second: str
    gap: str
    p: str
    verdict: str
    shown: bool


@dataclass(frozen=True)
class Certainty:
    """What the section shows; ``diagram`` is None with too few objectives or blocks, and
    ``asked`` says whether the opponent of ``versus`` was named by whoever made the page.
    """

    order: tuple[str, ...]
    places: Mapping[str, tuple[str, ...]]
    diagram: Diagram | None
    why: str
    pooled: Mapping[str, tuple[Markup, str]]
    caution: str
    matrix: Mapping[tuple[str, str], Cell]
    pairs: Mapping[str, tuple[Pair, ...]]
    versus: tuple[Versus, ...]
    asked: bool


def certainty(comparison: Summary, *, opponent: str = "") -> Certainty | None:
    """Everything there is to say of all tasks together; None without two ranked objectives.
    ``opponent`` is whom every objective is tested against, or empty for the usual one.

    Raises:
        UnknownName: no objective is called like the opponent.
    """
    versus = against(comparison.records, opponent)
    scores = pooled(comparison)
    if len(scores) < 2:
        return None
    drawn, why = _diagram(comparison)
    order = tuple(drawn.ranks) if drawn else tuple(one.label for one in scores)
    rest = tuple(label for label in comparison.labels if label not in order)
    found = improvements(comparison.tasks)
    return Certainty(
        order + rest,
        {label: _places(comparison, label) for label in comparison.labels},
        drawn,
        why,
        _pooled(comparison, scores),
        _caution(comparison),
        {pair: _cell(chance) for pair, chance in found.items()},
        {table.task: pairs for table in comparison.tasks if (pairs := _pairs(table))},
        versus,
        bool(opponent),
    )


def _diagram(comparison: Summary) -> tuple[Diagram | None, str]:
    try:
        return diagram(comparison, ranking(comparison.records)), ""
    except Incompatible as error:
        return None, str(error)


def _places(comparison: Summary, label: str) -> tuple[str, ...]:
    return tuple(
        next((f"{row.rank:g}" for row in table.rows if row.label == label and row.rank), "\u2013")
        for table in comparison.tasks
    )


def _pooled(comparison: Summary, scores: tuple[Pooled, ...]) -> dict[str, tuple[Markup, str]]:
    ends = [v for one in scores for v in (one.score.low, one.score.high)]
    axis = spanning([*ends, 0.0], room=0.05)
    found = {}
    for label, score in ((one.label, one.score) for one in scores):
        text = f"{_signed(score.centre)} ({_signed(score.low)} to {_signed(score.high)})"
        drawn = interval(axis, score, series=comparison.series(label), about=text)
        found[label] = (drawn, text)
    return found


def _signed(value: float) -> str:
    return numbers.number(value, 2) if value < 0.005 else f"+{value:.2f}"


def _caution(comparison: Summary) -> str:
    fewest = min((table.seeds[0] for table in comparison.tasks if table.seeds[0]), default=0)
    if fewest >= 5:
        return ""
    if fewest not in COVERED:
        return "With one seed a task, an interval over seeds means nothing."
    return (
        f"With {fewest} seeds a task, an interval of this kind that says 95 % covers the truth "
        f"in {COVERED[fewest]} of cases only."
    )


def _cell(chance: float) -> Cell:
    return Cell(f"{100 * chance:.0f}", round(abs(chance - 0.5) * 100))


def _pairs(table: TaskTable) -> tuple[Pair, ...]:
    lower = table.lower(table.decider) if table.decider else True
    named = [(r.label, r.metrics[table.decider]) for r in table.rows if r.rank is not None]
    means = dict(named)
    found = []
    for one in contrasts(named, lower=lower):
        first, second = means[one.first].mean, means[one.second].mean
        found.append(
            Pair(
                one.first,
                one.second,
                _gap(first, second, lower),
                numbers.probability(one.p),
                _verdict(one),
                one.shown,
            )
        )
    return tuple(found)


def _gap(first: float, second: float, lower: bool) -> str:
    if lower and 0 < first <= second:
        return f"{numbers.factor(second / first)} times as much"
    return f"{abs(second - first):.3g} {'more' if second >= first else 'less'}"


def _verdict(one: Contrast) -> str:
    if one.shown:
        return "shown"
    if math.isnan(one.p):
        return "cannot be tested: too few values, or no spread"
    return f"open; about {one.needed} seeds each" if one.needed else "open; no sign of it yet"
