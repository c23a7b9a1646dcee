"""The exponential average of a generator's weights."""

from __future__ import annotations

import copy

import torch
from torch import nn
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

    @torch.no_grad()
    def update(self, generator: nn.Module, step: int) -> None:
        """Follow the trained weights; ``step`` counts from 0."""
        decay = min(self.decay, (1 + step) / (10 + step))
        mine, theirs = list(self.network.parameters()), list(generator.parameters())
        if mine:
            get_ema_multi_avg_fn(decay)(mine, theirs, 0)
        for own, other in zip(self.network.buffers(), generator.buffers(), strict=True):
            own.copy_(other)
