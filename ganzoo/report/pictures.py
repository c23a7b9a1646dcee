"""Samples as pictures: points over the density of the real ones, and grids of images."""

from __future__ import annotations

import math

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from ganzoo.report.png import data_uri
from ganzoo.report.svg import dots, swatch

__all__ = ["Frame", "density", "grid", "scatter"]

Array = NDArray[np.float64]

SIDE = 200  # of a scatter panel, in units of the page
CELLS = 112  # of the histogram behind a density
GAP = 1  # pixels between images
CLEAR = 280  # pixels across that a picture has at least, so that browsers keep its cells even
ROOM = 0.22  # of the span of the real points, left free around them


class Frame:
    """The square that all panels of a task show, around the real points ``(N, 2)``."""

    def __init__(self, real: Array) -> None:
        kept = real[np.isfinite(real).all(1)]
        low, high = (kept.min(0), kept.max(0)) if len(kept) else (np.zeros(2), np.ones(2))
        self.centre = (low + high) / 2
        self.half = float((high - low).max()) * (0.5 + ROOM / 2) or 1.0

    def place(self, values: Array) -> tuple[Array, Array]:
        """Where points are drawn, those within the square alone."""
        shown = values[self.inside(values)]
        unit = (shown - self.centre) / self.half
        return SIDE / 2 * (1 + unit[:, 0]), SIDE / 2 * (1 - unit[:, 1])

    def inside(self, values: Array) -> NDArray[np.bool_]:
        """Which points the square shows; one that is not finite is outside."""
        # Written so that NaN, which is less than nothing, comes out as outside.
        found: NDArray[np.bool_] = np.all(np.abs(values - self.centre) <= self.half, axis=1)
        return found


def density(frame: Frame, real: Array, name: str) -> Markup:
    """A symbol ``name`` of the density of the real points, for every panel to stand on."""
    from scipy.ndimage import gaussian_filter  # type: ignore[attr-defined]

    x, y = frame.place(real)
    counts, _, _ = np.histogram2d(y, x, bins=CELLS, range=[[0, SIDE], [0, SIDE]])
    smooth = gaussian_filter(counts, 1.3)
    level = np.sqrt(smooth / (np.quantile(smooth[smooth > 0], 0.97) if smooth.any() else 1.0))
    pixels = np.full((CELLS, CELLS, 2), 128, np.uint8)
    pixels[..., 1] = (150 * level.clip(0, 1)).astype(np.uint8)
    return Markup(
        '<svg class="defs" aria-hidden="true"><symbol id="{0}" viewBox="0 0 {1} {1}">'
        '<image width="{1}" height="{1}" preserveAspectRatio="none" href="{2}"/></symbol></svg>'
    ).format(name, SIDE, data_uri(pixels))


def scatter(frame: Frame, values: Array, *, under: str, series: int | None, about: str) -> Markup:
    """Points ``(N, 2)`` over the density ``under``; real ones where there is no series."""
    x, y = frame.place(values)
    colour = "real" if series is None else swatch(series)
    return Markup(
        '<svg class="scatter" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">'
        '<use href="#{2}" width="{0}" height="{0}"/><path class="dots {3}" d="{4}"/></svg>'
    ).format(SIDE, about, under, colour, dots(x.tolist(), y.tolist()))


def grid(images: Array, *, across: int, about: str) -> Markup:
    """A square of images ``(N, channels, height, width)`` in -1 .. 1, as one PNG.

    One channel is grey, three are colours; of other numbers the first is shown. What is not
    finite is drawn as 0.
    """
    count = max(1, min(across, math.isqrt(len(images)))) ** 2
    stride = max(1, math.ceil(images.shape[2] / 96), math.ceil(images.shape[3] / 96))
    shown = images[:count, :, ::stride, ::stride]
    shown = shown if shown.shape[1] in (1, 3) else shown[:, :1]
    bright = (np.nan_to_num(shown, nan=0.0).clip(-1, 1) + 1) * 127.5
    number, channels, height, width = bright.shape
    row = max(1, math.isqrt(number))
    size = (row * (height + GAP) - GAP, row * (width + GAP) - GAP)
    pixels = np.zeros((*size, channels + 1), np.uint8)
    for place, image in enumerate(bright):
        top, left = place // row * (height + GAP), place % row * (width + GAP)
        cell = pixels[top : top + height, left : left + width]
        cell[..., :-1] = np.rint(image).astype(np.uint8).transpose(1, 2, 0)
        cell[..., -1] = 255
    times = max(1, math.ceil(CLEAR / max(size)))
    pixels = pixels.repeat(times, axis=0).repeat(times, axis=1)
    return Markup('<img class="grid-of-images" width="{}" height="{}" alt="{}" src="{}">').format(
        times * size[1], times * size[0], about, data_uri(pixels)
    )
