"""The search for settings: as many draws of the same space for every loss, each judged on
samples that the final figures have nothing to do with.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

from ganzoo.compare.grid import Cell, Key, grid
from ganzoo.compare.plan import Plan, Range
from ganzoo.records.record import Record
from ganzoo.records.selection import finite

__all__ = ["SPACE", "choose", "draws", "tuning_cells"]

SPACE: Mapping[str, Range | tuple[Any, ...]] = {
    "generator_lr": Range(low=1e-4, high=1e-2),
    "discriminator_lr": Range(low=1e-4, high=1e-2),
    "betas": ((0.0, 0.99), (0.5, 0.999)),
}
"""What is searched where a plan names nothing."""

SEED = 1_000_003
"""Of the runs of a search, the same for all draws, and of no run that is reported."""


def draws(plan: Plan) -> list[dict[str, Any]]:
    """The settings that are tried, alike for every loss and task: first none, so that a search
    can do no worse than the settings as they are, then points of the space.
    """
    space = plan.space or SPACE
    found: list[dict[str, Any]] = [{}]
    for number in range(1, plan.tune):
        # Each draw has a generator of its own: more draws change none of the first ones.
        source = random.Random(f"ganzoo tune {number}")  # noqa: S311 - no secret
        found.append({name: _drawn(space[name], source) for name in sorted(space)})
    return found[: plan.tune]


def tuning_cells(plan: Plan) -> list[Cell]:
    """The runs of the search, a whole round of them for each draw."""
    seed = SEED
    while seed in plan.every_seed:
        seed += 1
    return [
        cell
        for number, settings in enumerate(draws(plan))
        for cell in grid(plan, seeds=(seed,), draw=(number, settings))
    ]


def choose(
    plan: Plan, cells: Sequence[Cell], records: Mapping[str, Record]
) -> dict[Key, dict[str, Any]]:
    """What was chosen for each task and loss, as a record tells of it: the draw whose run ended
    best on the samples set apart, by the deciding metric; of equals the first, and the
    settings as they are where no draw has a value.
    """
    tried, chosen = draws(plan), {}
    for key in dict.fromkeys((cell.task, cell.label) for cell in cells):
        own = [cell for cell in cells if (cell.task, cell.label) == key]
        made = [records.get(cell.key) for cell in own]
        ended = [_ended(record) for record in made]
        best = min(range(len(own)), key=lambda place: ended[place][1])
        metric, cost, value = ended[best]
        known = math.isfinite(cost)
        chosen[key] = {
            "draws": len(own),
            "seed": own[best].seed,
            "draw": best if known else 0,
            "settings": tried[best] if known else {},
            "metric": metric,
            "validation": value,
            "failures": sum(not math.isfinite(each[1]) for each in ended),
            "tried": [
                {
                    "settings": settings,
                    "validation": end[2],
                    "status": "not made" if record is None else record.status,
                }
                for settings, record, end in zip(tried, made, ended, strict=True)
            ],
        }
    return chosen


def _drawn(choices: Range | tuple[Any, ...], source: random.Random) -> Any:
    if isinstance(choices, tuple):
        return choices[source.randrange(len(choices))]
    low, high = math.log(choices.low), math.log(choices.high)
    # Three digits say all that there is to say, and can be read.
    return float(f"{math.exp(low + (high - low) * source.random()):.3g}")


def _ended(record: Record | None) -> tuple[str, float, float | None]:
    """The deciding metric, its last value on the samples set apart as a cost, and as it is."""
    if record is None or record.status != "finished" or not record.ranked:
        return "", math.inf, None
    metric = record.ranked[0]
    column = record.curve.get(metric, [])
    value = finite(column[-1]) if column else None
    if value is None:
        return metric, math.inf, None
    return metric, -value if record.directions.get(metric) == "higher" else value, value
