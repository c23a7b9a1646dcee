"""The exponential average of a generator's weights."""

from __future__ import annotations

import copy

import torch
from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn

from ganzoo.game import Generator

__all__ = ["Average", "follow"]


class Average:
    """A copy of the generator whose weights follow the trained ones.

    The decay warms up as ``min(decay, (1 + step) / (10 + step))``, so that a short run is
    not an average with its initial weights. Buffers are copied, not averaged.

    Args:
        generator: the one that is trained.
        decay: 0 for no averaging: the copy is then equal after every update.

    Attributes:
        network: the copy.
        parameters, buffers: its own, and those that they follow.
    """

    def __init__(self, generator: Generator, decay: float) -> None:
        self.decay = decay
        self.network = copy.deepcopy(generator).requires_grad_(False).eval()
        # Walking the modules costs more than the average itself, so it is done once.
        own, other = list(self.network.parameters()), list(generator.parameters())
        self.parameters: tuple[list[Tensor], list[Tensor]] = [*own], [*other]
        self.buffers = list(self.network.buffers()), list(generator.buffers())

    @torch.no_grad()
    def update(self, step: int | Tensor) -> None:
        """Follow the trained weights; ``step`` counts from 0, and may be a 0-dim tensor, whose
        value is not read.
        """
        if self.parameters[0]:
            follow(*self.parameters, self.decay, step)
        for own, other in zip(*self.buffers, strict=True):
            own.copy_(other)


def follow(own: list[Tensor], other: list[Tensor], decay: float, step: int | Tensor) -> None:
    """Move ``own`` towards ``other`` in place, as an average of this decay at this step."""
    if isinstance(step, int):
        get_ema_multi_avg_fn(min(decay, (1 + step) / (10 + step)))(own, other, 0)
        return
    share = 1 - ((1 + step.double()) / (10 + step)).clamp(max=decay)
    difference = torch._foreach_sub(other, own)
    torch._foreach_mul_(difference, share.to(own[0].dtype))
    torch._foreach_add_(own, difference)
