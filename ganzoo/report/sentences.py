"""Paragraphs in pieces, in which names are set off as each form of the report does."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["NAMED", "Name", "Prose", "grouped", "listed", "plain_text"]

NAMED = 6
"""Names that a sentence holds; of more it says how many others there are."""


class Name(str):
    """An objective's or a task's name in a sentence, which each form of the report sets off."""

    __slots__ = ()


Prose = list[str]
"""A paragraph in pieces; the pieces that are names are :class:`Name`."""


def plain_text(prose: Prose) -> str:
    """The paragraph as one string."""
    return "".join(prose)


def listed(names: Sequence[str], *, most: int = NAMED) -> Prose:
    """Names as a sentence has them: ``a, b and c``, or ``a, b and 7 others``."""
    # to count a single one would be no shorter than its name
    shown = names if len(names) <= most + 1 else names[:most]
    pieces: list[Prose] = [[Name(name)] for name in shown]
    if rest := len(names) - len(shown):
        pieces.append([f"{rest} others"])
    prose: Prose = []
    for place, piece in enumerate(pieces):
        prose += ["" if not place else " and " if place + 1 == len(pieces) else ", ", *piece]
    return prose


def grouped(groups: dict[str, list[str]]) -> str:
    """Who is told what: ``5 for a, b; 1 for c``, or ``5 for a, b; 1 for the other 60``."""
    # the one group that is by far the largest need not be spelt out
    largest = max(groups, key=lambda what: len(groups[what]), default="")
    others = len(groups.get(largest, ())) > NAMED and len(groups) > 1
    parts = [
        f"{what} for {', '.join(labels)}"
        for what, labels in groups.items()
        if not (others and what == largest)
    ]
    if others:
        parts.append(f"{largest} for the other {len(groups[largest])}")
    return "; ".join(parts)
