"""The kinds of things that plugins bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ganzoo.errors import UnknownName, closest
from ganzoo.registry.entries import (
    ArchitectureEntry,
    DatasetEntry,
    Entry,
    ExtractorEntry,
    LossEntry,
    MetricEntry,
    TermEntry,
)

__all__ = ["KINDS", "Kind", "kind_of"]


@dataclass(frozen=True)
class Kind:
    """One kind.

    Args:
        name: how it is called in look-ups and on the command line.
        one: a single one of it, for messages.
        entry: the class of its entries.
        gives: ``"module:class"`` of what a target of it must give.
        given: how many positional arguments a target is called with before its options.
    """

    name: str
    one: str
    entry: type[Entry]
    gives: str
    given: int = 0

    @property
    def hook(self) -> str:
        """The name of the function with which a plugin brings it."""
        return f"ganzoo_{self.name}"


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("losses", "loss", LossEntry, "ganzoo.game.objective:Objective"),
            Kind("terms", "term", TermEntry, "ganzoo.game.term:Term"),
            Kind(
                "architectures",
                "architecture",
                ArchitectureEntry,
                "ganzoo.game.networks:Architecture",
                given=1,
            ),
            Kind("datasets", "data set", DatasetEntry, "ganzoo.game.source:Source"),
            Kind("metrics", "metric", MetricEntry, "ganzoo.evaluate.metric:Metric"),
            Kind("extractors", "extractor", ExtractorEntry, "ganzoo.evaluate.extractor:Extractor"),
        )
    }
)
"""Every kind by its name, in the order in which they are listed."""


def kind_of(name: str) -> Kind:
    """The kind of this name.

    Raises:
        UnknownName: there is none.
    """
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownName(
            f"no kind {name!r}.{closest(name, KINDS)} The kinds are {', '.join(KINDS)}."
        ) from None
