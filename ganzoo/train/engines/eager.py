"""The eager engine: one operation after the other, as written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from torch import Tensor, nn

from ganzoo.game import Play
from ganzoo.train.engines.functional import observed
from ganzoo.train.engines.table import Table
from ganzoo.train.settings import Settings
from ganzoo.train.turn import Plan, Turn

__all__ = ["EagerEngine", "gradient_norm", "gradient_norms", "precision", "products"]


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
        return self.played(plan, self.begun(plan, turn))

    def begun(self, plan: Plan, turn: Turn, *, keep_graph: bool = False) -> Play:
        """A turn of which nothing is evaluated yet; ``keep_graph`` is :class:`ganzoo.Play`'s."""
        player, due = plan
        return self.table.game.play(
            player,
            real_x=turn.real_x,
            fake_x=turn.fake_x,
            z=turn.z,
            labels=turn.labels,
            noise=turn.noise,
            tracked=self.table.objective.tracked(due, player),
            keep_graph=keep_graph,
        )

    def played(self, plan: Plan, play: Play) -> dict[str, Tensor]:
        """Evaluate, differentiate, step and act; gives the log."""
        table, (player, due) = self.table, plan
        with precision(table.settings, table.streams.noise.device):
            loss = table.objective.loss(play, due)
        self.move(player, loss)
        table.objective.after(play, due)
        if player == "discriminator":
            play.log |= observed(play, table.objective)
        elif player == "generator":
            play.log["gradient/generator"] = gradient_norm(table.movers[player])
        return play.log

    def move(self, player: str, loss: Tensor) -> None:
        """One step of a player's optimiser."""
        optimizer = self.table.optimizers[player]
        optimizer.zero_grad(set_to_none=True)
        # Only the mover's parameters get gradients: the opponent's are not even computed.
        loss.backward(inputs=self.table.movers[player])
        optimizer.step()


def precision(settings: Settings, device: torch.device) -> AbstractContextManager[object]:
    """What the networks are evaluated in."""
    if settings.precision != "bfloat16":
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)


@contextmanager
def products(settings: Settings) -> Iterator[None]:
    """How exact matrix products are, forward and backward; it is a switch of the process, and
    left as it was found.
    """
    before = torch.get_float32_matmul_precision()
    if settings.precision == "tf32":
        torch.set_float32_matmul_precision("high")
    try:
        yield
    finally:
        if settings.precision == "tf32":
            torch.set_float32_matmul_precision(before)


@torch.no_grad()
def gradient_norm(parameters: Sequence[nn.Parameter]) -> Tensor:
    """The Euclidean norm of all gradients as one vector, 0-dim; one that overflows is large,
    and not a divergence.
    """
    found = [p.grad for p in parameters if p.grad is not None]
    return nn.utils.get_total_norm(found, foreach=True).float().nan_to_num(posinf=1e38)


@torch.no_grad()
def gradient_norms(parameters: Sequence[nn.Parameter]) -> Tensor:
    """Of each run what :func:`gradient_norm` says, ``(runs,)``."""
    found = [
        torch.linalg.vector_norm(p.grad.flatten(1), dim=1) for p in parameters if p.grad is not None
    ]
    norms: Tensor = torch.linalg.vector_norm(torch.stack(found), dim=0)
    return norms.float().nan_to_num(posinf=1e38)
