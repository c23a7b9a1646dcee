"""What a plugin says of each thing it brings: frozen, importable without torch."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ArchitectureEntry",
    "DatasetEntry",
    "Entry",
    "ExtractorEntry",
    "LossEntry",
    "MetricEntry",
    "TermEntry",
]


@dataclass(frozen=True)
class Entry:
    """One named thing of a plugin.

    Args:
        name: how it is asked for; case, ``-`` and ``_`` do not matter.
        target: ``"package.module:function"``, imported when the thing is built.
        summary: what it is, in a line.
        aliases: other names for it.
    """

    name: str
    target: str
    summary: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class LossEntry(Entry):
    """A loss: ``target(**options)`` gives an :class:`ganzoo.Objective`.

    Args:
        family: what it is filed under.
        year: of the paper.
        paper: its arXiv id, or a reference.
    """

    family: str = ""
    year: int = 0
    paper: str = ""


@dataclass(frozen=True)
class TermEntry(Entry):
    """A term to add to any loss: ``target(**options)`` gives a :class:`ganzoo.Term`."""

    family: str = "regulariser"
    year: int = 0
    paper: str = ""


@dataclass(frozen=True)
class ArchitectureEntry(Entry):
    """Networks: ``target(spec, **options)`` gives an :class:`ganzoo.Architecture`.

    Args:
        provides: what its discriminator provides.
        roles: what it can build, of generator, discriminator, encoder.
        samples: what it is for: ``"points"``, ``"images"`` or ``"any"``.
        labels: what its option ``conditional`` can be beside True and False, where it has one:
            ``"generator"`` (labels for all but the discriminator), and how the discriminator
            takes them in, ``"concat"`` or ``"projection"``, which it then provides.
    """

    provides: tuple[str, ...] = ("score",)
    roles: tuple[str, ...] = ("generator", "discriminator")
    samples: str = "any"
    labels: tuple[str, ...] = ()
    year: int = 0
    paper: str = ""


@dataclass(frozen=True)
class DatasetEntry(Entry):
    """Data: ``target(**options)`` gives a :class:`ganzoo.Source`.

    Args:
        samples: ``"points"`` or ``"images"``.
        builtin: whether it needs nothing that is not already on the machine.
    """

    samples: str = "images"
    builtin: bool = True


@dataclass(frozen=True)
class MetricEntry(Entry):
    """A metric: ``target(**options)`` gives a :class:`ganzoo.Metric`.

    Args:
        direction: ``"lower"`` or ``"higher"``, which is better.
        unit: of the value; empty for a pure number.
        needs: of ``mixture``, ``features``, ``classifier``, ``labels``, ``training``: what the
            data must offer.
        ranks: whether it may decide which objective is better.
    """

    direction: str = "lower"
    unit: str = ""
    needs: tuple[str, ...] = ()
    ranks: bool = True


@dataclass(frozen=True)
class ExtractorEntry(Entry):
    """A feature extractor: ``target(**options)`` gives a :class:`ganzoo.Extractor`.

    Args:
        classifier: whether it tells classes apart.
        builtin: whether it needs nothing that is not already on the machine.
    """

    classifier: bool = False
    builtin: bool = True
