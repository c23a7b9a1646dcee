"""Every objective against one of them: Wilcoxon's signed-rank test over blocks, by Holm."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy

from ganzoo.errors import UnknownName, closest
from ganzoo.records.ranking import blocks_of
from ganzoo.records.record import Record
from ganzoo.records.statistics import holm, wilcoxon

__all__ = ["LEAST_BLOCKS", "USUAL", "Versus", "against", "opponent"]

LEVEL = 0.05

USUAL = "nonsaturating"
"""What everything is tested against where it takes part."""

LEAST_BLOCKS = 6
"""With fewer, no outcome whatever has a two-sided p below 5 %."""


@dataclass(frozen=True)
class Versus:
    """An objective against another, over the blocks (a task with a seed) that both have.

    Args:
        label: of the objective.
        opponent: the label of the other one.
        wins, losses: in how many blocks it ended better, and worse.
        p: two-sided, by Wilcoxon's signed-rank test, times what Holm's correction for all
            objectives asks; NaN where it cannot be made.
    """

    label: str
    opponent: str
    wins: int
    losses: int
    p: float

    @property
    def shown(self) -> bool:
        """Whether the blocks show a difference, at 5 %."""
        return self.p < LEVEL

    def text(self) -> str:
        """The comparison in a sentence."""
        blocks = self.wins + self.losses
        if not blocks:
            return f"{self.label} and {self.opponent} have no block in which they differ."
        head = f"{self.label} ended better than {self.opponent} in {self.wins} of {blocks} blocks"
        if blocks < LEAST_BLOCKS:
            return f"{head}; of fewer than {LEAST_BLOCKS} no such count can show a difference."
        if not self.shown:
            return f"{head}; that shows no difference (p = {self.p:.2g})."
        return f"{head}: it is {self.verdict()} (p = {self.p:.2g})."

    def verdict(self) -> str:
        """What the blocks show, in a word or two."""
        if not self.shown:
            return "too few blocks" if self.wins + self.losses < LEAST_BLOCKS else "open"
        # The test goes by the sizes of the differences as well as by their number.
        return "better" if self.wins > self.losses else "worse"


def opponent(labels: Iterable[str], asked: str = "") -> str:
    """Whom everything is tested against: the one that is asked for, else nonsaturating where it
    takes part, else the first. Named beforehand, as one that is chosen by its results would
    make the test a lie.

    Raises:
        UnknownName: no objective is called as asked.
    """
    labels = list(dict.fromkeys(labels))
    if not asked:
        return USUAL if USUAL in labels else next(iter(labels), "")
    if asked not in labels:
        raise UnknownName(
            f"no objective is called {asked!r}.{closest(asked, labels)} "
            f"There are {', '.join(labels)}."
        )
    return asked


def against(records: Sequence[Record], label: str = "") -> tuple[Versus, ...]:
    """Every other objective of the records against one of them, by the deciding metric.

    Differences are of logarithms on a task whose values are all positive, and else in standard
    deviations of the task, so that tasks can be counted together. A run that diverged is worse
    than any other; blocks in which a run failed are left out.

    Args:
        records: of a comparison.
        label: of the one; see :func:`opponent` for which it is without.

    Raises:
        UnknownName: no objective is called so.
    """
    labels = list(dict.fromkeys(record.label for record in records))
    other = opponent(labels, label)
    found = []
    for each in labels:
        if each != other:
            differences = _differences(records, each, other)
            wins, losses = (sum(sign * d > 0 for d in differences) for sign in (-1, 1))
            p = wilcoxon(_finite(differences)) if wins + losses else math.nan
            found.append(Versus(each, other, wins, losses, p))
    corrected = holm([versus.p for versus in found])
    return tuple(
        Versus(v.label, v.opponent, v.wins, v.losses, p)
        for v, p in zip(found, corrected, strict=True)
    )


def _differences(records: Sequence[Record], label: str, other: str) -> list[float]:
    """The label's cost less the other's in every block that has both."""
    blocks = blocks_of(records)
    gathered: dict[str, list[tuple[float, float]]] = {}
    for (task, _), costs in blocks.items():
        if label in costs and other in costs:
            gathered.setdefault(task, []).append((costs[label], costs[other]))
    found: list[float] = []
    for pairs in gathered.values():
        known = [cost for pair in pairs for cost in pair if math.isfinite(cost)]
        if known and min(known) > 0:
            pairs = [(math.log(a), math.log(b)) for a, b in pairs]
            unit = 1.0
        else:
            unit = float(numpy.std(known)) or 1.0 if known else 1.0
        found += [0.0 if a == b else (a - b) / unit for a, b in pairs]
    return found


def _finite(differences: Sequence[float]) -> list[float]:
    """An infinite difference is beyond all others; among themselves they are equal."""
    beyond = 1 + max((abs(d) for d in differences if math.isfinite(d)), default=0.0)
    return [d if math.isfinite(d) else math.copysign(beyond, d) for d in differences]
