"""One tree of errors: each says what was asked, what was found and what would work."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "AmbiguousName",
    "BadData",
    "BadOption",
    "BadPlan",
    "CheckpointError",
    "GanzooError",
    "Incompatible",
    "MissingData",
    "MissingDependency",
    "PluginFailed",
    "ShapeMismatch",
    "UnknownName",
]


class GanzooError(Exception):
    """Everything that ganzoo raises on purpose."""


class UnknownName(GanzooError, LookupError):
    """A name that no installed plugin offers."""


class AmbiguousName(GanzooError, LookupError):
    """A bare name that more than one distribution offers."""


class PluginFailed(GanzooError, ImportError):
    """A plugin, or the target of one of its entries, could not be loaded."""


class MissingDependency(GanzooError, ImportError):
    """An optional library is absent or broken."""


class Incompatible(GanzooError, ValueError):
    """An objective, a network and a data set that cannot sit at one table."""


class BadOption(GanzooError, TypeError, ValueError):
    """An option that its target does not take, or a value it cannot use."""


class ShapeMismatch(GanzooError, ValueError):
    """Tensors whose shapes would broadcast into nonsense, or an empty batch."""


class BadPlan(GanzooError, ValueError):
    """A comparison plan that cannot be read."""


class BadData(GanzooError, ValueError):
    """A file of data that is not what its format says."""


class MissingData(GanzooError, FileNotFoundError):
    """A data set or weights that are not on this machine and cannot be fetched."""


class CheckpointError(GanzooError, RuntimeError):
    """A checkpoint that is absent, damaged, or of another run."""


def closest(asked: str, known: Iterable[str]) -> str:
    """``" Did you mean 'x' or 'y'?"``, or nothing when no known name is near."""
    near = get_close_matches(asked, list(known), n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
