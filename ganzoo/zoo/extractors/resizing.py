"""How images become what a network was trained on."""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.errors import ShapeMismatch

__all__ = ["as_colour", "bytes_of", "resize_as_tensorflow"]


def as_colour(x: Tensor, extractor: str) -> Tensor:
    """Images ``(N, 3, H, W)`` of images of one or three channels.

    Raises:
        ShapeMismatch: no images, or of another number of channels.
    """
    if x.ndim != 4 or x.shape[1] not in (1, 3):
        raise ShapeMismatch(
            f"{extractor} reads grey or coloured images (N, 1 or 3, H, W) in -1 .. 1 and was "
            f"given {tuple(x.shape)}"
        )
    return x.detach().expand(-1, 3, -1, -1)


def bytes_of(x: Tensor) -> Tensor:
    """Pixels 0 .. 255 of uint8, of images in -1 .. 1; clamped, rounded to the nearest."""
    return x.float().add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)


def resize_as_tensorflow(x: Tensor, size: int) -> Tensor:
    """Bilinear sampling as TensorFlow 1 has it, ``(N, C, size, size)``: pixel i is taken at
    ``i * old / size``, without the half of a pixel that others add, and without smoothing.
    The FID weights were made with images resized so, and other ways move the distance.
    """
    down, across = (_weights(old, size).to(x) for old in x.shape[2:])
    return down @ x @ across.T


def _weights(old: int, new: int) -> Tensor:
    """``(new, old)``: how much of each old pixel is in a new one."""
    places = torch.arange(new, dtype=torch.float64) * (old / new)
    low = places.floor().long().clamp(max=old - 1)
    high, share = (low + 1).clamp(max=old - 1), places - low
    found = torch.zeros(new, old, dtype=torch.float64)
    rows = torch.arange(new)
    found.index_put_((rows, low), 1 - share, accumulate=True)
    return found.index_put_((rows, high), share, accumulate=True)
