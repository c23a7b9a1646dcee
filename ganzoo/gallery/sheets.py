"""Arrays as pictures: sheets of images in rows and columns, and codes as marks in the plane."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from ganzoo.report.png import data_uri

__all__ = ["Picture", "flat", "plane", "projection", "sheet", "square"]

Array = NDArray[np.float64]

CLEAR = 300  # pixels across that a picture has at least, so that browsers keep its cells even
LARGEST = 64  # pixels of one image's side, beyond which pixels are left out
SIDE = 200  # of a scatter, in units of the page
REACH = 4.2  # standard deviations to the edge of a scatter, at most
COLOURS = 10


@dataclass(frozen=True)
class Picture:
    """A picture with its name and a word on it.

    Attributes:
        image: for the page.
        file: the name of its PNG, without the ending; none where it is empty.
        pixels: ``(height, width, channels)`` of that PNG.
        title, note: beside it.
        wide: whether it takes the room of two.
    """

    image: Markup
    file: str = ""
    title: str = ""
    note: str = ""
    wide: bool = False
    pixels: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 0, 2), np.uint8))

    def save(self, folder: Path) -> None:
        """Write the PNG, where there is one."""
        from PIL import Image

        if self.file:
            mode = "LA" if self.pixels.shape[2] == 2 else "RGBA"
            size = (self.pixels.shape[1], self.pixels.shape[0])
            Image.frombytes(mode, size, self.pixels.tobytes()).save(folder / f"{self.file}.png")


def square(images: Array) -> Array:
    """Images ``(N, channels, height, width)`` as ``(rows, columns, ...)``, as many as fill a
    square.
    """
    side = max(1, math.isqrt(len(images)))
    return images[: side * side].reshape(side, -1, *images.shape[1:])


def sheet(
    images: Array, *, file: str, title: str = "", note: str = "", about: str, apart: bool = False
) -> Picture:
    """Images ``(rows, columns, channels, height, width)`` in -1 .. 1 on one sheet.

    One channel is grey, three are colours; of other numbers the first is shown. What is not
    finite is drawn as 0. With ``apart``, the first and the last column stand off.
    """
    stride = max(1, math.ceil(max(images.shape[3:]) / LARGEST))
    shown = images[..., ::stride, ::stride]
    shown = shown if shown.shape[2] in (1, 3) else shown[:, :, :1]
    bright = np.rint((np.nan_to_num(shown, nan=0.0).clip(-1, 1) + 1) * 127.5).astype(np.uint8)
    rows, columns, channels, height, width = bright.shape
    gap = max(1, width // 10)
    off = 3 * gap if apart else 0
    size = (rows * (height + gap) - gap, columns * (width + gap) - gap + 2 * off)
    pixels = np.zeros((*size, channels + 1), np.uint8)
    for row in range(rows):
        for column in range(columns):
            left = column * (width + gap) + off * ((column > 0) + (column == columns - 1))
            cell = pixels[row * (height + gap) :, left:][:height, :width]
            cell[..., :-1] = bright[row, column].transpose(1, 2, 0)
            cell[..., -1] = 255
    times = max(1, math.ceil(CLEAR / max(size)))
    pixels = pixels.repeat(times, axis=0).repeat(times, axis=1)
    image = Markup('<img class="sheet" width="{}" height="{}" alt="{}" src="{}">').format(
        pixels.shape[1], pixels.shape[0], about, data_uri(pixels)
    )
    return Picture(image, file, title, note, columns > 12, pixels)


def projection(codes: Array) -> tuple[Array, Array, float]:
    """The plane in which codes ``(N, latent)`` vary most.

    Returns:
        Their mean, two directions as columns, and the share of the variance that they hold.
        With two elements it is the plane of these elements itself.
    """
    latent = codes.shape[1]
    if latent <= 2:
        return np.zeros(latent), np.eye(latent, 2), 1.0
    mean = codes.mean(0)
    _, values, directions = np.linalg.svd(codes - mean, full_matrices=False)
    return mean, directions[:2].T, float((values[:2] ** 2).sum() / (values**2).sum())


def flat(codes: Array, mean: Array, directions: Array) -> Array:
    """Codes ``(N, latent)`` in a plane, ``(N, 2)``."""
    return (codes - mean) @ directions


def plane(
    codes: Array, labels: Array | None, prior: Array, *, title: str, note: str, about: str
) -> Picture:
    """Codes ``(N, 2)``, each as the number of its class in its colour, over draws of the prior."""
    spread = max(float(np.abs(np.nan_to_num(codes)).max()), float(np.abs(prior).max()), 1e-6)
    half = min(spread, REACH) * 1.04

    def place(points: Array) -> list[tuple[float, float]]:
        kept = points[np.isfinite(points).all(1)].clip(-half, half)
        return [(SIDE / 2 * (1 + x / half), SIDE / 2 * (1 - y / half)) for x, y in kept]

    grey = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in place(prior))
    kinds = np.zeros(len(codes), int) if labels is None else labels.astype(int)
    kinds = kinds[np.isfinite(codes).all(1)]
    marks: list[Markup] = []
    for kind in np.unique(kinds):
        points = [p for p, k in zip(place(codes), kinds, strict=True) if k == kind]
        mark = kind if labels is not None else "·"
        texts = [f'<text x="{x:.1f}" y="{y:.1f}">{mark}</text>' for x, y in points]
        group = Markup('<g class="k{}">{}</g>')
        marks.append(group.format(kind % COLOURS, Markup("".join(texts))))  # noqa: S704
    image = Markup(
        '<svg class="plane" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">'
        '<path class="prior" d="{2}"/>{3}</svg>'
    ).format(SIDE, about, grey, Markup().join(marks))
    return Picture(image, title=title, note=note)
