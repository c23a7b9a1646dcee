"""What the generators made: panels for each objective beside the real samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from ganzoo.records.record import Record
from ganzoo.records.selection import plain
from ganzoo.records.summary import Row, Summary, TaskTable
from ganzoo.report.evidence import anchor
from ganzoo.report.moments import Film, moments
from ganzoo.report.pictures import Frame, density, grid, scatter

__all__ = ["Gallery", "Panel", "Picture", "gallery", "read_samples"]

SMALL_POINTS = 350
BUDGET = 3_000_000  # characters of pictures in a page, beyond which only median seeds are shown
GRIDS = {True: 8, False: 4}  # images across, of the main picture and of a small one


@dataclass(frozen=True)
class Picture:
    """A picture of one run, and a word on it."""

    title: str
    image: Markup
    note: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Panel:
    """An objective's pictures: the seed in the middle, the others small, and the first one's
    samples over training where they were kept.
    """

    label: str
    main: Picture | None
    small: tuple[Picture, ...]
    film: Film | None = None


@dataclass(frozen=True)
class Gallery:
    """The pictures of a task. ``problem`` says why there are none, where there are none."""

    points: bool
    real: Markup
    symbol: Markup
    panels: tuple[Panel, ...]
    problem: str = ""

    @property
    def films(self) -> list[Film]:
        """What there is over training."""
        return [panel.film for panel in self.panels if panel.film is not None]

    @property
    def steps(self) -> list[int]:
        """The steps of all films."""
        return sorted({moment.step for film in self.films for moment in film.moments})


def read_samples(record: Record, folder: Path) -> dict[str, Any] | None:
    """``fake`` and ``real`` of a run as float64 arrays; None where they cannot be read.

    A path that leads out of the folder is not followed.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = (folder / record.samples).resolve()
    if not record.samples or not path.is_relative_to(folder.resolve()) or not path.is_file():
        return None
    try:
        found = load_file(path)
    except (SafetensorError, OSError, TypeError, ValueError):
        return None
    return {name: array.astype(np.float64) for name, array in found.items()}


def gallery(
    comparison: Summary, table: TaskTable, folder: Path, *, budget: int = BUDGET
) -> Gallery:
    """The pictures of a task's runs, as far as their samples can be read."""
    samples = {
        record.key: found
        for row in table.rows
        for record in row.records
        if (found := read_samples(record, folder)) and len(found.get("fake", ()))
    }
    real = next((s["real"] for s in samples.values() if len(s.get("real", ()))), None)
    if not samples or real is None:
        return _nothing("The samples of these runs are not beside the records.")
    name = f"truth-{comparison.tasks.index(table)}"
    painter = _painter(real, name)
    if painter is None:
        shape = " × ".join(map(str, real.shape[1:]))
        return _nothing(f"Samples of shape {shape} have no picture.")
    panels = [_panel(comparison, table, row, samples, painter) for row in table.rows]
    length = sum(len(small.image) for panel in panels for small in panel.small)
    if length > budget:
        panels = [Panel(panel.label, panel.main, (), panel.film) for panel in panels]
    symbol = density(painter.frame, real, name) if painter.frame else Markup()
    return Gallery(
        painter.frame is not None, painter.paint(real, None, True, "real"), symbol, tuple(panels)
    )


class _Painter:
    """Paints samples of one task: points where there is a frame, else images."""

    def __init__(self, shape: tuple[int, ...], frame: Frame | None, under: str) -> None:
        self.shape, self.frame, self.under = shape, frame, under

    def paint(self, values: Any, series: int | None, main: bool, about: str) -> Markup:
        if self.frame is None:
            return grid(values, across=GRIDS[main], about=about)
        shown = values if main else values[:SMALL_POINTS]
        return scatter(self.frame, shown, under=self.under, series=series, about=about)

    def note(self, values: Any) -> str:
        if self.frame is None:
            return "" if np.isfinite(values).all() else "some values are not finite"
        outside = 1 - float(self.frame.inside(values).mean())
        return f"{100 * outside:.0f} % outside the frame" if outside >= 0.005 else ""


def _painter(real: Any, under: str) -> _Painter | None:
    if real.ndim == 2 and real.shape[1] == 2:
        return _Painter(real.shape[1:], Frame(real), under)
    return _Painter(real.shape[1:], None, under) if real.ndim == 4 else None


def _panel(
    comparison: Summary,
    table: TaskTable,
    row: Row,
    samples: dict[str, dict[str, Any]],
    painter: _Painter,
) -> Panel:
    series = comparison.series(row.label)
    drawn = [r for r in row.records if r.key in samples and _fits(samples[r.key], painter)]
    median = table.median(row)
    first = median if median in drawn else next(iter(drawn), None)

    def picture(record: Record, main: bool) -> Picture:
        values = samples[record.key]["fake"]
        about = f"samples of {plain(row.label)}, seed {record.seed}"
        ended = "" if record.status == "finished" else f"{plain(record.status)}; "
        note = (ended + painter.note(values)).removesuffix("; ")
        place = anchor(comparison, table, row, record)
        painted = painter.paint(values, series, main, about)
        return Picture(f"seed {record.seed}", painted, note, place)

    others: Sequence[Record] = [record for record in drawn if record is not first]
    main = None if first is None else picture(first, True)
    small = tuple(picture(record, False) for record in others)
    film = None if first is None else _film(samples[first.key], painter, series, first)
    return Panel(row.label, main, small, film)


def _film(found: dict[str, Any], painter: _Painter, series: int, record: Record) -> Film | None:
    def paint(values: Any, about: str) -> Markup:
        return painter.paint(values, series, False, about)

    fitting = {name: x for name, x in found.items() if x.shape[1:] == painter.shape}
    return moments(fitting, paint, record.label, record.seed)


def _fits(found: dict[str, Any], painter: _Painter) -> bool:
    return bool(found["fake"].shape[1:] == painter.shape)


def _nothing(problem: str) -> Gallery:
    return Gallery(False, Markup(), Markup(), (), problem)
