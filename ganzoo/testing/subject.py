"""What the checks examine, and the discriminator whose scores they choose."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from ganzoo.game import Objective, Traits
from ganzoo.registry import get_loss

__all__ = ["FAKE", "REAL", "Judge", "Said", "Subject", "column", "seeded"]

# Eighths: the same number in half precision and in double.
REAL = torch.tensor([0.25, 1.25, -0.5, 2.0, 0.875, -1.5, 0.125, 1.5], dtype=torch.float64)
"""Scores of 8 real samples, none at a usual kink."""
FAKE = torch.tensor([-0.25, 0.75, -1.125, 0.5, -2.0, 1.375, 0.0, -0.625], dtype=torch.float64)
"""Scores of 8 generated samples."""

Shown = Callable[[Tensor], Any]


def column(x: Tensor) -> Tensor:
    """Samples ``(N, K)`` to scores ``(N, 1)``: the first element of each."""
    return x[:, :1]


class Judge(nn.Module):
    """A discriminator whose scores are chosen: a sample is its own scores.

    Args:
        shown: from samples ``(N, K)`` to what the discriminator returns.
        dtype: of its one parameter, a factor of 1.

    ``asked`` holds every batch it was asked about.
    """

    def __init__(self, shown: Shown = column, dtype: torch.dtype = torch.float64) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones((), dtype=dtype))
        self.shown = shown
        self.asked: list[Tensor] = []

    def forward(self, x: Tensor, y: Tensor | None = None) -> Any:
        """The scores of samples ``(N, K)``."""
        del y
        self.asked.append(x.detach())
        return self.shown(x * self.gain)


@dataclass
class Said:
    """What an objective said of one turn.

    ``value`` is its loss, detached; ``real`` and ``fake`` are the samples, leaves that have
    their gradients; ``judge`` has its own.
    """

    value: Tensor
    real: Tensor
    fake: Tensor
    judge: Judge
    gradients: dict[str, Tensor | None] = field(default_factory=dict)


class Subject:
    """An objective under examination, made afresh for each question.

    Args:
        loss: a registered name, or an objective, which is copied and left as it is.
        options: of the registered loss.
    """

    def __init__(self, loss: str | Objective, **options: Any) -> None:
        self._loss, self._options = loss, options
        made = self.objective()
        self.name = loss if isinstance(loss, str) else made.name or type(made).__name__
        self.excused = _excuse(made)
        """Why no check applies; empty when they do."""
        self.traits = made.traits or Traits()
        """What the loss declares of itself; of one that declares nothing, the usual."""

    def objective(self) -> Objective:
        """The objective in its initial state."""
        if isinstance(self._loss, str):
            return get_loss(self._loss, **self._options)
        return copy.deepcopy(self._loss)

    def say(
        self,
        player: str,
        real: Tensor,
        fake: Tensor,
        *,
        shown: Shown = column,
        objective: Objective | None = None,
    ) -> Said:
        """Let the objective speak to a player, and take the gradients.

        Args:
            player: ``"discriminator"`` or ``"generator"``.
            real, fake: samples ``(N, K)``, or ``(N,)`` for one score each.
            shown: what the discriminator makes of them.
            objective: a fresh one where none is given.
        """
        objective = objective or self.objective()
        x, g = (s.detach().clone().reshape(len(s), -1).requires_grad_() for s in (real, fake))
        judge = Judge(shown, real.dtype)
        with seeded():
            if player == "discriminator":
                value = objective.discriminator_loss(judge, x, g, step=0)
            else:
                value = objective.generator_loss(judge, g, x, step=0)
            if value.requires_grad:
                value.backward()
        gradients = {"the real samples": x.grad, "the generated samples": g.grad}
        gradients["the discriminator"] = judge.gain.grad
        return Said(value.detach(), x, g, judge, gradients)

    def value(self, player: str, real: Tensor, fake: Tensor, shown: Shown = column) -> float:
        """The loss of a fresh objective, as a number."""
        return float(self.say(player, real, fake, shown=shown).value)


@contextmanager
def seeded() -> Iterator[None]:
    """The same random numbers every time, and none taken from the caller's."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def _excuse(objective: Objective) -> str:
    more = sorted(objective.needs - {"score"})
    if more:
        return f"it needs a discriminator that provides {', '.join(more)}; here are scores alone"
    if objective.roles != {"generator", "discriminator"}:
        return f"it is played by {', '.join(sorted(objective.roles))}; here are G and D"
    return "it needs labels; here are none" if objective.conditional else ""
