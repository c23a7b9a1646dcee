"""Jobs: the cells that a worker gets at a time, one or several that differ in seed alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

import msgspec
from msgspec.structs import replace

from ganzoo.compare.grid import Cell

__all__ = ["FEWEST", "MOST", "AtOnce", "Group", "group_title", "in_order", "jobs", "keys_of"]

FEWEST, MOST = 2, 8
"""How many seeds are trained at once. Of the suggested networks for ``ring8`` and ``digits``, on
one thread of a CPU, a step costs a seed about 0.7 of what it costs alone where there are two, 0.55
where there are three, 0.5 with five and 0.4 with eight; of more nothing was measured.
"""

Group = tuple[Cell, ...]

AtOnce = bool | Literal["auto"]
"""Whether seeds are trained at once: never, wherever they can be, or where it is faster."""


def jobs(
    cells: Sequence[Cell],
    *,
    workers: int,
    at_once: AtOnce = "auto",
    begun: Sequence[tuple[str, ...]] = (),
) -> list[Group]:
    """The cells as jobs, in the order of their first ones.

    Cells that differ in seed alone become one job where they are enough and have no budget of
    seconds. Where fewer such jobs are left than there are workers, each is divided among those
    that would have nothing to do, so that no worker ends long before the others.

    Args:
        cells: what is to run.
        workers: how many there are.
        at_once: whether several seeds may be one job.
        begun: the keys of jobs that were interrupted; they come first, as they were. With other
            seeds, or alone, a run would be another in its last digits, half of it in each
            company.
    """
    known = {cell.key: cell for cell in cells}
    asked = [k for k in begun if known.keys() >= set(k) and (at_once or len(k) == 1)]
    first = [tuple(known.pop(key) for key in keys) for keys in asked]
    new = list(known.values())
    if not at_once:
        return [*first, *((cell,) for cell in new)]
    return [*first, *_grouped(new, workers)]


def keys_of(group: Group) -> tuple[str, ...]:
    """What a job is known by."""
    return tuple(cell.key for cell in group)


def in_order(groups: Iterable[Group], cells: Sequence[Cell]) -> list[Group]:
    """The groups in the order in which their first ones are among the cells."""
    order = {cell.key: place for place, cell in enumerate(cells)}
    return sorted(groups, key=lambda group: order[group[0].key])


def group_title(group: Sequence[Cell]) -> str:
    """``"wgan-gp on ring8, seeds 0, 1, 2"``."""
    if len(group) == 1:
        return group[0].title
    seeds = ", ".join(str(cell.seed) for cell in group)
    return f"{group[0].label} on {group[0].task}, seeds {seeds}"


def _grouped(cells: Sequence[Cell], workers: int) -> list[Group]:
    alike: dict[bytes, list[Cell]] = {}
    for cell in cells:
        alike.setdefault(_but_for_the_seed(cell), []).append(cell)
    whole = [
        part
        for own in alike.values()
        if not own[0].recipe.settings.get("seconds")
        for part in _parts(own, -(-len(own) // MOST))
        if len(part) >= FEWEST
    ]
    groups: list[Group] = []
    for place, group in enumerate(whole):
        left = len(whole) - place
        parts = _parts(group, -(-workers // left))
        groups += [part for part in parts if len(part) >= FEWEST]
    grouped = {cell.key for group in groups for cell in group}
    groups += [(cell,) for cell in cells if cell.key not in grouped]
    return in_order(groups, cells)


def _but_for_the_seed(cell: Cell) -> bytes:
    settings = {name: value for name, value in cell.recipe.settings.items() if name != "seed"}
    recipe = replace(cell.recipe, settings=settings)
    return msgspec.json.encode(replace(cell, recipe=recipe, seed=0, key=""), order="deterministic")


def _parts(group: Sequence[Cell], count: int) -> list[Group]:
    """The group in so many parts, the first ones by one larger where it does not come out."""
    count = min(count, len(group))
    ends = [-(-len(group) * place // count) for place in range(count + 1)]
    return [tuple(group[start:end]) for start, end in pairwise(ends)]
