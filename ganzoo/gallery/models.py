"""The models of a gallery, and the recipes that train them: a plan, as a comparison's is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from ganzoo.compare.grid import grid
from ganzoo.compare.plan import LossPlan, Named, Plan, TaskPlan
from ganzoo.errors import BadOption, closest
from ganzoo.game import Objective, Source
from ganzoo.recipe import Choice, Recipe
from ganzoo.registry import ExtractorEntry, default_registry, lookup
from ganzoo.registry.names import normal

__all__ = ["Model", "about", "chosen", "collection", "recipe_of", "task_of"]

_AUTOENCODERS = {"mlp": "mlp-ae", "dcgan": "conv-ae", "infogan-conv": "conv-ae"}
"""The networks that a data set suggests -> the same with an autoencoder for a discriminator."""

_FORMS: dict[str, dict[str, Any]] = {"mnist": {"size": 28}, "fashion-mnist": {"size": 28}}
"""Data -> the options with which they are shown, unless told otherwise."""


class Model(msgspec.Struct, frozen=True):
    """A model of the gallery: its row in the plan, and the name that it is asked for by."""

    name: str
    plan: LossPlan

    @property
    def title(self) -> str:
        """How people call it."""
        return self.plan.title


@cache
def _plan() -> Plan:
    return Plan.of("classic")


def collection() -> dict[str, Model]:
    """The classic collection by name, in the order in which it is shown: the built-in plan
    ``classic``.
    """
    named = (Model(loss.title.casefold(), loss) for loss in _plan().losses)
    return {model.name: model for model in named}


def chosen(names: Sequence[str]) -> list[Model]:
    """The models of these names: of the collection, or any other loss with its options.

    Raises:
        BadOption: a name twice.
        UnknownName, AmbiguousName: a name of neither.
    """
    known = collection()
    found = [_model(name, known) for name in names] or list(known.values())
    called = [model.name for model in found]
    if len(set(called)) < len(called):
        raise BadOption(f"models: each once; found {', '.join(called)}")
    return found


def _model(name: str, known: dict[str, Model]) -> Model:
    own = next((model for model in known.values() if normal(model.name) == normal(name)), None)
    if own is not None:
        return own
    loss = Choice.of(name)
    try:
        default_registry().find("losses", loss.name)
    except Exception as error:
        error.add_note(f"The gallery's own are {', '.join(known)}.{closest(name, known)}")
        raise
    return Model(name, LossPlan(name=loss.name, options=loss.options, label=name))


def about(model: Model) -> str:
    """What a model is, in a line: of its last added term where it has some, else its loss."""
    terms = model.plan.add
    kind, name = ("terms", Choice.of(terms[-1]).name) if terms else ("losses", model.plan.name)
    entry = default_registry().find(kind, name).entry
    paper, year = (str(getattr(entry, name, "") or "") for name in ("paper", "year"))
    source = f"arXiv {paper}" if paper[:4].isdigit() else paper
    said = ", ".join(filter(None, (source, "" if year in source else year)))
    return f"{entry.summary} ({said})" if said else entry.summary


def task_of(dataset: str | Mapping[str, Any] | Choice) -> tuple[TaskPlan, Source]:
    """How models are trained on these data, and the data.

    That of the plan, where it has these data with these options. Else all that the data
    suggest, the same for all models.

    Raises:
        UnknownName, AmbiguousName, BadOption, PluginFailed, MissingData: from the registry.
        BadOption: samples that are no pictures.
    """
    data = Choice.of(dataset)
    data = Choice(data.name, {**_FORMS.get(data.name, {}), **data.options})
    source = lookup.get_dataset(data.name, **data.options)
    if not source.image:
        raise BadOption(
            f"a gallery shows pictures; the samples of {data} have the shape "
            f"{tuple(source.spec.shape)}. 'digits', 'mnist' and 'fashion-mnist' are pictures."
        )
    for task in _plan().tasks:
        if (task.dataset.name, task.dataset.options) == (data.name, data.options):
            return task, source
    named = Named(name=data.name, options=data.options)
    return TaskPlan(dataset=named, metrics=_metrics(source)), source


def recipe_of(model: Model, task: TaskPlan, source: Source, *, steps: int, seed: int) -> Recipe:
    """What trains a model: the task's networks and settings, but that losses of
    reconstructions get an autoencoder for a discriminator where the task names none.

    Args:
        model, task, source: what is trained, and on what.
        steps: how long; 0 for as long as the task says.
        seed: of everything random.

    Raises:
        UnknownName, AmbiguousName, BadOption, BadPlan, PluginFailed: from the registry.
    """
    called = {model.plan.name, model.plan.title}
    tables: dict[str, Mapping[str, Any]] = {
        "losses": task.losses,
        "training": task.training,
        "networks": task.networks,
    }
    own: dict[str, Any] = {
        what: {name: value for name, value in table.items() if name in called}
        for what, table in tables.items()
    }
    autoencoder = None if own["networks"] else _autoencoder(model, task, source)
    if autoencoder is not None:
        own["networks"] = {model.title: autoencoder}
    alone = msgspec.structs.replace(task, **own)
    plan = Plan(losses=(model.plan,), tasks=(alone,), seeds=(seed,))
    return grid(plan.but(steps=steps))[0].recipe


def _autoencoder(model: Model, task: TaskPlan, source: Source) -> Named | None:
    """The task's networks with an autoencoder for a discriminator, where the loss needs one."""
    objective: Objective = lookup.get_loss(
        model.plan.name, add=model.plan.add, **model.plan.options
    )
    if "reconstruction" not in objective.needs:
        return None
    suggested = source.task
    networks = task.architecture or Named(name=suggested.architecture)
    options = dict(networks.options)
    if networks.name == suggested.architecture:
        options = {**suggested.options, **options}
    # The generator stays what it is for the others. An autoencoder as wide as the task's
    # networks reconstructs whatever it is given, and tells little apart.
    width = {"width": max(1, options["width"] // 2)} if "width" in options else {}
    return Named(
        name=_AUTOENCODERS.get(networks.name, "mlp-ae"),
        options={**width, "generator": networks.name, "generator_options": options},
    )


def _metrics(source: Source) -> tuple[str, ...]:
    """What decides on these data, and how well classes are hit, where somebody can tell."""
    first = source.task.metrics[:1]
    entry = default_registry().find("extractors", source.extractor).entry
    tells = isinstance(entry, ExtractorEntry) and entry.classifier and source.spec.classes
    return (*first, "class-agreement", "code-agreement") if tells else first
