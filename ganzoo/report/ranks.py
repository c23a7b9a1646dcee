"""The critical-difference diagram, turned so that each objective is a row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ganzoo.records.ranking import Ranking
from ganzoo.records.summary import Summary
from ganzoo.report.svg import swatch

__all__ = ["Diagram", "alike", "diagram"]

HIGH = 30  # of a row, in pixels: the style sheet keeps to it
EDGE = 4.0  # per cent of the width that stay free at either end
APART = 9  # pixels between two brackets


@dataclass(frozen=True)
class Diagram:
    """The pieces of a diagram: by objective its mean rank, where it stands on the scale, and
    its stretch of the brackets; the scale itself; how wide the brackets are.
    """

    ranks: dict[str, float]
    tracks: dict[str, Markup]
    brackets: dict[str, Markup]
    scale: Markup
    blocks: int
    difference: float
    p: float


def alike(ranks: Sequence[float], difference: float) -> list[tuple[int, int]]:
    """The longest stretches, first to last, of sorted ranks that differ by less than the
    critical difference; those of one alone are left out.
    """
    found: list[tuple[int, int]] = []
    for first in range(len(ranks)):
        last = max(i for i in range(first, len(ranks)) if ranks[i] - ranks[first] < difference)
        if last > first and (not found or last > found[-1][1]):
            found.append((first, last))
    return found


def diagram(comparison: Summary, ranking: Ranking) -> Diagram:
    """Draw a ranking: rows in the order of its ranks, brackets around what isn't told apart.

    Places are in per cent of the width, so that nothing is scaled, text least of all.
    """
    labels, ranks = list(ranking.ranks), list(ranking.ranks.values())
    groups = alike(ranks, ranking.critical_difference)
    most = max(len(labels), 2)
    tracks = {
        label: _track(_across(rank, most), most, swatch(comparison.series(label)))
        for label, rank in ranking.ranks.items()
    }
    brackets = {label: _brackets(place, groups) for place, label in enumerate(labels)}
    return Diagram(
        dict(ranking.ranks),
        tracks,
        brackets,
        _scale(most, ranking.critical_difference),
        ranking.blocks,
        ranking.critical_difference,
        ranking.test.iman_davenport_p,
    )


def _across(rank: float, most: int) -> float:
    return EDGE + (100 - 2 * EDGE) * (rank - 1) / (most - 1)


def _ticks(most: int) -> list[int]:
    step = 1 if most <= 6 else 3 if most <= 12 else 5
    return [1, *(rank for rank in range(2, most + 1) if rank % step == 0)]


def _track(across: float, most: int, classes: str) -> Markup:
    middle = HIGH / 2
    lines = Markup().join(
        Markup('<line class="grid" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="{1}"/>').format(
            _across(rank, most), HIGH
        )
        for rank in _ticks(most)
    )
    dot = Markup('<circle class="place" cx="{:.2f}%" cy="{}" r="5"/>').format(across, middle)
    return Markup(
        '<svg class="track {}" width="100%" height="{}" aria-hidden="true">{}{}</svg>'
    ).format(classes, HIGH, lines, dot)


def _brackets(place: int, groups: Sequence[tuple[int, int]]) -> Markup:
    lines = []
    for column, (first, last) in enumerate(groups):
        if first <= place <= last:
            top = HIGH * 0.25 if place == first else 0
            bottom = HIGH * 0.75 if place == last else HIGH
            x = APART * column + 5
            lines.append(f"M{x} {top:g}V{bottom:g}")
    wide = APART * max(len(groups), 1) + 4
    return Markup(
        '<svg class="brackets" width="{}" height="{}" aria-hidden="true"><path d="{}"/></svg>'
    ).format(wide, HIGH, "".join(lines))


def _scale(most: int, difference: float) -> Markup:
    ticks = Markup().join(
        Markup('<text x="{:.2f}%" y="12" text-anchor="middle">{}</text>').format(
            _across(rank, most), rank
        )
        for rank in _ticks(most)
    )
    end = min(_across(1 + difference, most), 100 - EDGE / 2)
    bar = Markup(
        '<line class="difference" x1="{:.2f}%" x2="{:.2f}%" y1="22" y2="22"/>'
        '<text x="{:.2f}%" y="36">critical difference {:.2f}</text>'
    ).format(EDGE, end, EDGE, difference)
    return Markup('<svg class="track" width="100%" height="40" role="img" aria-label="{}">').format(
        f"mean ranks from 1 to {most}; the critical difference is {difference:.2f}"
    ) + Markup("{}{}</svg>").format(ticks, bar)
