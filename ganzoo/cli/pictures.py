"""Samples as files: a picture for the eye, arrays for everything else."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.errors import BadOption

__all__ = ["draw", "write"]


def write(samples: np.ndarray[Any, Any], path: Path) -> Path:
    """Write samples ``(N, *shape)`` by the ending of the file: .png, .npy, .safetensors.

    Raises:
        BadOption: another ending, or samples that are neither images nor points and asked
            for as a picture.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".npy":
        np.save(path, samples)
    elif path.suffix == ".safetensors":
        from safetensors.numpy import save_file

        save_file({"samples": np.ascontiguousarray(samples)}, path)
    elif path.suffix == ".png":
        draw(samples, path)
    else:
        raise BadOption(f"{path.name}: samples go to a .png, .npy or .safetensors file")
    return path


def draw(samples: np.ndarray[Any, Any], path: Path) -> Path:
    """A scatter of points ``(N, 2)``, or a sheet of images ``(N, C, H, W)`` in -1 .. 1."""
    from matplotlib.figure import Figure

    if samples.ndim == 4:
        sheet = _sheet(samples)
        figure = Figure(figsize=(6, 6 * sheet.shape[0] / sheet.shape[1]))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.imshow(sheet, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axes.set_axis_off()
    elif samples.ndim == 2 and samples.shape[1] >= 2:
        figure = Figure(figsize=(5, 5), layout="constrained")
        axes = figure.add_subplot()
        axes.scatter(samples[:, 0], samples[:, 1], s=4, alpha=0.4, linewidths=0)
        axes.set_aspect("equal")
    else:
        raise BadOption(
            f"samples of shape {samples.shape[1:]} have no picture; write them to a .npy file"
        )
    figure.savefig(path, dpi=150)
    return path


def _sheet(images: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Images side by side, as near to a square as their number lets, values in 0 .. 1."""
    count, channels, height, width = images.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    channels = 3 if channels >= 3 else 1
    sheet = np.ones((rows, columns, height + 1, width + 1, channels), np.float32)
    pixels = np.clip(images[:, :channels] / 2 + 0.5, 0, 1).transpose(0, 2, 3, 1)
    sheet.reshape(rows * columns, height + 1, width + 1, channels)[:count, :-1, :-1] = pixels
    flat = sheet.transpose(0, 2, 1, 3, 4).reshape(rows * (height + 1), -1, channels)
    return flat[:-1, :-1].squeeze(-1) if channels == 1 else flat[:-1, :-1]
