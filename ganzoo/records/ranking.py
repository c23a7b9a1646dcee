"""Who ranks where over blocks of a task and a seed, and by how much ranks must differ."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ganzoo.errors import Incompatible
from ganzoo.records.record import Record
from ganzoo.records.statistics import Friedman, friedman, nemenyi_difference

__all__ = ["Ranking", "blocks_of", "ranking"]


@dataclass(frozen=True)
class Ranking:
    """Who ranks where over blocks, a block being a task with a seed.

    Args:
        ranks: label -> average rank, the best first; 1 is the best there can be.
        blocks: how many.
        test: Friedman's test of whether the ranks differ at all.
        critical_difference: Nemenyi's, at 5 %: average ranks that differ by less are not
            told apart. Blocks of one task are alike, so it is rather too small for many
            seeds of few tasks.
    """

    ranks: Mapping[str, float]
    blocks: int
    test: Friedman
    critical_difference: float


def ranking(records: Sequence[Record]) -> Ranking:
    """The ranking by the deciding metric of each task. A run that diverged is last in its
    block; a block in which a run failed or is missing is left out.

    Raises:
        Incompatible: fewer than three objectives or two complete blocks.
    """
    labels = list(dict.fromkeys(record.label for record in records))
    found = blocks_of(records)
    blocks = [
        [block[name] for name in labels] for block in found.values() if len(block) == len(labels)
    ]
    if len(labels) < 3 or len(blocks) < 2:
        raise Incompatible(
            f"a ranking needs at least 3 objectives and 2 blocks (a task with a seed) in which "
            f"none failed; there are {len(labels)} and {len(blocks)}"
        )
    test = friedman(blocks)
    by_rank = sorted(zip(labels, test.ranks, strict=True), key=lambda pair: pair[1])
    difference = nemenyi_difference(len(labels), len(blocks))
    return Ranking(dict(by_rank), len(blocks), test, difference)


def blocks_of(records: Sequence[Record]) -> dict[tuple[str, int], dict[str, float]]:
    """For each task and seed, by label, what runs ended with by the deciding metric, lower
    being better: infinite for one that diverged; without those that failed.
    """
    found: dict[tuple[str, int], dict[str, float]] = {}
    for record in records:
        if record.status != "failed" and record.ranked:
            found.setdefault((record.task, record.seed), {})[record.label] = _cost(record)
    return found


def _cost(record: Record) -> float:
    """The deciding metric, lower being better; infinite where there is none."""
    value = record.metrics.get(record.ranked[0]) if record.status == "finished" else None
    if value is None:
        return math.inf
    return -value if record.directions.get(record.ranked[0]) == "higher" else value
