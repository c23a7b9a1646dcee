"""What a plugin's module brings, asked through pluggy, and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

import pluggy

from ganzoo.errors import PluginFailed, closest
from ganzoo.registry import hookspecs
from ganzoo.registry.entries import Entry, MetricEntry
from ganzoo.registry.kinds import KINDS, Kind
from ganzoo.registry.names import normal, one_of

__all__ = ["ask"]

_TARGET = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
_HOOKS = tuple(kind.hook for kind in KINDS.values())


class _Manager(pluggy.PluginManager):
    def parse_hookimpl_opts(self, plugin: object, name: str) -> Any:
        # A package that loads its public names lazily is not to be made to load them all.
        if isinstance(plugin, ModuleType) and name not in vars(plugin):
            return None
        return super().parse_hookimpl_opts(plugin, name)


def ask(plugin: object) -> list[tuple[str, Entry]]:
    """The entries that a plugin's module (or object) brings, each with its kind.

    Each plugin is asked by a manager of its own: nothing that one does through pluggy can
    reach another, and of one that fails nothing stays registered anywhere.

    Raises:
        PluginFailed: an unknown hook, a hook that is not marked, a wrong signature, a wrong
            type returned, an entry that makes no sense, or one name given twice.
    """
    manager = _Manager("ganzoo")
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, name="plugin")
        _refuse_unknown(manager)
    except pluggy.PluginValidationError as error:
        raise PluginFailed(" ".join(str(error).split())) from error
    written = getattr(plugin, "__dict__", {})
    unmarked = [hook for hook in _HOOKS if hook in written and not _marked(plugin, hook)]
    if unmarked:
        raise PluginFailed(f"{unmarked[0]} is not marked as a hook: put @ganzoo.hookimpl above it")
    brought = []
    for kind in KINDS.values():
        hook = getattr(manager.hook, kind.hook)
        said = hook()
        if hook.get_hookimpls() and not said:  # pluggy drops None
            raise PluginFailed(f"{kind.hook} gave None: yield entries, or return a list of them")
        entries = [entry for each in said for entry in _entries(kind, each)]
        _refuse_twins(kind, entries)
        brought += [(kind.name, entry) for entry in entries]
    return brought


def _marked(plugin: object, hook: str) -> bool:
    return hasattr(getattr(plugin, hook), "ganzoo_impl")


def _refuse_unknown(manager: pluggy.PluginManager) -> None:
    for name, hook in vars(manager.hook).items():
        if name.startswith("_") or hook.has_spec():
            continue
        if not all(implemented.optionalhook for implemented in hook.get_hookimpls()):
            raise PluginFailed(
                f"unknown hook {name!r}.{closest(name, _HOOKS)} The hooks are {', '.join(_HOOKS)}."
            )


def _entries(kind: Kind, said: object) -> Iterator[Entry]:
    wanted = kind.entry.__name__
    if not isinstance(said, Iterable):
        raise PluginFailed(
            f"{kind.hook} gave {one_of(type(said).__name__)}, not an iterable of {wanted}: "
            f"yield each entry, or return a list of them"
        )
    for entry in said:
        if not isinstance(entry, kind.entry):
            found = one_of(type(entry).__name__)
            raise PluginFailed(f"{kind.hook} gave {found}; it gives {wanted} alone")
        _sensible(kind, entry)
        yield entry


def _sensible(kind: Kind, entry: Entry) -> None:
    names = (entry.name, *_aliases(kind, entry))
    if not all(isinstance(name, str) and re.fullmatch(r"[\w.+-]+", name) for name in names):
        raise PluginFailed(
            f"{kind.hook}: {names} must be names of letters, digits, '-', '_', '.' and '+'"
        )
    if not isinstance(entry.target, str) or not _TARGET.fullmatch(entry.target):
        raise PluginFailed(
            f"{kind.hook}: the target of {entry.name!r} is {entry.target!r}; it must be a string "
            f"'package.module:function', so that listing it imports nothing"
        )
    if isinstance(entry, MetricEntry) and entry.direction not in ("lower", "higher"):
        raise PluginFailed(
            f"{kind.hook}: the direction of {entry.name!r} is {entry.direction!r}; it must be "
            f"'lower' or 'higher'"
        )


def _aliases(kind: Kind, entry: Entry) -> tuple[str, ...]:
    if not isinstance(entry.aliases, (tuple, list)):
        raise PluginFailed(
            f"{kind.hook}: the aliases of {entry.name!r} must be a tuple of names, found "
            f"{entry.aliases!r}"
        )
    return tuple(entry.aliases)


def _refuse_twins(kind: Kind, entries: list[Entry]) -> None:
    taken: dict[str, str] = {}
    for entry in entries:
        for name in {normal(name): name for name in (entry.name, *entry.aliases)}.values():
            if normal(name) in taken:
                raise PluginFailed(
                    f"{kind.hook} gives the name {name!r} twice, to {taken[normal(name)]!r} and "
                    f"to {entry.name!r} (case, '-' and '_' do not matter)"
                )
            taken[normal(name)] = entry.name
