"""A name becomes an object: what the plugins bring, with its type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from ganzoo.registry.registry import Registry
from ganzoo.registry.spelling import parse_call

if TYPE_CHECKING:
    from ganzoo.evaluate.extractor import Extractor
    from ganzoo.evaluate.metric import Metric
    from ganzoo.game.networks import Architecture
    from ganzoo.game.objective import Objective
    from ganzoo.game.source import Source
    from ganzoo.game.spec import Spec
    from ganzoo.game.term import Term

__all__ = [
    "default_registry",
    "get_architecture",
    "get_dataset",
    "get_extractor",
    "get_loss",
    "get_metric",
    "get_term",
]

_DEFAULT = Registry()


def default_registry() -> Registry:
    """The registry of this process, which :func:`get_loss` and the others ask."""
    return _DEFAULT


def get_loss(
    name: str, /, *, add: Iterable[Term | str] | Term | str = (), **options: Any
) -> Objective:
    """The loss of this name, as an ``nn.Module``.

    Args:
        name: a name or alias, or ``"distribution:name"``; case, ``-`` and ``_`` do not matter.
        add: terms to add to it, or their names with options, as in
            ``add="r1(gamma=10, every=16)"``.
        options: those of the loss; ``ganzoo show NAME`` lists them.

    Raises:
        UnknownName, AmbiguousName: no such loss or term, or more than one.
        BadOption: an option it does not take, or an ``add`` that cannot be read.
        PluginFailed: the plugin's code does not import.

    Example:
        >>> loss = get_loss("nonsaturating", add="r1(gamma=1.0)")
    """
    found = _DEFAULT.find("losses", name)
    objective = cast("Objective", _DEFAULT.build("losses", found.id, **options))
    objective.name = found.name
    single = isinstance(add, str) or not isinstance(add, Iterable)
    for term in cast("Iterable[Term | str]", (add,) if single else add):
        objective = objective + (_spelled_term(term) if isinstance(term, str) else term)
    return objective


def get_term(name: str, /, **options: Any) -> Term:
    """The term of this name; errors as :func:`get_loss`."""
    return cast("Term", _DEFAULT.build("terms", name, **options))


def get_architecture(name: str, spec: Spec, /, **options: Any) -> Architecture:
    """The networks of this name for samples of ``spec``; errors as :func:`get_loss`."""
    return cast("Architecture", _DEFAULT.build("architectures", name, spec, **options))


def get_dataset(name: str, /, **options: Any) -> Source:
    """The data set of this name; errors as :func:`get_loss`."""
    return cast("Source", _DEFAULT.build("datasets", name, **options))


def get_metric(name: str, /, **options: Any) -> Metric:
    """The metric of this name; errors as :func:`get_loss`."""
    return cast("Metric", _DEFAULT.build("metrics", name, **options))


def get_extractor(name: str, /, **options: Any) -> Extractor:
    """The feature extractor of this name; errors as :func:`get_loss`."""
    return cast("Extractor", _DEFAULT.build("extractors", name, **options))


def _spelled_term(text: str) -> Term:
    name, options = parse_call(text)
    return get_term(name, **options)
