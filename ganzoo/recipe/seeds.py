"""One recipe with several seeds, as several runs at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import msgspec

from ganzoo.errors import BadOption
from ganzoo.recipe.assembly import assemble
from ganzoo.recipe.recipe import Choice, Recipe
from ganzoo.recipe.run import Run
from ganzoo.train import Replicas
from ganzoo.train.trainer import Row

__all__ = ["assemble_replicas", "go_together", "train_seeds"]


def assemble_replicas(recipe: Recipe, seeds: Sequence[int]) -> tuple[Run, ...]:
    """The runs of a recipe with each of these seeds in the place of its own; they share their
    data.

    Raises:
        GanzooError: see :func:`ganzoo.recipe.assemble`.
    """
    if not seeds or len(set(seeds)) != len(seeds):
        raise BadOption(f"seeds={list(seeds)}: at least one, and no one twice")
    runs: list[Run] = []
    for seed in seeds:
        own = msgspec.structs.replace(recipe, settings={**recipe.settings, "seed": seed})
        runs.append(assemble(own, source=runs[0].source if runs else None))
    return tuple(runs)


def go_together(
    runs: Sequence[Run],
    *,
    on_report: Callable[[int, Row], None] | None = None,
    on_evaluate: Callable[[int, Row], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    should_rest: Callable[[], bool] = lambda: False,
    on_rest: Callable[[], None] = lambda: None,
) -> str:
    """Train runs of :func:`assemble_replicas` to their ends, all of them in one operation at
    a time, and measure each on the way and there, as :meth:`Run.go` does.

    ``on_report`` gets every new row of a history, with the position of its run before it, and
    ``on_evaluate`` likewise the metrics as they are measured. Runs that go one after the other
    don't rest: they are not at one step.

    Returns:
        Why they could not be trained at once and went one after the other; empty where they
        were.
    """
    together, every = Replicas([run.trainer for run in runs]), runs[0].recipe.evaluate_every
    stopped = False

    def stop() -> bool:
        nonlocal stopped
        stopped = stopped or should_stop()
        return stopped or rest()

    def rest() -> bool:
        return not together.reason and should_rest()

    while not stopped and (going := [r for r in runs if r.status == "running"]):
        done = going[0].trainer.done
        ahead = every - done % every if every else None
        together.run(ahead, on_report=on_report, should_stop=stop)
        for run in going:
            place = runs.index(run)
            run.measure_where_due(partial(on_evaluate, place) if on_evaluate else None)
        if any(run.status == "running" for run in going) and rest():
            on_rest()
    return together.reason


def train_seeds(
    loss: str | Mapping[str, Any] | Choice,
    dataset: str | Mapping[str, Any] | Choice = "ring8",
    *,
    seeds: int | Sequence[int] = 8,
    architecture: str | Mapping[str, Any] | Choice | None = None,
    add: Sequence[str] = (),
    defaults: Literal["task", "paper"] = "task",
    metrics: Sequence[str] = (),
    evaluate_every: int = 0,
    **settings: Any,
) -> tuple[Run, ...]:
    """Train one objective on one data set with several seeds at once, and measure each.

    Every run has the numbers that :func:`ganzoo.train` gives with its seed, up to rounding, in
    less time than one after the other: their networks are trained as one.

    Args:
        seeds: how many, from 0 on, or which.
        loss, dataset, architecture, add, defaults, metrics, evaluate_every, **settings: see
            :func:`ganzoo.train`.

    Raises:
        GanzooError: for names, options and combinations that do not work.

    Example:
        >>> runs = train_seeds("nonsaturating", "ring8", seeds=3, steps=2)
        >>> [run.trainer.settings.seed for run in runs]
        [0, 1, 2]
    """
    recipe = Recipe(
        loss=Choice.of(loss),
        add=tuple(add),
        dataset=Choice.of(dataset),
        architecture=None if architecture is None else Choice.of(architecture),
        settings=settings,
        defaults=defaults,
        metrics=tuple(metrics),
        evaluate_every=evaluate_every,
    )
    runs = assemble_replicas(recipe, range(seeds) if isinstance(seeds, int) else tuple(seeds))
    go_together(runs)
    return runs
