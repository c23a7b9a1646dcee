"""Which plugins are installed, each loaded in a ``try`` of its own."""

from __future__ import annotations

import importlib
import re
import sys
import time
import traceback
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from importlib import metadata
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError
from pathlib import Path

from ganzoo.errors import PluginFailed
from ganzoo.registry.hooks import ask
from ganzoo.registry.names import canonical
from ganzoo.registry.plugin import Found, Plugin

__all__ = ["Candidate", "candidates", "explain", "load"]

GROUP = "ganzoo"
_SECTION = re.compile(rf"^\s*\[\s*{GROUP}\s*\]", re.MULTILINE)


@dataclass(frozen=True)
class Candidate:
    """An entry point that is installed, not yet loaded.

    ``error`` says why there is none, of a distribution that declares some but whose
    declaration cannot be read.
    """

    distribution: str
    version: str
    entry_point: EntryPoint
    error: str = ""

    def called(self, names: Set[str]) -> bool:
        """Whether the distribution or the entry point is among these canonical names."""
        return not names.isdisjoint(map(canonical, (self.distribution, self.entry_point.name)))

    @property
    def own(self) -> bool:
        """Whether this is ganzoo itself."""
        return canonical(self.distribution) == "ganzoo"


def candidates() -> list[Candidate]:
    """Every entry point of the group, ganzoo's own first and then by name, so that the
    order on disk never shows.
    """
    first: dict[str, Distribution] = {}
    for distribution in metadata.distributions():
        # Only a distribution that speaks of ganzoo is parsed: one that is damaged and has
        # nothing to do with it must not matter, and parsing all of them takes longer.
        if _speaks(distribution):
            first.setdefault(canonical(_name(distribution)), distribution)
    found = [each for one in first.values() if _seen(one) for each in _declared(one)]
    if not any(each.own for each in found):
        # ganzoo runs from a folder that is not installed.
        built_in = EntryPoint("ganzoo", "ganzoo.zoo.plugin", GROUP)
        found.append(Candidate("ganzoo", "0+uninstalled", built_in))
    return sorted(found, key=lambda c: (not c.own, canonical(c.distribution), c.entry_point.name))


def load(candidate: Candidate) -> Plugin:
    """Import what a candidate names and ask it what it brings. Whatever it raises becomes
    the :attr:`Plugin.error`, but for a KeyboardInterrupt.
    """
    plugin = Plugin(
        candidate.entry_point.name,
        candidate.entry_point.value,
        candidate.distribution,
        candidate.version,
        error=candidate.error,
    )
    if candidate.error:
        return plugin
    had_torch, start = "torch" in sys.modules, time.perf_counter()
    entries: tuple[Found, ...] = ()
    error = ""
    try:
        entries = tuple(
            Found(entry, kind, candidate.distribution, candidate.version)
            for kind, entry in ask(candidate.entry_point.load())
        )
    except KeyboardInterrupt:
        raise
    except BaseException as raised:  # SystemExit, and what extension modules panic with
        error = explain(raised)
    return replace(
        plugin,
        seconds=time.perf_counter() - start,
        entries=entries,
        error=error,
        imports_torch=not had_torch and "torch" in sys.modules,
    )


def explain(error: BaseException) -> str:
    """What was raised, and in which line of which file, in one line."""
    said = " ".join(str(error).split())
    if isinstance(error, PluginFailed):
        return said
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    if isinstance(error, SyntaxError):  # says where by itself
        return text
    frames = traceback.extract_tb(error.__traceback__)
    frame = next((f for f in reversed(frames) if not f.filename.startswith("<frozen")), None)
    if frame is None or Path(frame.filename).parent in _MACHINERY:
        return text
    file = Path(frame.filename)
    return f"{text} ({file.parent.name}/{file.name}, line {frame.lineno})"


_MACHINERY = frozenset(
    Path(file).parent for file in (__file__, importlib.__file__, metadata.__file__)
)


def _speaks(distribution: Distribution) -> bool:
    try:
        return bool(_SECTION.search(distribution.read_text("entry_points.txt") or ""))
    except (OSError, UnicodeDecodeError):
        return False


def _seen(distribution: Distribution) -> bool:
    """Whether it is the first of its name on the path, the one that an import finds."""
    try:
        return _speaks(metadata.distribution(_name(distribution)))
    except (PackageNotFoundError, ValueError):
        return True


def _declared(distribution: Distribution) -> Iterator[Candidate]:
    name, version = _name(distribution), _version(distribution)
    try:
        points = list(distribution.entry_points.select(group=GROUP))
    except Exception as error:
        unread = EntryPoint(name, "", GROUP)
        yield Candidate(name, version, unread, f"its entry points cannot be read: {error}")
        return
    for point in points:
        yield Candidate(name, version, point)


def _name(distribution: Distribution) -> str:
    try:
        return distribution.metadata["Name"] or "unnamed"
    except Exception:  # damaged metadata
        return "unnamed"


def _version(distribution: Distribution) -> str:
    try:
        return distribution.version or "unknown"
    except Exception:  # damaged metadata
        return "unknown"
