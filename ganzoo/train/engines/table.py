"""What an engine is given, and what it does with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from torch import Tensor, nn
from torch.optim import Optimizer

from ganzoo.game import Game, Objective, Source
from ganzoo.train.average import Average
from ganzoo.train.meters import Meters
from ganzoo.train.settings import Settings
from ganzoo.train.streams import Streams
from ganzoo.train.turn import Plan, Turn

__all__ = ["Engine", "Table"]


@dataclass
class Table:
    """Everything that a turn touches: who plays what, from where, with which optimisers, and
    what is kept of it.
    """

    game: Game
    objective: Objective
    source: Source
    settings: Settings
    optimizers: dict[str, Optimizer]
    streams: Streams
    meters: Meters
    average: Average
    movers: dict[str, list[nn.Parameter]] = field(init=False)

    def __post_init__(self) -> None:
        self.movers = {p: self.game.movers(p, self.objective) for p in self.objective.players}


class Engine(Protocol):
    """Carries turns out.

    Attributes:
        table: whose turns.
        fallbacks: the plans that it leaves to the eager engine, and why.
    """

    table: Table
    fallbacks: dict[Plan, str]

    def turn(self, plan: Plan, *, index: int, step: int) -> None:
        """Draw the ``index``-th turn of the run, evaluate, differentiate, step, act, and count
        its log in at generator step ``step``. Nothing is read back to the host.
        """
        ...

    def run(self, plan: Plan, turn: Turn) -> dict[str, Tensor]:
        """Carry out a turn that is drawn already; gives its log, 0-dim tensors on the device."""
        ...

    def finish(self, step: int) -> None:
        """Once all players have moved: let the average of the generator's weights follow."""
        ...

    def forget(self) -> None:
        """Let go of what was recorded, because tensors have been put in the place of others."""
        ...
