"""Jobs: the cells that a worker gets at a time, one or several that differ in seed alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from ganzoo.compare.grid import Cell

__all__ = ["FEWEST", "MOST", "Group", "group_title", "in_order", "jobs", "keys_of"]

FEWEST, MOST = 5, 8
"""How many seeds are trained at once. Of the suggested networks for ``ring8`` and ``digits``, on
one thread of a CPU, a step costs a seed about 1.2 of what it costs alone where there are two, 1.0
where there are three, 0.8 with five and 0.7 with eight; of more nothing was measured.
"""

Group = tuple[Cell, ...]


def jobs(
    cells: Sequence[Cell],
    *,
    workers: int,
    at_once: bool = True,
    begun: Sequence[tuple[str, ...]] = (),
) -> list[Group]:
    """The cells as jobs, in the order of their first ones.

    Cells that differ in seed alone become one job where they are enough and have no budget of
    seconds. Jobs that cannot be dealt out evenly are divided, so that no worker is idle.

    Args:
        cells: what is to run.
        workers: how many there are.
        at_once: whether several seeds may be one job at all.
        begun: the keys of jobs that were interrupted; they come first, as they were. With other
            seeds, or alone, a run would be another in its last digits, half of it in each
            company.
    """
    known = {cell.key: cell for cell in cells}
    asked = [k for k in begun if known.keys() >= set(k) and (at_once or len(k) == 1)]
    first = [tuple(known.pop(key) for key in keys) for keys in asked]
    return [*first, *_new(list(known.values()), workers, at_once)]


def keys_of(group: Group) -> tuple[str, ...]:
    """What a job is known by."""
    return tuple(cell.key for cell in group)


def _new(cells: Sequence[Cell], workers: int, at_once: bool) -> list[Group]:
    if not at_once:
        return [(cell,) for cell in cells]
    alike: dict[bytes, list[Cell]] = {}
    for cell in cells:
        alike.setdefault(_but_for_the_seed(cell), []).append(cell)
    parts = [p for own in alike.values() for p in _cut(own, MOST) if _suits(p)]
    over = len(parts) % workers
    groups = parts[: len(parts) - over]
    for last in parts[len(parts) - over :]:
        each = -(-workers // over)
        groups += [part for part in _cut(last, -(-len(last) // each)) if _suits(part)]
    grouped = {cell.key for group in groups for cell in group}
    groups += [(cell,) for cell in cells if cell.key not in grouped]
    return in_order(groups, cells)


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


def _but_for_the_seed(cell: Cell) -> bytes:
    settings = {name: value for name, value in cell.recipe.settings.items() if name != "seed"}
    recipe = replace(cell.recipe, settings=settings)
    return msgspec.json.encode(replace(cell, recipe=recipe, seed=0, key=""), order="deterministic")


def _cut(group: Sequence[Cell], size: int) -> list[Group]:
    return [tuple(group[start : start + size]) for start in range(0, len(group), size)]


def _suits(group: Group) -> bool:
    return len(group) >= FEWEST and not group[0].recipe.settings.get("seconds")
