"""A zoo of adversarial objectives for PyTorch, as plugins.

    loss = ganzoo.get_loss("wgan-gp")
    d = loss.discriminator_loss(D, real=x, fake=G(z))   # minimise over D; the fake is detached
    g = loss.generator_loss(D, fake=G(z), real=x)       # minimise over G
    loss.after_discriminator_step(D)                    # clipping, state: mostly nothing

Importing it imports no torch: each public name is imported when it is first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganzoo import metrics, registry, terms, testing
    from ganzoo.compare import compare
    from ganzoo.errors import (
        AmbiguousName,
        BadData,
        BadOption,
        BadPlan,
        CheckpointError,
        GanzooError,
        Incompatible,
        MissingData,
        MissingDependency,
        PluginFailed,
        ShapeMismatch,
        UnknownName,
    )
    from ganzoo.evaluate import Evaluator, Extractor, Metric, Samples
    from ganzoo.gallery import gallery
    from ganzoo.game import (
        Architecture,
        Defaults,
        Discriminator,
        DiscriminatorOutput,
        Encoder,
        Game,
        Generator,
        Mixture,
        Normal,
        Objective,
        Play,
        Prior,
        Source,
        Spec,
        Stream,
        Task,
        TensorSource,
        Term,
        Traits,
        Uniform,
        WithCode,
        option,
        state,
    )
    from ganzoo.recipe import Recipe, evaluate, train
    from ganzoo.registry import (
        ArchitectureEntry,
        DatasetEntry,
        ExtractorEntry,
        LossEntry,
        MetricEntry,
        PluginWarning,
        TermEntry,
        get_architecture,
        get_dataset,
        get_extractor,
        get_loss,
        get_metric,
        get_term,
        hookimpl,
    )
    from ganzoo.train import Settings, Trainer

    __version__: str

__all__ = [
    "AmbiguousName",
    "Architecture",
    "ArchitectureEntry",
    "BadData",
    "BadOption",
    "BadPlan",
    "CheckpointError",
    "DatasetEntry",
    "Defaults",
    "Discriminator",
    "DiscriminatorOutput",
    "Encoder",
    "Evaluator",
    "Extractor",
    "ExtractorEntry",
    "Game",
    "GanzooError",
    "Generator",
    "Incompatible",
    "LossEntry",
    "Metric",
    "MetricEntry",
    "MissingData",
    "MissingDependency",
    "Mixture",
    "Normal",
    "Objective",
    "Play",
    "PluginFailed",
    "PluginWarning",
    "Prior",
    "Recipe",
    "Samples",
    "Settings",
    "ShapeMismatch",
    "Source",
    "Spec",
    "Stream",
    "Task",
    "TensorSource",
    "Term",
    "TermEntry",
    "Trainer",
    "Traits",
    "Uniform",
    "UnknownName",
    "WithCode",
    "__version__",
    "compare",
    "evaluate",
    "gallery",
    "get_architecture",
    "get_dataset",
    "get_extractor",
    "get_loss",
    "get_metric",
    "get_term",
    "hookimpl",
    "metrics",
    "option",
    "registry",
    "state",
    "terms",
    "testing",
    "train",
]

_SUBMODULES = frozenset({"metrics", "registry", "terms", "testing"})

_HOMES = {
    "errors": """AmbiguousName BadData BadOption BadPlan CheckpointError GanzooError Incompatible
        MissingData MissingDependency PluginFailed ShapeMismatch UnknownName""",
    "evaluate": "Evaluator Extractor Metric Samples",
    "game": """Architecture Defaults Discriminator DiscriminatorOutput Encoder Game Generator
        Mixture Normal Objective Play Prior Source Spec Stream Task TensorSource Term Traits
        Uniform WithCode option state""",
    "recipe": "Recipe",
    "registry": """ArchitectureEntry DatasetEntry ExtractorEntry LossEntry MetricEntry
        PluginWarning TermEntry get_architecture get_dataset get_extractor get_loss get_metric
        get_term hookimpl""",
    "train": "Settings Trainer",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

_VERBS = {
    "compare": "compare",
    "evaluate": "recipe",
    "gallery": "gallery",
    "train": "recipe",
}
"""Subpackages that can be called too, and the module of the function that this calls."""


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES or name in _VERBS:
        return import_module(f"ganzoo.{name}")
    if name == "__version__":
        return _version()
    if name not in _HOME:
        raise AttributeError(f"module 'ganzoo' has no attribute {name!r}")
    value = getattr(import_module(f"ganzoo.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ganzoo")
    except PackageNotFoundError:  # run from a folder that is not installed
        return "0+uninstalled"


class _Verb(ModuleType):
    """A subpackage that is also the function of its name: ``ganzoo.train`` has submodules,
    and ``ganzoo.train("hinge")`` trains.
    """

    def __call__(self, *args: Any, **options: Any) -> Any:
        _, _, name = self.__name__.rpartition(".")
        return getattr(import_module(f"ganzoo.{_VERBS[name]}"), name)(*args, **options)


class _Root(ModuleType):
    # The import system puts each subpackage here once it is imported, whoever imports it.
    def __setattr__(self, name: str, value: object) -> None:
        if name in _VERBS and isinstance(value, ModuleType):
            value.__class__ = _Verb
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Root
