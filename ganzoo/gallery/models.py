"""The models of a gallery, and the recipes that train them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ganzoo.errors import BadOption, closest
from ganzoo.game import Objective, Source
from ganzoo.recipe import Choice, Recipe
from ganzoo.registry import ExtractorEntry, default_registry, lookup

__all__ = ["MODELS", "Model", "about", "chosen", "recipe_of"]

_AUTOENCODERS = {"mlp": "mlp-ae", "dcgan": "conv-ae"}
"""The networks that a data set suggests -> the same with an autoencoder for a discriminator."""


@dataclass(frozen=True)
class Model:
    """A model of the gallery.

    Args:
        name: its id, which is the loss's where ``loss`` is left out.
        title: how people call it.
        loss: the objective, as ``"name(option=1)"``.
        add: terms added to it.
        settings: training settings over those of the task.
    """

    name: str
    title: str
    loss: str = ""
    add: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        Model("gan", "GAN", "nonsaturating"),
        Model("lsgan", "LSGAN"),
        Model("wgan", "WGAN"),
        Model("wgan-gp", "WGAN-GP"),
        Model("dragan", "DRAGAN", "nonsaturating", ("dragan",)),
        Model("cgan", "CGAN"),
        Model("infogan", "InfoGAN"),
        Model("acgan", "ACGAN"),
        Model("ebgan", "EBGAN"),
        # The paper's gamma and lambda_k are for ten times as many steps and more.
        Model(
            "began",
            "BEGAN",
            "began(gamma=0.8, lambda_k=0.01, k=0.5)",
            settings={"generator_lr": 3e-3},
        ),
        Model("vae", "VAE"),
        Model("cvae", "CVAE"),
        Model("dvae", "DVAE"),
        Model("aae", "AAE"),
        Model("vae-2d", "VAE, two latent elements", "vae", settings={"latent": 2}),
    )
}
"""The classic collection, in the order in which it is shown, by name."""


def chosen(names: Sequence[str]) -> list[Model]:
    """The models of these names: of the collection, or any other loss with its options.

    Raises:
        BadOption: a name twice.
        UnknownName, AmbiguousName: a name of neither.
    """
    if len(set(names)) < len(names):
        raise BadOption(f"models: each once; found {', '.join(names)}")
    return [_model(name) for name in names or MODELS]


def _model(name: str) -> Model:
    if name in MODELS:
        return MODELS[name]
    loss = Choice.of(name)
    try:
        default_registry().find("losses", loss.name)
    except Exception as error:
        error.add_note(f"The gallery's own are {', '.join(MODELS)}.{closest(name, MODELS)}")
        raise
    return Model(name, name)


def about(model: Model) -> str:
    """What a model is, in a line: of its last added term where it has some, else its loss."""
    kind, name = ("terms", model.add[-1]) if model.add else ("losses", model.loss or model.name)
    entry = default_registry().find(kind, Choice.of(name).name).entry
    paper, year = (str(getattr(entry, name, "") or "") for name in ("paper", "year"))
    source = f"arXiv {paper}" if paper[:4].isdigit() else paper
    said = ", ".join(filter(None, (source, "" if year in source else year)))
    return f"{entry.summary} ({said})" if said else entry.summary


def recipe_of(model: Model, dataset: Choice, *, steps: int, seed: int) -> Recipe:
    """What trains a model: the task's networks and settings, the same for all, but that losses
    of reconstructions get an autoencoder for a discriminator.

    Raises:
        UnknownName, AmbiguousName, BadOption, PluginFailed, MissingData: from the registry.
    """
    loss = Choice.of(model.loss or model.name)
    objective = lookup.get_loss(loss.name, add=model.add, **loss.options)
    source: Source = lookup.get_dataset(dataset.name, **dataset.options)
    return Recipe(
        loss=loss,
        add=model.add,
        dataset=dataset,
        architecture=_networks(objective, source),
        settings={"steps": steps, "seed": seed, **model.settings},
        metrics=_metrics(model, objective, source),
    )


def _networks(objective: Objective, source: Source) -> Choice | None:
    if "reconstruction" not in objective.needs:
        return None
    task = source.task
    # The generator stays what it is for the others. An autoencoder as wide as the task's
    # networks reconstructs whatever it is given, and tells little apart.
    options: dict[str, Any] = {"generator_options": dict(task.options)}
    if "width" in task.options:
        options["width"] = max(1, task.options["width"] // 2)
    if task.architecture not in _AUTOENCODERS:
        return Choice("mlp-ae", {**options, "generator": task.architecture})
    return Choice(_AUTOENCODERS[task.architecture], options)


def _metrics(model: Model, objective: Objective, source: Source) -> tuple[str, ...]:
    """What decides on this task, and how well classes are hit where some are asked for."""
    first = source.task.metrics[:1]
    entry = default_registry().find("extractors", source.extractor).entry
    if not source.spec.classes or not isinstance(entry, ExtractorEntry) or not entry.classifier:
        return first
    if objective.conditional:
        return (*first, "class-agreement")
    coded = Choice.of(model.loss or model.name).name == "infogan"
    return (*first, "code-agreement") if coded else first
