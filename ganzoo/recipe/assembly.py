"""The one place where names become objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from ganzoo.errors import GanzooError, Incompatible
from ganzoo.evaluate.evaluator import Evaluator
from ganzoo.game import Game, Normal, Objective, Source, Spec, Uniform
from ganzoo.recipe.recipe import Choice, Recipe
from ganzoo.recipe.run import Run
from ganzoo.registry import ArchitectureEntry, MetricEntry, default_registry, lookup
from ganzoo.train import Settings, Trainer
from ganzoo.train.progress import shown

__all__ = ["assemble", "train"]


def assemble(
    recipe: Recipe,
    *,
    objective: Objective | None = None,
    source: Source | None = None,
) -> Run:
    """Build everything a recipe names.

    Args:
        recipe: what to build.
        objective, source: in the place of what the recipe names.

    Raises:
        UnknownName, AmbiguousName, BadOption, PluginFailed, MissingData: from the registry.
        Incompatible: when objective, networks and data do not fit.
    """
    objective = objective or lookup.get_loss(
        recipe.loss.name, add=recipe.add, **recipe.loss.options
    )
    source = source or lookup.get_dataset(recipe.dataset.name, **recipe.dataset.options)
    suggested = source.task.settings if recipe.defaults == "task" else {}
    paper = Settings.suggested_by(objective.defaults)
    settings = Settings.of(paper, suggested, recipe.settings)
    spec = Spec(source.spec.shape, settings.latent or source.spec.latent, source.spec.classes)
    chosen = _labelled(_architecture(recipe, source, objective, spec), objective, spec)
    architecture = lookup.get_architecture(chosen.name, spec, **chosen.options)
    prior = Normal(spec.latent) if settings.prior == "normal" else Uniform(spec.latent)
    try:
        game = Game.seat(architecture, objective, spec, prior=prior, seed=settings.seed)
    except Incompatible as error:
        said = recipe.architecture is not None and "conditional" in recipe.architecture.options
        if not said and _could(objective, chosen):
            raise
        fitting = ", ".join(_fitting(objective)) or "none installed"
        asked = f"(Networks asked for: {chosen}.)"
        raise Incompatible(f"{error} {asked} Those that do: {fitting}.") from error
    trainer = Trainer(game, objective, source, settings)
    evaluator = _evaluator(recipe, source, settings)
    decider = _decider(list(evaluator.metrics))
    return Run(recipe, objective, source, trainer, evaluator, decider, networks=chosen)


def _architecture(recipe: Recipe, source: Source, objective: Objective, spec: Spec) -> Choice:
    """The recipe's networks; where they are the suggested ones, over the suggested options.
    Where the recipe names none and the suggested ones don't do, the first installed that do.
    """
    suggested = Choice(source.task.architecture, dict(source.task.options))
    chosen = recipe.architecture or suggested
    if chosen.name != suggested.name:
        return chosen
    if recipe.architecture is None and not _could(objective, chosen):
        others = (name for name in _fitting(objective) if _builds(name, spec))
        return next((Choice(name) for name in others), chosen)
    return Choice(chosen.name, {**suggested.options, **chosen.options})


def _builds(name: str, spec: Spec) -> bool:
    try:
        lookup.get_architecture(name, spec)
    except GanzooError:
        return False
    return True


def _labelled(chosen: Choice, objective: Objective, spec: Spec) -> Choice:
    """The networks with labels, as the objective needs them, unless the choice says how."""
    entry = default_registry().find("architectures", chosen.name).entry
    ways = entry.labels if isinstance(entry, ArchitectureEntry) else ()
    if not (objective.conditional and spec.classes and ways) or "conditional" in chosen.options:
        return chosen
    how: str | bool = "generator" if "generator" in ways else True
    if "labels" in objective.needs:
        how = next((way for way in ways if way in objective.needs), True)
    return Choice(chosen.name, {**chosen.options, "conditional": how})


def _could(objective: Objective, chosen: Choice) -> bool:
    """Whether these networks, as they come, are what the objective needs; then others are no
    cure.
    """
    entry = default_registry().find("architectures", chosen.name).entry
    return isinstance(entry, ArchitectureEntry) and _seats(objective, entry)


def _seats(objective: Objective, entry: ArchitectureEntry) -> bool:
    return objective.needs <= _provided(entry) and objective.roles <= set(entry.roles)


def _fitting(objective: Objective) -> list[str]:
    """The names of installed networks that an objective can have."""
    return [
        found.entry.name
        for found in default_registry().entries("architectures")
        if isinstance(found.entry, ArchitectureEntry) and _seats(objective, found.entry)
    ]


def _provided(entry: ArchitectureEntry) -> set[str]:
    """What its discriminators provide, those that look at labels among them."""
    ways = {*entry.labels} - {"generator"}
    return {*entry.provides, *ways, *({"labels"} if ways else ())}


def _evaluator(recipe: Recipe, source: Source, settings: Settings) -> Evaluator:
    names = recipe.metrics or source.task.metrics or ("energy-distance",)
    found = {name: default_registry().find("metrics", name) for name in names}
    entries = [each.entry for each in found.values() if isinstance(each.entry, MetricEntry)]
    needs = {need for entry in entries for need in entry.needs}
    extractor = None
    if needs & {"features", "classifier"}:
        extractor = lookup.get_extractor(source.extractor)
    metrics = {each.entry.name: lookup.get_metric(name) for name, each in found.items()}
    return Evaluator(
        source,
        metrics,
        extractor=extractor,
        count=recipe.evaluate_samples,
        seed=settings.seed,
        parted=recipe.validation or recipe.evaluate_every > 0,
    )


def _decider(names: Sequence[str]) -> tuple[str, float] | None:
    """The first metric that may decide, and 1 where lower is better, -1 where higher is."""
    for name in names:
        entry = default_registry().find("metrics", name).entry
        if isinstance(entry, MetricEntry) and entry.ranks:
            return name, -1.0 if entry.direction == "higher" else 1.0
    return None


def train(
    loss: str | Mapping[str, Any] | Choice | Objective,
    dataset: str | Mapping[str, Any] | Choice | Source = "ring8",
    *,
    architecture: str | Mapping[str, Any] | Choice | None = None,
    add: Sequence[str] = (),
    defaults: Literal["task", "paper"] = "task",
    metrics: Sequence[str] = (),
    evaluate_every: int = 0,
    folder: Path | str | None = None,
    progress: bool = False,
    **settings: Any,
) -> Run:
    """Train one objective on one data set, and measure it.

    Args:
        loss: a name, ``"name(option=1)"``, ``{"name": ..., "options": {...}}``, or an Objective.
        dataset: likewise, or a Source.
        architecture, add, defaults, metrics, evaluate_every: see :class:`Recipe`.
        folder: where the recipe and the checkpoints go; a run that was stopped there goes on.
        progress: show a progress bar.
        **settings: of :class:`Settings`, such as ``steps=1000, seed=3``.

    Raises:
        GanzooError: for names, options and combinations that do not work; see :func:`assemble`.

    Example:
        >>> run = train("nonsaturating", "ring8", steps=2, report_every=1)
        >>> run.status, run.sample(5).shape
        ('finished', torch.Size([5, 2]))
    """
    objective = loss if isinstance(loss, Objective) else None
    source = dataset if isinstance(dataset, Source) else None
    recipe = Recipe(
        loss=Choice.of(loss) if not isinstance(loss, Objective) else Choice(loss.name or "own"),
        add=tuple(add) if objective is None else (),
        dataset=Choice.of(dataset) if not isinstance(dataset, Source) else Choice("own"),
        architecture=None if architecture is None else Choice.of(architecture),
        settings=settings,
        defaults=defaults,
        metrics=tuple(metrics),
        evaluate_every=evaluate_every,
    )
    run = assemble(recipe, objective=objective, source=source)
    if folder is not None:
        run.resume(Path(folder))
    if not progress:
        return run.go()
    with shown(recipe.label, run.trainer.settings.steps) as on_report:
        return run.go(on_report=on_report)
