"""Arrays as pictures: sheets of images in rows and columns, and codes as marks in the plane."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from io import BytesIO
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
DOTS = 750  # pixels across the file of one
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
    """

    image: Markup
    file: str = ""
    title: str = ""
    note: str = ""
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
    return Picture(image, file, title, note, pixels)


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
    codes: Array, labels: Array | None, prior: Array, *, file: str, title: str, note: str
) -> Picture:
    """Codes ``(N, 2)``, each as the number of its class in its colour, over draws of the prior;
    what is not finite is left out.
    """
    finite = np.isfinite(codes).all(1)
    kinds = np.zeros(len(codes), int) if labels is None else labels.astype(int)
    codes, kinds = codes[finite], kinds[finite]
    spread = max(float(np.abs(each).max(initial=0.0)) for each in (codes, prior))
    half = 1.04 * min(max(spread, 1e-6), REACH)
    codes, prior = codes.clip(-half, half), prior.clip(-half, half)
    marks = {int(k): (codes[kinds == k], "•" if labels is None else str(k)) for k in set(kinds)}

    def places(points: Array) -> list[list[float]]:
        unit: list[list[float]] = (SIDE / 2 * (1 + points * (1, -1) / half)).tolist()
        return unit

    groups = []
    for kind, (points, mark) in sorted(marks.items()):
        texts = "".join(f'<text x="{x:.1f}" y="{y:.1f}">{mark}</text>' for x, y in places(points))
        group = Markup('<g class="k{}">{}</g>')
        groups.append(group.format(kind % COLOURS, Markup(texts)))  # noqa: S704  numbers
    grey = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places(prior))
    image = Markup(
        '<svg class="plane" viewBox="0 0 {0} {0}" role="img" aria-label="{1}: codes by class">'
        '<path class="prior" d="{2}"/>{3}</svg>'
    ).format(SIDE, title, grey, Markup().join(groups))
    return Picture(image, file, title, note, _drawn(marks, prior, half))


def _drawn(marks: dict[int, tuple[Array, str]], prior: Array, half: float) -> NDArray[np.uint8]:
    """The same as pixels, for a file."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), dpi=DOTS / 5, layout="constrained")
    axes = figure.add_subplot()
    axes.set(xlim=(-half, half), ylim=(-half, half), aspect="equal")
    axes.scatter(prior[:, 0], prior[:, 1], s=3, color="0.75", linewidths=0)
    for kind, (points, mark) in sorted(marks.items()):
        colour = f"C{kind % COLOURS}"
        axes.scatter(points[:, 0], points[:, 1], s=18, marker=f"${mark}$", color=colour, lw=0.2)
    raw = BytesIO()
    figure.savefig(raw, format="rgba")
    return np.frombuffer(raw.getvalue(), np.uint8).reshape(DOTS, DOTS, 4)
