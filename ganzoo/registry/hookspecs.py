"""The hooks that a plugin may implement, and the two markers."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from ganzoo.registry.entries import (
    ArchitectureEntry,
    DatasetEntry,
    ExtractorEntry,
    LossEntry,
    MetricEntry,
    TermEntry,
)

__all__ = ["hookimpl", "hookspec"]

hookspec = pluggy.HookspecMarker("ganzoo")
hookimpl = pluggy.HookimplMarker("ganzoo")


@hookspec
def ganzoo_losses() -> Iterable[LossEntry]:  # type: ignore[empty-body]
    """The losses this plugin brings."""


@hookspec
def ganzoo_terms() -> Iterable[TermEntry]:  # type: ignore[empty-body]
    """The terms this plugin brings, to be added to any loss."""


@hookspec
def ganzoo_architectures() -> Iterable[ArchitectureEntry]:  # type: ignore[empty-body]
    """The networks this plugin brings."""


@hookspec
def ganzoo_datasets() -> Iterable[DatasetEntry]:  # type: ignore[empty-body]
    """The data sets this plugin brings."""


@hookspec
def ganzoo_metrics() -> Iterable[MetricEntry]:  # type: ignore[empty-body]
    """The metrics this plugin brings."""


@hookspec
def ganzoo_extractors() -> Iterable[ExtractorEntry]:  # type: ignore[empty-body]
    """The feature extractors this plugin brings."""
