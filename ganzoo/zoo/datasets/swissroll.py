"""The Swiss roll in the plane: one connected, thin, curved support."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ganzoo.errors import BadOption
from ganzoo.game import Source, Spec, Stream, Task
from ganzoo.zoo.datasets.mixtures import POINT_OPTIONS, POINT_SETTINGS

__all__ = ["SwissRoll", "swissroll"]

# The curve t (cos t, sin t) with t uniform between 1.5 pi and 4.5 pi: the means of its two
# coordinates, and the sum of its two variances, by integration in closed form.
_MEAN = (2.0, 2.0 / (3.0 * math.pi))
_VARIANCE = 9.75 * math.pi**2 - _MEAN[0] ** 2 - _MEAN[1] ** 2


class SwissRoll(Source):
    """Points of the roll, drawn anew for every batch on the device.

    Args:
        noise: the standard deviation of what is added to a point of the curve, in the
            units of the roll before scaling (its radius grows from 4.7 to 14.1).
    """

    recordable = True

    def __init__(self, noise: float) -> None:
        self.noise = noise
        self.unit = math.sqrt(_VARIANCE / 2 + noise**2)
        self.spec = Spec((2,), latent=4)
        settings = {**POINT_SETTINGS, "steps": 2000}
        self.task = Task("mlp", POINT_OPTIONS, settings, ("energy-distance",))

    def draw(self, count: int, stream: Stream) -> tuple[Tensor, None]:
        """``(count, 2)`` points of mean 0, variance 1 on average over the axes."""
        turn = (1.5 * math.pi) * (1 + 2 * stream.uniform(count))
        noise = self.noise * stream.normal(2, count)
        x = turn * turn.cos() - _MEAN[0] + noise[0]
        y = turn * turn.sin() - _MEAN[1] + noise[1]
        return torch.stack([x, y], 1) / self.unit, None

    def held_out(self, count: int, stream: Stream) -> tuple[Tensor, None]:
        """``count`` points; the stream must be another than the one of training."""
        return self.draw(count, stream)


def swissroll(*, noise: float = 0.25) -> SwissRoll:
    """The two-dimensional Swiss roll, as in Gulrajani et al., arXiv 1704.00028.

    Args:
        noise: the standard deviation around the curve, whose arms are 6.3 apart.

    Returns:
        A source of points ``(N, 2)`` without labels, centred and scaled to unit variance.
        The suggested training is that of the mixtures.

    Raises:
        BadOption: ``noise`` is negative or not finite.
    """
    if not 0 <= noise < math.inf:
        raise BadOption(f"noise={noise}: a finite number, 0 or more")
    return SwissRoll(noise)
