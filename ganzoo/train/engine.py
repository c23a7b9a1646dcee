"""Engine: how a turn is carried out. A plan is static, so an engine may record or compile it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from ganzoo.game import Game, Objective, Play, Stream

__all__ = ["EagerEngine", "Engine", "Plan", "Turn"]

Plan = tuple[str, tuple[int, ...]]
"""Who moves, and the positions of the terms that speak: all that is static about a turn."""


@dataclass
class Turn:
    """What was drawn for one turn: real samples ``(N, *shape)``, their labels ``(N,)`` or
    None, latent vectors ``(N, latent)``, and the stream that the terms draw from.
    """

    real_x: Tensor
    labels: Tensor | None
    z: Tensor
    noise: Stream


class Engine(Protocol):
    """Carries turns out."""

    def run(self, plan: Plan, turn: Turn) -> dict[str, Tensor]:
        """Evaluate, differentiate, step, act; gives the turn's log, 0-dim tensors on the
        device.
        """
        ...


class EagerEngine:
    """One operation after the other, as written. Nothing is read back to the host."""

    def __init__(
        self,
        game: Game,
        objective: Objective,
        optimizers: dict[str, Optimizer],
        *,
        autocast: bool = False,
    ) -> None:
        self.game, self.objective, self.optimizers = game, objective, optimizers
        self.movers: dict[str, list[nn.Parameter]] = {
            player: game.movers(player, objective) for player in objective.players
        }
        self.autocast = autocast

    def run(self, plan: Plan, turn: Turn) -> dict[str, Tensor]:
        """See :class:`Engine`."""
        player, due = plan
        play = self.game.play(
            player,
            real_x=turn.real_x,
            z=turn.z,
            labels=turn.labels,
            noise=turn.noise,
            tracked=self.objective.tracked(due, player),
        )
        with self._precision(turn.real_x.device):
            loss = self.objective.loss(play, due)
        optimizer = self.optimizers[player]
        optimizer.zero_grad(set_to_none=True)
        # Only the mover's parameters get gradients: the opponent's are not even computed.
        loss.backward(inputs=self.movers[player])
        optimizer.step()
        self.objective.after(play, due)
        if player == "discriminator":
            self._observe(play)
        elif player == "generator":
            play.log["gradient/generator"] = _norm(self.movers[player])
        return play.log

    def _precision(self, device: torch.device) -> AbstractContextManager[object]:
        if not self.autocast:
            return nullcontext()
        return torch.autocast(device.type, dtype=torch.bfloat16)

    @torch.no_grad()
    def _observe(self, play: Play) -> None:
        """Mean scores, and mean D(x) where it is a probability, if they were evaluated."""
        for kind in ("real", "fake"):
            if kind not in play.__dict__:
                continue
            score = getattr(play, kind).score
            play.log[f"score/{kind}"] = score.mean()
            probability = self.objective.probability(score)
            if probability is not None:
                play.log[f"probability/{kind}"] = probability.mean()


@torch.no_grad()
def _norm(parameters: Sequence[nn.Parameter]) -> Tensor:
    """The Euclidean norm of all gradients as one vector, 0-dim; one that overflows is large,
    and not a divergence.
    """
    found = [p.grad for p in parameters if p.grad is not None]
    return nn.utils.get_total_norm(found, foreach=True).float().nan_to_num(posinf=1e38)
