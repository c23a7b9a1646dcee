"""Cells that differ in seed alone, trained at once: from one recipe to a record for each."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace
from torch import nn

from ganzoo.compare.grid import Cell
from ganzoo.compare.running import Measured, Tell, Watched, explain, run_cell
from ganzoo.compare.underway import Trail
from ganzoo.recipe import Run, assemble_replicas, go_together
from ganzoo.records.record import Record
from ganzoo.train import Replicas

__all__ = ["made_with", "obstacle", "run_together"]

_CONVOLUTIONS = (
    nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d
)  # fmt: skip


def run_together(
    cells: Sequence[Cell],
    samples: Path,
    tell: Callable[[int, int, int, Measured], None],
    keep: Callable[[int, Record], None],
    trail: Trail | None = None,
    *,
    forced: bool = False,
) -> str:
    """Train and measure all of them.

    Args:
        cells: alike but for the seed.
        samples: the folder for samples.
        tell: is told the place of a cell among them, and what :func:`run_cell` tells.
        keep: gets the place and the record of each, once all have ended.
        trail: where they leave checkpoints, and go on from one; nowhere without it.
        forced: even where that was not measured to be faster.

    Returns:
        Why they are to run each by itself, and nothing was kept; empty where all went well.
    """

    def told(place: int, values: Measured) -> None:
        step, steps = watched[place].look()
        tell(place, step, steps, values)

    try:
        trail = trail or Trail(cells)
        watched = trail.followed(lambda: _watched(cells))
        runs = [each.run for each in watched]
        if reason := obstacle(runs, forced=forced):
            return reason
        for place, each in enumerate(watched):
            each.tell_again(partial(tell, place))
        apart = go_together(
            runs,
            on_report=told,
            on_evaluate=told,
            should_rest=trail.due,
            on_rest=lambda: trail.leave(watched),
        )
    except (Exception, SystemExit) as error:
        # One of them may be the cause; alone, each has the end that is its own.
        traceback.print_exc(file=sys.stderr)
        return explain(error)
    seeds = () if apart else tuple(cell.seed for cell in cells)
    for place, record in enumerate([each.record(samples, seeds) for each in watched]):
        keep(place, record)
    return ""


def _watched(cells: Sequence[Cell]) -> list[Watched]:
    runs = assemble_replicas(cells[0].recipe, [cell.seed for cell in cells])
    return [Watched(cell, run) for cell, run in zip(cells, runs, strict=True)]


def made_with(seeds: Sequence[int], cell: Cell, samples: Path, tell: Tell) -> Record:
    """The record of a cell that is trained at once with other seeds, its own among them, or
    alone where there are none or it cannot be; see :func:`ganzoo.compare.running.run_cell`.
    """
    cells: list[Cell] = []
    for seed in seeds:
        recipe = replace(cell.recipe, settings={**cell.recipe.settings, "seed": seed})
        other = replace(cell, recipe=recipe, seed=seed, key=recipe.key)
        cells.append(cell if seed == cell.seed else other)
    own, kept = cell.seed, dict[int, Record]()

    def told(place: int, step: int, steps: int, values: Measured) -> None:
        if seeds[place] == own:
            tell(step, steps, values)

    if cells:
        run_together(
            cells, samples, told, lambda place, record: kept.update({place: record}), forced=True
        )
    return kept[seeds.index(own)] if kept else run_cell(cell, samples, tell)


def obstacle(runs: Sequence[Run], *, forced: bool = False) -> str:
    """Why these runs are not to be trained at once, though they could go one after the other:
    what cannot be, and unless it is ``forced`` what was not measured to be faster. Empty where
    nothing is against it.
    """
    trainer = runs[0].trainer
    if trainer.settings.engine != "auto":
        return f"engine={trainer.settings.engine!r} was asked for"
    if trainer.device.type != "cpu" and not forced:
        return f"on {trainer.device.type} it was not measured to be faster"
    modules = () if forced else trainer.game.modules()
    if any(isinstance(module, _CONVOLUTIONS) for module in modules):
        return "of convolutions on a CPU it was measured with small ones alone"
    return Replicas([run.trainer for run in runs]).obstacle()
