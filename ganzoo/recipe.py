"""Recipe: the whole of a run, as data; and the one place where names become objects."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
from torch import Tensor

from ganzoo.errors import BadOption, Incompatible
from ganzoo.evaluate.evaluator import Evaluator
from ganzoo.game import Game, Normal, Objective, Source, Spec, Uniform
from ganzoo.registry import default_registry, lookup
from ganzoo.registry.spelling import parse_call, spell_call
from ganzoo.train import Settings, Trainer

__all__ = ["Choice", "Recipe", "Run", "assemble", "train"]


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A registered name, and the options it is built with."""

    name: str
    options: dict[str, Any] = {}

    @classmethod
    def of(cls, value: str | Mapping[str, Any] | Choice) -> Choice:
        """A choice from ``"name"``, ``"name(option=1)"``, or a mapping of ``name`` and
        ``options``.
        """
        if isinstance(value, Choice):
            return value
        if isinstance(value, str):
            return cls(*parse_call(value))
        try:
            return msgspec.convert(value, cls)
        except msgspec.ValidationError as error:
            raise BadOption(f"cannot read {value!r} as a name with options: {error}") from error

    def __str__(self) -> str:
        """``name(option=value, ...)``."""
        return spell_call(self.name, self.options)


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole of a run.

    Attributes:
        loss: the objective.
        add: terms added to it, as ``"r1(gamma=1.0)"``.
        dataset: where the real samples come from.
        architecture: the networks; what the data set suggests where there is none.
        settings: training settings by name, over all that is suggested.
        defaults: ``"task"`` trains all objectives with the data set's suggestions over the
            papers' hyper-parameters, ``"paper"`` with the papers' alone.
        metrics: what is measured; what the data set suggests where there is none.
        evaluate_every: steps between two measurements; 0 for the end alone.
        evaluate_samples: how many samples are generated for one; 0 for the usual number.
    """

    loss: Choice
    add: tuple[str, ...] = ()
    dataset: Choice
    architecture: Choice | None = None
    settings: dict[str, Any] = {}
    defaults: Literal["task", "paper"] = "task"
    metrics: tuple[str, ...] = ()
    evaluate_every: int = 0
    evaluate_samples: int = 0

    @property
    def key(self) -> str:
        """A hash of the content: equal recipes, equal keys."""
        content = msgspec.json.encode(self, order="deterministic")
        return hashlib.sha256(content).hexdigest()[:16]

    @property
    def label(self) -> str:
        """The objective in a few words: ``"hinge + spectral-norm"``."""
        return " + ".join([str(self.loss), *self.add])

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self)) + b"\n")

    @classmethod
    def load(cls, path: Path) -> Recipe:
        """Read it from JSON or, by the file's ending, TOML."""
        decode = msgspec.toml.decode if path.suffix == ".toml" else msgspec.json.decode
        try:
            return decode(path.read_bytes(), type=cls)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise BadOption(f"{path} is no recipe: {error}") from error


class Run:
    """A recipe with its objects at hand.

    Attributes:
        recipe, objective, source, trainer, evaluator: the parts.
        metrics: the values at the end, by name; None where one was not finite.
    """

    def __init__(
        self,
        recipe: Recipe,
        objective: Objective,
        source: Source,
        trainer: Trainer,
        evaluator: Evaluator,
    ) -> None:
        self.recipe, self.objective, self.source = recipe, objective, source
        self.trainer, self.evaluator = trainer, evaluator
        self.metrics: dict[str, float | None] = {}

    @property
    def status(self) -> str:
        """``"running"``, ``"finished"`` or ``"diverged"``."""
        return self.trainer.status

    @property
    def reason(self) -> str:
        """Why it diverged."""
        return self.trainer.reason

    @property
    def history(self) -> dict[str, list[float | None]]:
        """The curve: meters, and metrics by name where they were measured."""
        return self.trainer.history

    def go(
        self,
        *,
        on_report: Callable[[dict[str, float | None]], None] | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Run:
        """Train to the end, measuring on the way and there; gives the run itself."""
        trainer, every, stopped = self.trainer, self.recipe.evaluate_every, False

        def stop() -> bool:
            nonlocal stopped
            stopped = stopped or should_stop()
            return stopped

        while trainer.status == "running" and not stopped:
            ahead = every - trainer.done % every if every else None
            trainer.run(ahead, on_report=on_report, should_stop=stop)
            at_place = every and trainer.done % every == 0
            if trainer.status == "finished" or (at_place and trainer.status == "running"):
                self.evaluate()
        return self

    def evaluate(self) -> dict[str, float | None]:
        """Measure the averaged generator now; kept in ``metrics`` and in the history."""
        values = self.evaluator.evaluate(self.sample)
        self.metrics = {n: v if math.isfinite(v) else None for n, v in values.items()}
        self.trainer.note(self.metrics)
        return self.metrics

    def sample(self, count: int) -> Tensor:
        """Generated samples ``(count, *shape)``, by the average of the generator's weights."""
        return self.trainer.sample(count)


def assemble(
    recipe: Recipe,
    *,
    objective: Objective | None = None,
    source: Source | None = None,
    folder: Path | None = None,
) -> Run:
    """Build everything a recipe names.

    Args:
        recipe: what to build.
        objective, source: in the place of what the recipe names.
        folder: where checkpoints go.

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
    chosen = _architecture(recipe, source)
    architecture = lookup.get_architecture(chosen.name, spec, **chosen.options)
    prior = Normal(spec.latent) if settings.prior == "normal" else Uniform(spec.latent)
    try:
        game = Game.seat(architecture, objective, spec, prior=prior, seed=settings.seed)
    except Incompatible as error:
        raise Incompatible(f"{error} {_fitting(objective, chosen)}") from error
    trainer = Trainer(game, objective, source, settings, folder=folder)
    return Run(recipe, objective, source, trainer, _evaluator(recipe, source, settings))


def _architecture(recipe: Recipe, source: Source) -> Choice:
    """The recipe's networks; where they are the suggested ones, over the suggested options."""
    suggested = Choice(source.task.architecture, dict(source.task.options))
    chosen = recipe.architecture or suggested
    if chosen.name != suggested.name:
        return chosen
    return Choice(chosen.name, {**suggested.options, **chosen.options})


def _fitting(objective: Objective, chosen: Choice) -> str:
    fitting = [
        found.entry.name
        for found in default_registry().entries("architectures")
        if objective.needs <= set(found.entry.provides)
        and objective.roles <= set(found.entry.roles)
    ]
    return (
        f"(Networks asked for: {chosen}.) Those that do: {', '.join(fitting) or 'none installed'}."
    )


def _evaluator(recipe: Recipe, source: Source, settings: Settings) -> Evaluator:
    names = recipe.metrics or source.task.metrics or ("energy-distance",)
    found = {name: default_registry().find("metrics", name) for name in names}
    needs = {need for each in found.values() for need in each.entry.needs}
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
    )


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
        loss: a registered name, ``{"name": ..., "options": {...}}``, or an Objective.
        dataset: likewise, or a Source.
        architecture: likewise; what the data set suggests where there is none.
        add: terms to add to the loss, as ``"r1(gamma=1.0)"``.
        defaults, metrics, evaluate_every: see :class:`Recipe`.
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
        loss=Choice(objective.name or "objective") if objective else Choice.of(loss),  # type: ignore[arg-type]
        add=tuple(add) if objective is None else (),
        dataset=Choice(type(source).__name__) if source else Choice.of(dataset),  # type: ignore[arg-type]
        architecture=None if architecture is None else Choice.of(architecture),
        settings=settings,
        defaults=defaults,
        metrics=tuple(metrics),
        evaluate_every=evaluate_every,
    )
    where = None if folder is None else Path(folder)
    run = assemble(recipe, objective=objective, source=source, folder=where)
    if where is not None:
        from ganzoo.train import checkpoint

        if checkpoint.available(where):
            run.trainer.load(where)
        where.mkdir(parents=True, exist_ok=True)
        recipe.save(where / "recipe.json")
    if not progress:
        return run.go()
    from ganzoo.train.progress import shown

    with shown(recipe.label, run.trainer.settings.steps) as on_report:
        return run.go(on_report=on_report)
