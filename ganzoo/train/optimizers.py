"""Optimisers and learning-rate schedules, all of them torch's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn
from torch.optim import SGD, Adam, Optimizer, RMSprop
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, LRScheduler

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


def schedule(optimizer: Optimizer, rate: float, settings: Settings) -> LRScheduler | None:
    """How the optimiser's learning rate goes on; None for constant."""
    if settings.schedule == "cosine":
        return CosineAnnealingLR(optimizer, settings.steps, eta_min=rate * settings.final_lr)
    if settings.schedule == "linear":
        return LinearLR(optimizer, 1.0, end_factor=settings.final_lr, total_iters=settings.steps)
    return None


def schedule_state(scheduler: LRScheduler | None) -> dict[str, Any]:
    """Where a schedule is, without where it goes: that is the settings' to say."""
    if scheduler is None:
        return {}
    names = ("last_epoch", "_step_count", "_last_lr")
    return {name: getattr(scheduler, name) for name in names}
