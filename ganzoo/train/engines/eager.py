"""The eager engine: one operation after the other, as written."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn

from ganzoo.game import Play
from ganzoo.train.engines.table import Table
from ganzoo.train.turn import Plan, Turn

__all__ = ["EagerEngine"]


class EagerEngine:
    """See :class:`ganzoo.train.engines.table.Engine`. Nothing is computed that the mover does
    not need, and each network is evaluated once.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.fallbacks: dict[Plan, str] = {}

    def turn(self, plan: Plan, *, index: int, step: int) -> None:
        """See :class:`ganzoo.train.engines.table.Engine`."""
        self.table.streams.seek(index)
        self.whole(plan, step)

    def whole(self, plan: Plan, step: int | Tensor) -> None:
        """A turn at the place where the streams are."""
        table = self.table
        turn = table.streams.draw(table.source, table.game.prior, table.settings.batch)
        table.meters.add(self.run(plan, turn), step)

    def finish(self, step: int) -> None:
        """See :class:`ganzoo.train.engines.table.Engine`."""
        self.table.average.update(step)

    def forget(self) -> None:
        """There is nothing to forget."""

    def run(self, plan: Plan, turn: Turn) -> dict[str, Tensor]:
        """See :class:`ganzoo.train.engines.table.Engine`."""
        table, (player, due) = self.table, plan
        play = table.game.play(
            player,
            real_x=turn.real_x,
            z=turn.z,
            labels=turn.labels,
            noise=turn.noise,
            tracked=table.objective.tracked(due, player),
        )
        with self._precision(turn.real_x.device):
            loss = table.objective.loss(play, due)
        self.move(player, loss)
        table.objective.after(play, due)
        if player == "discriminator":
            self._observe(play)
        elif player == "generator":
            play.log["gradient/generator"] = _norm(table.movers[player])
        return play.log

    def move(self, player: str, loss: Tensor) -> None:
        """One step of a player's optimiser."""
        optimizer = self.table.optimizers[player]
        optimizer.zero_grad(set_to_none=True)
        # Only the mover's parameters get gradients: the opponent's are not even computed.
        loss.backward(inputs=self.table.movers[player])
        optimizer.step()

    def _precision(self, device: torch.device) -> AbstractContextManager[object]:
        if self.table.settings.precision != "bfloat16":
            return nullcontext()
        return torch.autocast(device.type, dtype=torch.bfloat16)

    @torch.no_grad()
    def _observe(self, play: Play) -> None:
        """Mean scores, and mean D(x) where it is a probability, if they were evaluated."""
        for kind in ("real", "fake"):
            if kind not in vars(play):
                continue
            score = getattr(play, kind).score
            play.log[f"score/{kind}"] = score.mean()
            probability = self.table.objective.probability(score)
            if probability is not None:
                play.log[f"probability/{kind}"] = probability.mean()


@torch.no_grad()
def _norm(parameters: Sequence[nn.Parameter]) -> Tensor:
    """The Euclidean norm of all gradients as one vector, 0-dim; one that overflows is large,
    and not a divergence.
    """
    found = [p.grad for p in parameters if p.grad is not None]
    return nn.utils.get_total_norm(found, foreach=True).float().nan_to_num(posinf=1e38)
