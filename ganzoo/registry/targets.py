"""The target of an entry: imported when it is asked for, called, and what it gives checked."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from ganzoo.errors import GanzooError, PluginFailed, closest
from ganzoo.registry.discovery import explain
from ganzoo.registry.kinds import kind_of
from ganzoo.registry.names import one_of
from ganzoo.registry.options import Option, check_options, options_of
from ganzoo.registry.plugin import Found

__all__ = ["Description", "build_target", "describe", "load_target"]


@dataclass(frozen=True)
class Description:
    """What the target of an entry says of itself.

    Args:
        options: what it takes, in order.
        doc: its docstring, without indentation.
    """

    options: tuple[Option, ...]
    doc: str


def load_target(found: Found) -> Callable[..., Any]:
    """Import what ``"package.module:function"`` names.

    Raises:
        PluginFailed: the module does not import, or has nothing of that name.
    """
    path, _, attribute = found.entry.target.partition(":")
    try:
        target: Any = importlib.import_module(path)
    except (GanzooError, KeyboardInterrupt):  # a missing library has an error of its own
        raise
    except BaseException as error:  # SystemExit, and what extension modules panic with
        raise PluginFailed(f"{_of(found)}: {explain(error)}") from error
    for name in attribute.split("."):
        if not hasattr(target, name):
            near = closest(name, dir(target))
            raise PluginFailed(f"{_of(found)}: there is no {name!r} in it.{near}")
        target = getattr(target, name)
    if not callable(target):
        raise PluginFailed(f"{_of(found)}: it is {target!r}, which cannot be called")
    return target  # type: ignore[no-any-return]


def build_target(found: Found, given: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Call the target of an entry.

    Raises:
        PluginFailed: as :func:`load_target`, or it gives something of another kind.
        BadOption: options that it does not take.
    """
    target, kind = load_target(found), kind_of(found.kind)
    check_options(f"the {kind.one} {found.name!r}", target, options, len(given))
    built = target(*given, **options)
    module, _, name = kind.gives.partition(":")
    if not isinstance(built, getattr(importlib.import_module(module), name)):
        raise PluginFailed(
            f"{_of(found)}: it gives {type(built).__name__}; the target of "
            f"{one_of(kind.one)} gives ganzoo.{name}"
        )
    return built


def describe(found: Found) -> Description:
    """The options, defaults and docstring of an entry's target, which is imported.

    Raises:
        PluginFailed: as :func:`load_target`.
    """
    target = load_target(found)
    return Description(options_of(target, kind_of(found.kind).given), getdoc(target) or "")


def _of(found: Found) -> str:
    return (
        f"the {kind_of(found.kind).one} {found.name!r} of {found.distribution} {found.version} "
        f"has a target that fails, {found.entry.target!r}"
    )
