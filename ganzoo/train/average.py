"""The exponential average of a generator's weights."""

from __future__ import annotations

import copy

import torch
from torch.optim.swa_utils import get_ema_multi_avg_fn

from ganzoo.game import Generator

__all__ = ["Average"]


class Average:
    """A copy of the generator whose weights follow the trained ones.

    The decay warms up as ``min(decay, (1 + step) / (10 + step))``, so that a short run is
    not an average with its initial weights. Buffers are copied, not averaged.

    Args:
        generator: the one that is trained.
        decay: 0 for no averaging: the copy is then equal after every update.
    """

    def __init__(self, generator: Generator, decay: float) -> None:
        self.decay = decay
        self.network = copy.deepcopy(generator).requires_grad_(False).eval()
        # Walking the modules costs more than the average itself, so it is done once.
        self._parameters = list(self.network.parameters()), list(generator.parameters())
        self._buffers = list(self.network.buffers()), list(generator.buffers())

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Follow the trained weights; ``step`` counts from 0."""
        decay = min(self.decay, (1 + step) / (10 + step))
        if self._parameters[0]:
            get_ema_multi_avg_fn(decay)(*self._parameters, 0)
        for own, other in zip(*self._buffers, strict=True):
            own.copy_(other)
