"""Portraits of objectives: the losses against the score, and where a generator stalls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ganzoo.records.record import Portrait
from ganzoo.records.selection import finite
from ganzoo.records.summary import Summary
from ganzoo.report.axes import Axis, spanning
from ganzoo.report.crowd import foremost
from ganzoo.report.svg import Chart

__all__ = ["Overlay", "Plots", "overlay", "plots", "stalls"]

LOST = -2.0  # below this score the discriminator is sure that a sample is generated
STALL = 0.05  # a pull below this is nothing to learn from
STRONG = 0.5  # a pull above this is as good as any
TALLEST = 1.7  # charts end at this many times the middle objective's strongest pull
SCORE = "score of a generated sample, D(G(z))"


@dataclass(frozen=True)
class Plots:
    """An objective's losses, and its generator's pull, against the score."""

    losses: Markup
    pull: Markup
    caption: str


def plots(portrait: Portrait, series: int) -> Plots | None:
    """The two charts of an objective; None without an axis or a loss to draw."""
    columns = [
        (portrait.discriminator_real, "real"),
        (portrait.discriminator_fake, "fake"),
        (portrait.generator, "gen"),
    ]
    drawn = [(values, kind) for values, kind in columns if _whole(portrait, values)]
    if not drawn:
        return None
    x = _score_axis([portrait])
    near = [
        v for values, _ in drawn for s, v in zip(portrait.score, values, strict=True) if abs(s) <= 4
    ]
    flat = [v for values, _ in drawn for v in values]
    chart = Chart(
        x,
        spanning(near or flat),
        size=(320, 200),
        labels=("score, D(x)", "losses"),
        about=f"losses of {portrait.title} against the score",
    )
    if upward(portrait):
        chart.region(x.low, LOST)
    for values, kind in drawn:
        chart.line(portrait.score, values, series, kind=kind)
    return Plots(chart.svg(), _pull_alone(portrait, series), _caption(portrait))


def _caption(portrait: Portrait) -> str:
    if stalls(portrait):
        return "Where D wins the pull dies: this one stalls."
    pulls = _pull(portrait)
    if pulls and upward(portrait) and pulls[portrait.score.index(min(portrait.score))] >= STRONG:
        return "It keeps pulling where D wins."
    return ""


def stalls(portrait: Portrait) -> bool:
    """Whether the generator's pull dies out where the discriminator wins."""
    pulls = _pull(portrait)
    if not pulls or min(portrait.score) > LOST or not upward(portrait):
        return False
    return abs(pulls[portrait.score.index(min(portrait.score))]) < STALL


def upward(portrait: Portrait) -> bool:
    """Whether a higher score means more real, as for all but energies."""
    fake = portrait.discriminator_fake
    return len(fake) < 2 or fake[-1] >= fake[0]


@dataclass(frozen=True)
class Overlay:
    """The chart of every generator's pull, and the objectives that it shows in colour."""

    chart: Markup
    labels: tuple[str, ...]


def overlay(comparison: Summary) -> Overlay | None:
    """Every generator's pull in one chart, equal curves dashed in turn; None without any.

    Energies, where a low value means real, are left to their own charts.
    """
    drawn = [
        (label, portrait, _pull(portrait))
        for label, portrait in comparison.portraits.items()
        if _pull(portrait) and upward(portrait)
    ]
    if not drawn:
        return None
    x = _score_axis([portrait for _, portrait, _ in drawn])
    chart = Chart(
        x,
        _pull_axis([pull for _, _, pull in drawn]),
        size=(620, 320),
        labels=(SCORE, "pull on the generated sample, −dL/dscore"),
        about="the gradient that each generator gets, against the score",
    )
    chart.region(x.low, LOST, "the discriminator", "is winning here")
    chart.rule(0.0, "no gradient: nothing to learn from")
    ahead = {label for table in comparison.tasks for label in foremost(comparison, table)}
    for label, portrait, pull in drawn:
        if label not in ahead:
            chart.line(portrait.score, pull, comparison.series(label), kind="strong behind")
    drawn = [one for one in drawn if one[0] in ahead]
    curves = [(portrait.score, pull) for _, portrait, pull in drawn]
    for place, (label, portrait, pull) in enumerate(drawn):
        alike = [i for i, other in enumerate(curves) if _same(other, curves[place])]
        turn = (alike.index(place), len(alike))
        series = comparison.series(label)
        chart.line(portrait.score, pull, series, kind="strong", turn=turn)
    return Overlay(chart.svg(), tuple(label for label, _, _ in drawn))


def _pull_alone(portrait: Portrait, series: int) -> Markup:
    pull = _pull(portrait)
    if not pull:
        return Markup()
    x = _score_axis([portrait])
    chart = Chart(
        x,
        _pull_axis([pull]),
        size=(320, 200),
        labels=("score, D(G(z))", "pull on the generator"),
        about=f"the gradient that the generator of {portrait.title} gets, against the score",
    )
    if upward(portrait):
        chart.region(x.low, LOST, "D is winning")
    chart.rule(0.0, "")
    chart.line(portrait.score, pull, series, kind="strong")
    return chart.svg()


def _pull(portrait: Portrait) -> list[float]:
    if not _whole(portrait, portrait.generator_gradient):
        return []
    return [-value for value in portrait.generator_gradient]


def _whole(portrait: Portrait, values: Sequence[float]) -> bool:
    return len(values) == len(portrait.score) > 1 and all(finite(v) is not None for v in values)


def _score_axis(portraits: Sequence[Portrait]) -> Axis:
    scores = [score for portrait in portraits for score in portrait.score]
    return Axis(min(scores), max(scores))


def _pull_axis(pulls: Sequence[Sequence[float]]) -> Axis:
    strongest = sorted(max(map(abs, pull)) for pull in pulls)
    most = min(strongest[-1], TALLEST * (strongest[len(strongest) // 2] or 1.0))
    lowest = min(0.0, *(min(pull) for pull in pulls))
    # Room above for what is written there.
    return spanning([max(lowest, -0.3 * most), 0.0, 1.2 * max(most, 1.0)])


def _same(
    one: tuple[Sequence[float], list[float]], other: tuple[Sequence[float], list[float]]
) -> bool:
    if tuple(one[0]) != tuple(other[0]):
        return False
    return max(abs(a - b) for a, b in zip(one[1], other[1], strict=True)) < 1e-3
