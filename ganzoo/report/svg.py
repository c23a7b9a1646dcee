"""A line chart as inline SVG that takes its colours from the page's style sheet.

Drawn by hand rather than by a plotting library: a chart is 3 to 8 kB instead of 20 to 60, is
made in a millisecond, its text is the page's text, and one style sheet gives it its light,
dark and printed looks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from ganzoo.report.axes import Axis

__all__ = ["Chart", "dots", "points", "swatch"]

COLOURS = 7
TICK_GAP = 6
DASH = 9
NEAR, LINE = 90, 14  # units across within which names would meet, and down that keep them apart


def swatch(series: int) -> str:
    """The classes of a series: its colour, its dashes from the eighth on, and itself."""
    return f"s{series % COLOURS} d{series // COLOURS % 3} o{series}"


def points(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Path data through these places; NaN lifts the pen."""
    parts: list[str] = []
    down = False
    for x, y in zip(xs, ys, strict=True):
        if math.isnan(x) or math.isnan(y):
            down = False
            continue
        parts.append(f"{'L' if down else 'M'}{x:.1f} {y:.1f}")
        down = True
    return "".join(parts)


def _listed(*columns: Sequence[float]) -> str:
    rows = zip(*columns, strict=True)
    return ";".join(",".join(f"{value:.4g}" for value in row) for row in rows)


def dots(xs: Iterable[float], ys: Iterable[float]) -> str:
    """Path data of a dot at each place, to be drawn with round line ends."""
    return "".join(f"M{x:.1f} {y:.1f}h0" for x, y in zip(xs, ys, strict=True))


class Chart:
    """A chart of lines and bands.

    Args:
        x, y: the scales.
        size: width and height in units of the page.
        labels: what stands under the x axis, and at the head of the y axis.
        about: what the chart shows, for those who cannot see it.
    """

    def __init__(
        self,
        x: Axis,
        y: Axis,
        *,
        size: tuple[int, int] = (360, 220),
        labels: tuple[str, str] = ("", ""),
        about: str = "",
    ) -> None:
        self.x, self.y, self.size = x, y, size
        self.labels, self.about = labels, about
        self.left, self.top, self.right, self.bottom = 42, 26 if labels[1] else 10, 16, 36
        self.width = size[0] - self.left - self.right
        self.height = size[1] - self.top - self.bottom
        self._inside: list[Markup] = []
        self._above: list[Markup] = []

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the data is drawn, within the frame; far away stays near."""
        across = min(max(self.x.place(x), -2.0), 3.0) * self.width
        down = (1 - min(max(self.y.place(y), -2.0), 3.0)) * self.height
        return across, down

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        series: int,
        *,
        kind: str = "",
        turn: tuple[int, int] = (0, 1),
        name: str = "",
        spread: tuple[Sequence[float], Sequence[float]] | None = None,
    ) -> None:
        """A line through the data; ``kind`` is a further class of the style sheet, and
        ``turn`` (k, n) draws the k-th of n dashes, so that n equal lines can all be seen.

        A line with a ``name`` carries its numbers, with the ends of their ``spread``, for the
        script that reads them out.
        """
        places = [self.at(x, y) for x, y in zip(xs, ys, strict=True)]
        if not places:
            return
        path, shared = points(*zip(*places, strict=True)), Markup()
        if turn[1] > 1:
            style = Markup(' style="stroke-dasharray:{} {};stroke-dashoffset:{}"')
            shared = style.format(DASH, DASH * (turn[1] - 1), -DASH * turn[0])
        if name:
            carried = Markup(' data-name="{}" data-values="{}"')
            shared += carried.format(name, _listed(xs, ys, *(spread or ())))
        line = Markup('<path class="line {} {}"{} d="{}"/>')
        self._inside.append(line.format(swatch(series), kind, shared, path))

    def band(
        self, xs: Sequence[float], low: Sequence[float], high: Sequence[float], series: int
    ) -> None:
        """The area between two lines, where both are known."""
        known = [i for i, (a, b) in enumerate(zip(low, high, strict=True)) if a <= b]
        if len(known) < 2:
            return
        forth = [self.at(xs[i], low[i]) for i in known]
        back = [self.at(xs[i], high[i]) for i in reversed(known)]
        path = points(*zip(*forth, *back, strict=True))
        band = Markup('<path class="band {}" d="{}Z"/>').format(swatch(series), path)
        self._inside.insert(0, band)

    def whisker(self, x: float, low: float, high: float, series: int) -> None:
        """An upright interval at x, with a bar at either end."""
        (across, top), bottom = self.at(x, high), self.at(x, low)[1]
        path = f"M{across - 3:.1f} {top:.1f}h6m-3 0V{bottom:.1f}m-3 0h6"
        whisker = Markup('<path class="whisker {}" d="{}"/>').format(swatch(series), path)
        self._inside.append(whisker)

    def dot(self, x: float, y: float, series: int, *, kind: str) -> None:
        """A dot, small where it is a seed's."""
        across, down = self.at(x, y)
        dot = Markup('<circle class="dot {} {}" cx="{:.1f}" cy="{:.1f}" r="{}"/>')
        size = 2.2 if kind == "seed" else 5
        self._inside.append(dot.format(kind, swatch(series), across, down, size))

    def names(self, places: Sequence[tuple[float, float, int, str]]) -> None:
        """What to call the points (x, y, series, name): beside them, on the side with more
        room, and moved down where they would cover each other.
        """
        taken: list[tuple[float, float]] = []
        text = Markup('<text class="beside {}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
        found = [(*self.at(x, y)[::-1], series, name) for x, y, series, name in places]
        for down, across, series, name in sorted(found):
            line = down + 4.0
            for other, beside in taken:
                if abs(beside - across) < NEAR and line < other + LINE:
                    line = other + LINE
            taken.append((line, across))
            side, shift = ("end", -9) if across > 0.6 * self.width else ("start", 9)
            self._above.append(text.format(swatch(series), across + shift, line, side, name))

    def trail(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """A thin line that belongs to no series."""
        path = points(*zip(*(self.at(x, y) for x, y in zip(xs, ys, strict=True)), strict=True))
        self._inside.append(Markup('<path class="trail" d="{}"/>').format(path))

    def end(self, x: float, y: float, series: int) -> None:
        """A cross where a run broke off."""
        across, down = self.at(x, y)
        path = f"M{across - 4:.1f} {down - 4:.1f}l8 8m0-8l-8 8"
        cross = Markup('<path class="line end {}" d="{}"/>').format(swatch(series), path)
        self._inside.append(cross)

    def rule(self, y: float, text: str) -> None:
        """A level line with what it stands for at its left end, on the side with less room:
        there the curves are not.
        """
        down = self.at(self.x.low, y)[1]
        rule = Markup('<path class="rule" d="M0 {:.1f}h{}"/>').format(down, self.width)
        beside = down + 12 if down > self.height / 2 + 1 else down - 4
        note = Markup('<text class="note" x="3" y="{:.1f}">{}</text>').format(beside, text)
        self._inside += [rule, note]

    def region(self, low: float, high: float, *lines: str) -> None:
        """A marked stretch of the x axis, with what it means at its head."""
        start, stop = self.at(low, self.y.low)[0], self.at(high, self.y.low)[0]
        shade = Markup('<rect class="region" x="{:.1f}" y="0" width="{:.1f}" height="{}"/>')
        self._inside.insert(0, shade.format(start, stop - start, self.height))
        note = Markup('<text class="region-note" x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
        for place, text in enumerate(lines):
            self._above.append(note.format((start + stop) / 2, 14 + 16 * place, text))

    def svg(self) -> Markup:
        """The chart."""
        wide, high = self.size
        inside = Markup().join([*self._inside, *self._above])
        return Markup(
            '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" data-frame="{}">'
            '<text class="head" x="4" y="13">{}</text><g transform="translate({} {})">{}'
            '<svg width="{}" height="{}" overflow="hidden">{}</svg></g>'
            '<text class="foot" x="{}" y="{}" text-anchor="end">{}</text></svg>'
        ).format(
            *(wide, high, self.about, self._frame(), self.labels[1]),
            *(self.left, self.top, self._axes()),
            *(self.width, self.height, inside),
            *(self.left + self.width, high - 5, self.labels[0]),
        )

    def _frame(self) -> str:
        """Where the data are drawn, and the ends of both scales, for the script."""
        numbers = (self.left, self.top, self.width, self.height, self.x.low, self.x.high)
        return " ".join(f"{number:g}" for number in numbers)

    def _axes(self) -> Markup:
        lines, texts = [], []
        beside = Markup('<text x="{}" y="{:.1f}" text-anchor="end">{}</text>')
        for value, text in self.y.ticks(4):
            down = self.at(self.x.low, value)[1]
            lines.append(f"M0 {down:.1f}h{self.width}")
            texts.append(beside.format(-TICK_GAP, down + 3.5, text))
        beneath = Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
        for value, text in self.x.ticks(5):
            across = self.at(value, self.y.low)[0]
            texts.append(beneath.format(across, self.height + 15, text))
        return Markup(
            '<path class="grid" d="{}"/><path class="axis" d="M0 {}h{}"/><g class="ticks">{}</g>'
        ).format("".join(lines), self.height, self.width, Markup().join(texts))
