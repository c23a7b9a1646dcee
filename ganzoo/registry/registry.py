"""Registry: everything that the installed plugins bring, found by name and built."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ganzoo.errors import AmbiguousName, GanzooError, PluginFailed, UnknownName, closest
from ganzoo.registry import discovery
from ganzoo.registry.kinds import KINDS, Kind, kind_of
from ganzoo.registry.names import canonical, normal, one_of, split
from ganzoo.registry.plugin import Found, Plugin, PluginWarning
from ganzoo.registry.targets import Description, build_target, describe

__all__ = ["Registry"]


class Registry:
    """Everything that the installed plugins bring.

    The plugins are loaded at the first question. One that fails is kept with its error and
    warned about once with :class:`PluginWarning`, and the others go on.

    Two environment variables are read then: ``GANZOO_PLUGINS=a,b`` loads these
    distributions or entry points alone, beside ganzoo's own (an empty value: none beside
    it), and ``GANZOO_STRICT=1`` raises :class:`PluginFailed` where it would warn.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._loading = False
        self._plugins: list[Plugin] | None = None
        self._left_out: tuple[str, ...] = ()

    def plugins(self) -> list[Plugin]:
        """Every plugin, the failed ones among them, ganzoo's own first."""
        with self._lock:
            if self._plugins is None:
                if self._loading:
                    raise GanzooError("a plugin cannot ask the registry while it is being loaded")
                self._loading = True
                try:
                    warned = self._load()
                finally:
                    self._loading = False
                # When all is kept: a warning may be an error, and is not to come twice.
                for text in warned:
                    warnings.warn(text, PluginWarning, stacklevel=3)
            assert self._plugins is not None
            return list(self._plugins)

    def entries(self, kind: str) -> list[Found]:
        """Everything of a kind: losses, terms, architectures, datasets, metrics, extractors.

        Raises:
            UnknownName: no such kind.
        """
        name = kind_of(kind).name
        return [each for plugin in self.plugins() for each in plugin.entries if each.kind == name]

    def find(self, kind: str, name: str) -> Found:
        """The entry of this name or alias; case, ``-`` and ``_`` do not matter.

        Args:
            kind: as for :meth:`entries`.
            name: a bare name, or ``"distribution:name"``.

        Raises:
            UnknownName: nothing has this name; names the closest, and the failed plugins.
            AmbiguousName: more than one distribution offers it; names them.
        """
        chosen = self._matching(kind_of(kind), name)
        if not chosen:
            raise self._unknown(kind_of(kind), name)
        if len(chosen) > 1:
            raise AmbiguousName(
                f"more than one distribution offers the {kind_of(kind).one} {name!r}; "
                f"ask for {' or '.join(repr(found.id) for found in chosen)}"
            )
        return chosen[0]

    def find_all(self, name: str) -> list[Found]:
        """The entries of this name or alias of every kind, whatever the distribution.

        Raises:
            UnknownName: there are none; names the closest, and the failed plugins.
        """
        found = [each for kind in KINDS.values() for each in self._matching(kind, name)]
        if not found:
            every = [each for kind in KINDS for each in self.entries(kind)]
            raise UnknownName(
                f"nothing of the name {name!r} is installed.{_near(name, every)} "
                f"`ganzoo list` lists everything.{self._missing()}"
            )
        return found

    def build(self, kind: str, name: str, /, *given: Any, **options: Any) -> Any:
        """Import the target of an entry, check the options, call it.

        Args:
            kind: as for :meth:`entries`.
            name: as for :meth:`find`.
            given: what a target of this kind takes before its options: the spec of an
                architecture, nothing for the others.
            options: its options.

        Raises:
            UnknownName, AmbiguousName: as :meth:`find`.
            PluginFailed: the target is missing, does not import, or gives something else.
            BadOption: options that the target does not take.
        """
        return build_target(self.find(kind, name), given, options)

    def describe(self, found: Found) -> Description:
        """The options, defaults and docstring of an entry's target, which is imported.

        Raises:
            PluginFailed: the target is missing or does not import.
        """
        return describe(found)

    def _matching(self, kind: Kind, name: str) -> list[Found]:
        distribution, bare = split(name)
        return [
            found
            for found in self.entries(kind.name)
            if normal(bare) in map(normal, _names(found))
            and canonical(distribution) in ("", canonical(found.distribution))
        ]

    def _load(self) -> list[str]:
        """Load all plugins; gives what is to be warned about."""
        limit = os.environ.get("GANZOO_PLUGINS")
        asked = {canonical(name.strip()) for name in (limit or "").split(",")} - {""}
        every = discovery.candidates()
        chosen = [c for c in every if limit is None or c.own or c.called(asked)]
        strict = os.environ.get("GANZOO_STRICT", "") not in ("", "0")
        plugins: list[Plugin] = []
        for candidate in chosen:
            plugin = _without_twins(discovery.load(candidate), plugins)
            if plugin.error and strict:
                raise PluginFailed(f"the plugin {plugin} failed: {plugin.error}")
            plugins.append(plugin)
        self._plugins = plugins
        self._left_out = tuple(sorted({c.distribution for c in every if c not in chosen}))
        absent = sorted(name for name in asked if not any(c.called({name}) for c in every))
        return [
            *(f"GANZOO_PLUGINS names {name!r}; no such plugin is installed" for name in absent),
            *(f"the plugin {plugin} is left out: {plugin.error}" for plugin in _failed(plugins)),
        ]

    def _unknown(self, kind: Kind, name: str) -> UnknownName:
        every = self.entries(kind.name)
        same = [repr(found.id) for found in self._matching(kind, split(name)[1])]
        others = [one_of(other.one) for other in KINDS.values() if self._matching(other, name)]
        hint = f" There is {' and '.join(same)}." if same else _near(name, every)
        if others:
            hint += f" There is {' and '.join(others)} of that name."
        return UnknownName(
            f"no {kind.one} {name!r} is installed.{hint} "
            f"`ganzoo list {kind.name}` lists all {len(every)}.{self._missing()}"
        )

    def _missing(self) -> str:
        """Which plugins are not there, and why."""
        failed = "; ".join(f"{plugin} ({plugin.error})" for plugin in _failed(self.plugins()))
        left_out = ", ".join(self._left_out)
        return (f" Plugins that could not be loaded: {failed}." if failed else "") + (
            f" Left out by GANZOO_PLUGINS: {left_out}." if left_out else ""
        )


def _names(found: Found) -> tuple[str, ...]:
    return (found.name, *found.entry.aliases)


def _near(name: str, every: list[Found]) -> str:
    return closest(split(name)[1].lower(), [each for found in every for each in _names(found)])


def _failed(plugins: Iterable[Plugin]) -> list[Plugin]:
    return [plugin for plugin in plugins if plugin.error]


def _without_twins(plugin: Plugin, earlier: list[Plugin]) -> Plugin:
    """The plugin, failed if another entry point of its distribution gave one of its names:
    not even ``distribution:name`` would tell the two apart.
    """
    taken = {
        (canonical(found.distribution), found.kind, normal(name)): other
        for other in earlier
        for found in other.entries
        for name in _names(found)
    }
    for found in plugin.entries:
        for name in _names(found):
            other = taken.get((canonical(found.distribution), found.kind, normal(name)))
            if other is not None:
                reason = (
                    f"its {kind_of(found.kind).one} {name!r} is also a name of the entry point "
                    f"{other.entry_point!r} of the same distribution"
                )
                return replace(plugin, entries=(), error=reason)
    return plugin
