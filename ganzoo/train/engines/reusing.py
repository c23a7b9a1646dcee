"""The reusing engine: both players' turns on one batch of generated samples."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from ganzoo.errors import Incompatible
from ganzoo.game import Term
from ganzoo.train.engines.eager import EagerEngine
from ganzoo.train.engines.table import Table
from ganzoo.train.turn import Plan, Turn

__all__ = ["ReusingEngine"]


class ReusingEngine(EagerEngine):
    """The eager engine, but that the generator plays with what the discriminator's last turn
    of the same step was given: real samples, labels, latent vectors, and the samples that were
    generated of them, with their graph. So the generator is evaluated once for both turns. What
    terms draw themselves is the turn's own.

    The graph outlives the discriminator's step, and so the memory that it holds; the
    generator's backward pass frees it. Where the discriminator's turn looks at no generated
    samples, or there is none, the generator makes its own.

    Args:
        table: whose turns.

    Raises:
        Incompatible: a term moves the latent vectors, anew in each turn.
    """

    def __init__(self, table: Table) -> None:
        objective = table.objective
        kinds = [cast(type[Term], type(term)) for term in objective.terms]
        moving = [kind.__name__ for kind in kinds if kind.latents is not Term.latents]
        if moving:
            raise Incompatible(
                f"reuse_fakes: {moving[0]} moves the latent vectors anew in each turn, by networks "
                f"that have moved since the turn before, so no samples of that are of use; leave "
                f"reuse_fakes out"
            )
        super().__init__(table)
        self._turns = sum(objective.turns(player) for player in objective.players)
        self._kept: Turn | None = None

    def turn(self, plan: Plan, *, index: int, step: int) -> None:
        """See :class:`ganzoo.train.engines.table.Engine`."""
        table, player = self.table, plan[0]
        table.streams.seek(index)
        turn, self._kept = self._kept, None
        if player != "generator" or turn is None:
            turn = table.streams.draw(table.source, table.game.prior, table.settings.batch)
        # the generator's turn is the last of a step
        last = player != "generator" and (index + 2) % self._turns == 0
        play = self.begun(plan, turn, keep_graph=last)
        table.meters.add(self.played(plan, play), step)
        if last:
            self._kept = replace(turn, fake_x=play.made)

    def forget(self) -> None:
        """See :class:`ganzoo.train.engines.table.Engine`."""
        self._kept = None
