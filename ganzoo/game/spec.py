"""What every network of one game agrees on."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Spec"]


@dataclass(frozen=True)
class Spec:
    """The static shapes of a game.

    Args:
        shape: the shape of one sample, without the batch axis: ``(2,)`` for points in
            the plane, ``(channels, height, width)`` for images.
        latent: the number of elements of the latent vector z.
        classes: the number of classes a label can name; 0 where there are no labels.
    """

    shape: tuple[int, ...]
    latent: int
    classes: int = 0

    @property
    def size(self) -> int:
        """The number of elements of one sample."""
        return math.prod(self.shape)
