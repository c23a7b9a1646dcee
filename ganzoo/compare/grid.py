"""The grid: a Plan's runs, each with the content hash that it is known by."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ganzoo.compare.plan import LossPlan, Named, Plan, TaskPlan
from ganzoo.errors import AmbiguousName, BadOption, BadPlan, UnknownName
from ganzoo.recipe import Choice, Recipe
from ganzoo.registry import default_registry, parse_call
from ganzoo.train import Settings

__all__ = ["Cell", "grid"]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One run to be.

    Attributes:
        recipe: the whole of it, the seed among its settings.
        seed: that seed.
        label: how tables call its objective.
        task: how tables call its data and networks.
        key: the content hash of the recipe.
    """

    recipe: Recipe
    seed: int
    label: str
    task: str
    key: str

    @property
    def title(self) -> str:
        """``"wgan-gp on ring8, seed 2"``."""
        return f"{self.label} on {self.task}, seed {self.seed}"


def grid(plan: Plan) -> list[Cell]:
    """Every loss on every task with every seed, a whole round of them for each seed, so that
    what there is after an interruption is balanced.

    Raises:
        BadPlan: a name that no plugin offers, or a setting that there is not, or two runs
            that are the same.
    """
    _check_names(plan)
    cells = [
        _cell(plan, task, loss, seed)
        for seed in plan.every_seed
        for task in plan.tasks
        for loss in plan.losses
        if task.has(loss)
    ]
    first: dict[str, Cell] = {}
    for cell in cells:
        other = first.setdefault(cell.key, cell)
        if other is not cell:
            raise BadPlan(f"the plan has one run twice: {other.title}, and {cell.title}")
    return cells


def _cell(plan: Plan, task: TaskPlan, loss: LossPlan, seed: int) -> Cell:
    here = {**task.losses.get(loss.name, {}), **task.losses.get(loss.title, {})}
    settings = {**plan.settings, **task.settings, **loss.settings, "seed": seed}
    try:
        Settings.of(settings)
    except BadOption as error:
        raise BadPlan(f"{loss.title} on {task.title}: {error}") from error
    recipe = Recipe(
        loss=Choice(loss.name, {**loss.options, **here}),
        add=loss.add,
        dataset=_choice(task.dataset),
        architecture=None if task.architecture is None else _choice(task.architecture),
        settings=settings,
        defaults=plan.defaults,
        metrics=task.metrics,
        evaluate_every=task.evaluate_every,
        evaluate_samples=task.evaluate_samples,
    )
    return Cell(recipe=recipe, seed=seed, label=loss.title, task=task.title, key=recipe.key)


def _choice(named: Named) -> Choice:
    return Choice(named.name, dict(named.options))


def _check_names(plan: Plan) -> None:
    """A misspelt name is an error of the plan, before anything runs."""
    try:
        for kind, name in _names(plan):
            default_registry().find(kind, name)
    except (UnknownName, AmbiguousName, BadOption) as error:
        raise BadPlan(f"plan {plan.name!r}: {error}") from error


def _names(plan: Plan) -> Iterator[tuple[str, str]]:
    for loss in plan.losses:
        yield "losses", loss.name
        for term in loss.add:
            yield "terms", parse_call(term)[0]
    for task in plan.tasks:
        yield "datasets", task.dataset.name
        if task.architecture is not None:
            yield "architectures", task.architecture.name
        for metric in task.metrics:
            yield "metrics", metric
