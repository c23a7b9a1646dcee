"""The grid: a Plan's runs, each with the content hash that it is known by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from ganzoo.compare.plan import LossPlan, Named, Plan, TaskPlan
from ganzoo.errors import BadOption, BadPlan
from ganzoo.recipe import Choice, Recipe
from ganzoo.train import Settings

__all__ = ["Cell", "Key", "grid"]

Key = tuple[str, str]
"""A task and a loss, as tables call them."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One run to be.

    Attributes:
        recipe: the whole of it, the seed among its settings.
        seed: that seed.
        label: how tables call its objective.
        task: how tables call its data and networks.
        key: the content hash of the recipe.
        tuned: how its settings were found, as :class:`ganzoo.records.Record` keeps it.
        draw: the number of its draw, of a run of a search; -1 of others.
    """

    recipe: Recipe
    seed: int
    label: str
    task: str
    key: str
    tuned: dict[str, Any] = {}
    draw: int = -1

    @property
    def title(self) -> str:
        """``"wgan-gp on ring8, seed 2"``."""
        if self.draw >= 0:
            return f"{self.label} on {self.task}, draw {self.draw}"
        return f"{self.label} on {self.task}, seed {self.seed}"


def grid(
    plan: Plan,
    chosen: Mapping[Key, Mapping[str, Any]] | None = None,
    *,
    seeds: Sequence[int] | None = None,
    draw: tuple[int, Mapping[str, Any]] | None = None,
) -> list[Cell]:
    """Every loss on every task with every seed, a whole round of them for each seed, so that
    what there is after an interruption is balanced.

    Args:
        plan: what is compared.
        chosen: what a search found for a task and a loss: ``"settings"``, and how.
        seeds: other ones than the plan's.
        draw: the number and the settings of a draw, of the runs of a search.

    Raises:
        BadPlan: a setting that there is not, or two runs that are the same.
    """
    cells = []
    for seed in plan.every_seed if seeds is None else seeds:
        for task in plan.tasks:
            for loss in plan.losses:
                if task.has(loss):
                    tuned = (chosen or {}).get((task.title, loss.title), {})
                    found = tuned.get("settings", {}) if draw is None else draw[1]
                    cell = _cell(plan, task, loss, {**found, "seed": seed})
                    cells.append(
                        replace(cell, tuned=dict(tuned), draw=-1 if draw is None else draw[0])
                    )
    first: dict[str, Cell] = {}
    for cell in cells:
        other = first.setdefault(cell.key, cell)
        if other is not cell:
            raise BadPlan(f"the plan has one run twice: {other.title}, and {cell.title}")
    return cells


def _cell(plan: Plan, task: TaskPlan, loss: LossPlan, drawn: Mapping[str, Any]) -> Cell:
    here, training = _own(task.losses, loss), _own(task.training, loss)
    networks = task.networks.get(loss.title, task.networks.get(loss.name, task.architecture))
    settings = {**_settings(plan, task), **loss.settings, **training, **drawn}
    try:
        Settings.of(settings)
    except BadOption as error:
        raise BadPlan(f"{loss.title} on {task.title}: {error}") from error
    recipe = Recipe(
        loss=Choice(loss.name, {**loss.options, **here}),
        add=loss.add,
        dataset=_choice(task.dataset),
        architecture=None if networks is None else _choice(networks),
        settings=settings,
        defaults=plan.defaults,
        metrics=task.metrics,
        evaluate_every=task.evaluate_every,
        evaluate_samples=task.evaluate_samples,
        validation=plan.tune > 0,
    )
    seed = settings["seed"]
    return Cell(recipe=recipe, seed=seed, label=loss.title, task=task.title, key=recipe.key)


def _own(table: Mapping[str, dict[str, Any]], loss: LossPlan) -> dict[str, Any]:
    """What a table says of a loss, by its label over its name."""
    return {**table.get(loss.name, {}), **table.get(loss.title, {})}


def _settings(plan: Plan, task: TaskPlan) -> dict[str, Any]:
    """Those of the plan and the task. A budget of the task is the whole of it: steps of the
    plan do not end a run that the task gives seconds.
    """
    found: dict[str, Any] = {}
    for part in (plan, task):
        budget = {k: v for k, v in (("steps", part.steps), ("seconds", part.seconds)) if v}
        own = {**part.settings, **budget}
        if own.keys() & {"steps", "seconds"}:
            found = {k: v for k, v in found.items() if k not in ("steps", "seconds")}
        found |= own
    return found


def _choice(named: Named) -> Choice:
    return Choice(named.name, dict(named.options))
