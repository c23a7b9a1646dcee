"""The compiling engine: each plan's loss is compiled once, forward and backward."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch._dynamo.exc import TorchDynamoException

from ganzoo.errors import GanzooError
from ganzoo.train.engines.eager import EagerEngine, gradient_norm, precision
from ganzoo.train.engines.functional import Draw, Given, Seat
from ganzoo.train.engines.table import Table
from ganzoo.train.turn import Plan, Turn

__all__ = ["CompiledEngine"]

Asked = tuple[list[Draw], list[Draw]]
Built = Callable[[dict[str, Tensor], list[Tensor]], Any]


class CompiledEngine(EagerEngine):
    """Compiles what a turn evaluates with ``torch.compile``, as one graph; draws, optimisers
    and what terms do after a step stay as they are.

    A compiled discriminator cannot be differentiated twice; a compiled loss whose penalties
    are functions (see :func:`ganzoo.terms.gradient_of`) need not be. A first turn of a plan
    takes seconds to a minute. A plan that cannot be compiled is carried out as written, and
    :attr:`fallbacks` says why.

    Args:
        table: whose turns.
        backend: of ``torch.compile``.
    """

    def __init__(self, table: Table, backend: str = "inductor") -> None:
        super().__init__(table)
        self.seat, self.backend = Seat(table.game, table.objective), backend
        self._built: dict[Plan, tuple[Asked, Built]] = {}

    def run(self, plan: Plan, turn: Turn) -> dict[str, Tensor]:
        """See :class:`ganzoo.train.engines.table.Engine`."""
        if plan in self.fallbacks:
            return super().run(plan, turn)
        if plan in self._built:
            return self._run(plan, turn)
        before = {name: buffer.clone() for name, buffer in self.seat.named_buffers()}
        place = torch.default_generator.get_state()
        try:
            self._built[plan] = self._build(plan, turn)
            torch.default_generator.set_state(place)
            turn.noise.seek(turn.noise.index)
            return self._run(plan, turn)
        except (TorchDynamoException, RuntimeError, GanzooError) as error:
            self._built.pop(plan, None)
            self.fallbacks[plan] = " ".join(str(error).split())[:300]
        for name, buffer in self.seat.named_buffers():
            buffer.copy_(before[name])
        torch.default_generator.set_state(place)
        turn.noise.seek(turn.noise.index)
        return super().run(plan, turn)

    def _build(self, plan: Plan, turn: Turn) -> tuple[Asked, Built]:
        seat, asked = self.seat, copy.deepcopy(self.seat).asked(plan, turn)

        def loss(drawn: dict[str, Tensor], numbers: list[Tensor]) -> Any:
            return seat.loss(plan, drawn, Given(asked[0], numbers))

        # torch.compile counts what it built by code, and gives a code up that has many forms
        loss.__code__ = loss.__code__.replace(co_name="_".join([plan[0], *map(str, plan[1])]))
        # dropout then draws as it does outside
        options: Any = {"fallback_random": True} if self.backend == "inductor" else None
        built = torch.compile(
            loss, fullgraph=True, dynamic=False, backend=self.backend, options=options
        )
        return asked, built

    def _run(self, plan: Plan, turn: Turn) -> dict[str, Tensor]:
        (first, second), built = self._built[plan]
        drawn = {"real_x": turn.real_x, "z": turn.z}
        if turn.labels is not None:
            drawn["labels"] = turn.labels
        with precision(self.table.settings, turn.real_x.device):
            loss, log, seen, known = built(drawn, _numbers(first, turn))
        self.move(plan[0], loss)
        log = {name: value.detach() for name, value in log.items()}
        if self.seat.acts(plan):
            known |= {f"log:{name}": value for name, value in log.items()}
            noise = Given(second, _numbers(second, turn))
            log = self.seat.after(plan, {**drawn, **known}, noise)
        if plan[0] == "generator":
            seen["gradient/generator"] = gradient_norm(self.table.movers[plan[0]])
        return {**log, **seen}


def _numbers(asked: list[Draw], turn: Turn) -> list[Tensor]:
    return [getattr(turn.noise, kind)(*shape) for kind, shape in asked]
