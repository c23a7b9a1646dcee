"""What is known of a plugin and of each thing it brought."""

from __future__ import annotations

from dataclasses import dataclass, field

from ganzoo.registry.entries import Entry

__all__ = ["Found", "Plugin", "PluginWarning"]


class PluginWarning(UserWarning):
    """A plugin could not be loaded; everything else goes on without it."""


@dataclass(frozen=True)
class Found:
    """An entry, and who brought it.

    Args:
        entry: what the plugin says of it.
        kind: one of :data:`ganzoo.registry.KINDS`.
        distribution, version: of the installed package that brought it.
    """

    entry: Entry
    kind: str
    distribution: str
    version: str

    @property
    def name(self) -> str:
        """The bare name."""
        return self.entry.name

    @property
    def id(self) -> str:
        """The full name ``distribution:name``, which no other distribution can take."""
        return f"{self.distribution}:{self.entry.name}"


@dataclass(frozen=True)
class Plugin:
    """One entry point of the group ``ganzoo``, and what became of it.

    Args:
        entry_point: its name.
        module: what it names.
        distribution, version: of the installed package that declares it.
        seconds: what importing it and asking it took.
        entries: what it brought; nothing when it failed.
        error: why it failed; empty when it did not.
        imports_torch: whether importing it imported torch, which makes every listing slow.
    """

    entry_point: str
    module: str
    distribution: str
    version: str
    seconds: float = 0.0
    entries: tuple[Found, ...] = field(default=(), repr=False)
    error: str = ""
    imports_torch: bool = False

    @property
    def status(self) -> str:
        """``"loaded"`` or ``"failed"``."""
        return "failed" if self.error else "loaded"

    def __str__(self) -> str:
        named = f"{self.distribution} {self.version}"
        same = self.entry_point == self.distribution
        return named if same else f"{named} (entry point {self.entry_point!r})"
