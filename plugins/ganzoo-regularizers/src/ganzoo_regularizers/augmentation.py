"""Changes of a sample that do not change what it shows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

import ganzoo

__all__ = ["Augmentation"]


@dataclass(frozen=True)
class Augmentation:
    """Random flips and shifts of images, small Gaussian shifts of anything else.

    Everything is drawn for each sample from the turn's noise, on the device.

    Args:
        flip: whether images are mirrored left to right, every other one.
        shift: images move by up to this share of their side along each axis, in whole pixels
            and by 1 at least, what comes in being a reflection; 0 for not at all.
        jitter: samples of other shapes than ``(channels, height, width)`` get normal noise of
            this standard deviation, in units of the data.

    Raises:
        BadOption: a shift that is not in 0 .. 0.5, or a jitter below 0.
    """

    flip: bool = True
    shift: float = 0.125
    jitter: float = 0.05

    def __post_init__(self) -> None:
        if not 0 <= self.shift <= 0.5 or self.jitter < 0:
            raise ganzoo.BadOption(
                f"shift={self.shift}, jitter={self.jitter}: a shift in 0 .. 0.5, a jitter of 0 "
                f"or more"
            )

    def __call__(self, play: ganzoo.Play, x: Tensor) -> Tensor:
        """Samples ``(N, *shape)`` to as many others of that shape."""
        if x.ndim != 4:
            return x + self.jitter * play.normal(*x.shape).to(x)
        across = self._places(play, x, x.shape[3])
        if self.flip:
            mirrored = (play.uniform(len(x), 1) < 0.5).to(x.device)
            across = torch.where(mirrored, x.shape[3] - 1 - across, across)
        down = self._places(play, x, x.shape[2])
        x = x.gather(2, down[:, None, :, None].expand_as(x))
        return x.gather(3, across[:, None, None, :].expand_as(x))

    def _places(self, play: ganzoo.Play, x: Tensor, side: int) -> Tensor:
        """Which pixels of a side go where, ``(N, side)`` of int64."""
        places = torch.arange(side, device=x.device).expand(len(x), side)
        most = max(1, round(self.shift * side)) if self.shift and side > 1 else 0
        if not most:
            return places
        moves = (play.uniform(len(x), 1) * (2 * most + 1)).long().to(x.device) - most
        # a reflection at either edge, which is not repeated
        return (side - 1) - ((side - 1) - (places + moves).abs()).abs()
