"""Optimisers and learning-rate schedules, all of them torch's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.optim import SGD, Adam, Optimizer, RMSprop
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, LinearLR, LRScheduler

from ganzoo.train.settings import Settings

__all__ = ["optimizer", "schedule", "schedule_state"]


def optimizer(
    parameters: Iterable[nn.Parameter], rate: float, settings: Settings, device: torch.device
) -> Optimizer:
    """The optimiser of one player."""
    parameters = list(parameters)
    if settings.optimizer == "adam":
        # The fused CPU kernel is wrong for gradients laid out unlike their parameter;
        # backward() lays them out alike, which tests/train/test_invariants.py holds it to.
        fused = device.type in ("cpu", "cuda")
        return Adam(parameters, lr=rate, betas=settings.betas, fused=fused)
    if settings.optimizer == "rmsprop":
        return RMSprop(parameters, lr=rate, momentum=settings.betas[0])
    return SGD(parameters, lr=rate, momentum=settings.betas[0])


def schedule(
    optimizer: Optimizer, rate: float, settings: Settings, progress: Callable[[], float]
) -> LRScheduler | None:
    """How the optimiser's learning rate goes on; None for constant.

    ``progress`` says how much of the budget is spent, 0 .. 1; it is asked where seconds limit
    the run, and nobody knows the number of steps.
    """
    if settings.schedule == "constant":
        return None
    cosine, final = settings.schedule == "cosine", settings.final_lr
    if settings.seconds:

        def share(step: int) -> float:
            del step
            spent = progress()
            left = (1 + math.cos(math.pi * spent)) / 2 if cosine else 1 - spent
            return final + (1 - final) * left

        return LambdaLR(optimizer, share)
    if cosine:
        return CosineAnnealingLR(optimizer, settings.steps, eta_min=rate * final)
    return LinearLR(optimizer, 1.0, end_factor=final, total_iters=settings.steps)


def schedule_state(scheduler: LRScheduler | None) -> dict[str, Any]:
    """Where a schedule is, without where it goes: that is the settings' to say."""
    if scheduler is None:
        return {}
    names = ("last_epoch", "_step_count", "_last_lr")
    return {name: getattr(scheduler, name) for name in names}
