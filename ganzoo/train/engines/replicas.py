"""Several runs of one game as one: their tensors side by side, each turn mapped over them.

The runs differ in their seeds, and so in weights and random numbers. Nothing passes from one
to another: what is not finite in one stays there.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from ganzoo.errors import GanzooError, Incompatible
from ganzoo.train.average import follow
from ganzoo.train.engines.eager import gradient_norms, precision
from ganzoo.train.engines.functional import Draw, Given, Seat
from ganzoo.train.engines.shelf import Shelf
from ganzoo.train.engines.table import Table
from ganzoo.train.engines.traced import Function, traced
from ganzoo.train.meters import SharedMeters
from ganzoo.train.optimizers import optimizer
from ganzoo.train.turn import Plan, Turn

__all__ = ["Lists", "ReplicaEngine"]

Tensors = dict[str, Tensor]
_Pairs = tuple[list[Tensor], list[Tensor]]

Lists = dict[tuple[int, Plan], Function | None]
"""Turns of so many runs as lists of operations; None of one that cannot be."""

_LISTED_FROM, _LONG = 20, 400  # steps; making a list costs as much as some hundred turns

_PERIOD = 256  # of terms that speak at some steps alone; more kinds of turns are not looked for


class ReplicaEngine:
    """Carries the turns of several tables out at once.

    As long as it lasts, every parameter, buffer, average, meter and optimiser's state of a
    table is a view into a tensor that holds those of all tables, so each run can be looked
    at, measured and saved as ever; :meth:`release` gives each its own memory again.

    Args:
        tables: of one game, objective and settings but for the seed.
        lists: turns of such tables as lists of operations, where an engine before this one made
            them; this one puts its own there.

    Raises:
        Incompatible: a turn cannot be mapped; then nothing has changed.
    """

    def __init__(self, tables: Sequence[Table], lists: Lists | None = None) -> None:
        self.tables, first = list(tables), tables[0]
        if first.settings.reuse_fakes:
            raise Incompatible(
                "reuse_fakes: a turn that is mapped over several runs cannot go on with another's "
                "graph"
            )
        seats = [Seat(table.game, table.objective) for table in tables]
        # A body to be called with the tensors of all; its own are never looked at.
        self._body = copy.deepcopy(seats[0])
        self._shelf, self._placed = Shelf(), dict[int, nn.Parameter]()
        moved = {id(p) for movers in first.movers.values() for p in movers}
        named = [seat.tensors() for seat in seats]
        self._state: Tensors = {
            name: self._put([each[name] for each in named], moves=id(tensor) in moved)
            for name, tensor in named[0].items()
        }
        self._movers: dict[str, list[nn.Parameter]] = {
            player: [self._placed[id(p)] for p in movers] for player, movers in first.movers.items()
        }
        names = {id(self._state[name]): name for name in self._state}
        self._names = {p: [names[id(x)] for x in own] for p, own in self._movers.items()}
        self._lists: Lists = {} if lists is None else lists
        self._optimizers = {
            player: optimizer(movers, 0.0, first.settings, first.streams.noise.device)
            for player, movers in self._movers.items()
        }
        for player in self._movers:
            self._bind(player)
        averages = [table.average for table in tables]
        self._averaged = self._pairs([average.parameters for average in averages])
        self._copied = self._pairs([average.buffers for average in averages])
        self._meters = SharedMeters([table.meters for table in tables])
        self._asked: dict[Plan, tuple[list[Draw], list[Draw]]] = {}
        try:
            self._rehearse()
        except Incompatible:
            self.release()
            raise

    def turn(self, plan: Plan, *, index: int, step: int) -> None:
        """The ``index``-th turn of every run; see :class:`ganzoo.train.engines.table.Engine`."""
        turns = self._turns(index)
        player, drawn, numbers = plan[0], *self._drawn(plan, turns)
        worth = step >= _LISTED_FROM and self.tables[0].settings.steps >= _LONG
        function = self._listed(plan, drawn, numbers) if worth else None
        found = (function or self._function(plan))(self._state, drawn, numbers)
        gradients, log, seen, known, exchanged = found
        self._exchange(exchanged)
        own = self._optimizers[player]
        for parameter, gradient in zip(self._movers[player], gradients, strict=True):
            parameter.grad = gradient
        own.param_groups[0]["lr"] = self.tables[0].optimizers[player].param_groups[0]["lr"]
        own.step()
        self._bind(player)
        if self._body.acts(plan):
            known = {**known, **{f"log:{name}": value for name, value in log.items()}}
            log, exchanged = self._mapped("after", plan, {**drawn, **known}, numbers, self._state)
            self._exchange(exchanged)
        if player == "generator":
            seen = {**seen, "gradient/generator": gradient_norms(self._movers[player])}
        self._meters.add({**log, **seen}, step)

    def finish(self, step: int) -> None:
        """See :class:`ganzoo.train.engines.table.Engine`."""
        with torch.no_grad():
            own, other = self._averaged
            if own:
                follow(own, other, self.tables[0].average.decay, step)
            for copied, buffer in zip(*self._copied, strict=True):
                copied.copy_(buffer)

    def release(self) -> None:
        """Give every run its own memory; the engine is of no use any more."""
        self._shelf.clear()
        self._meters.release()

    def _put(self, tensors: list[Tensor], *, moves: bool) -> Tensor:
        if id(tensors[0]) not in self._placed:  # a tensor may have several names
            together = self._shelf.put(tensors)
            self._placed[id(tensors[0])] = nn.Parameter(together, requires_grad=moves)
        return self._placed[id(tensors[0])]

    def _pairs(self, lists: Sequence[_Pairs]) -> _Pairs:
        """The tensors of the averages side by side, and those that they follow."""
        own = [self._shelf.put(each) for each in zip(*(mine for mine, _ in lists), strict=True)]
        return own, [self._placed[id(other)].detach() for other in lists[0][1]]

    def _bind(self, player: str) -> None:
        """The optimisers' state side by side, once there is one."""
        own = [table.optimizers[player] for table in self.tables]
        self._shelf.put_states(self._optimizers[player], own)

    def _drawn(self, plan: Plan, turns: list[Turn]) -> tuple[Tensors, list[Tensor]]:
        drawn = {"real_x": torch.stack([t.real_x for t in turns])}
        drawn["z"] = torch.stack([t.z for t in turns])
        labels = [t.labels for t in turns if t.labels is not None]
        if labels:
            drawn["labels"] = torch.stack(labels)
        numbers = [
            torch.stack([getattr(t.noise, kind)(*shape) for t in turns])
            for kind, shape in (*self._asked[plan][0], *self._asked[plan][1])
        ]
        return drawn, numbers

    def _mapped(
        self, task: str, plan: Plan, turn: Tensors, numbers: list[Tensor], state: Tensors
    ) -> Any:
        """One task of every run, and the tensors that terms exchange for others."""
        first, second = self._asked[plan]
        asked = first if task == "loss" else second
        numbers = numbers[: len(first)] if task == "loss" else numbers[len(first) :]

        def of_one(state: Tensors, turn: Tensors, numbers: list[Tensor]) -> tuple[Any, Tensors]:
            given, noise = dict(state), Given(asked, numbers)
            arguments = (task, plan, turn, noise)
            found = functional_call(self._body, given, arguments, tie_weights=False)
            return found, {name: x for name, x in given.items() if x is not state[name]}

        return vmap(of_one)(state, turn, numbers)

    @torch.no_grad()
    def _exchange(self, tensors: Tensors) -> None:
        """Write what terms exchange where the old tensors are."""
        for name, value in tensors.items():
            self._state[name].copy_(value)

    def _function(self, plan: Plan) -> Function:
        """A turn up to the optimiser's step: gradients, log, what is seen besides, what was
        evaluated, and what terms exchange.
        """
        device, settings = self.tables[0].streams.noise.device, self.tables[0].settings

        def function(state: Tensors, drawn: Tensors, numbers: list[Tensor]) -> Any:
            with precision(settings, device):
                found, exchanged = self._mapped("loss", plan, drawn, numbers, state)
            losses, *said = found
            movers = [state[name] for name in self._names[plan[0]]]
            gradients = torch.autograd.grad(losses.sum(), movers, allow_unused=True)
            said = [{name: x.detach() for name, x in each.items()} for each in (*said, exchanged)]
            # laid out like their parameters, as optimisers that read memory in a row take it
            return [[None if g is None else g.contiguous() for g in gradients], *said]

        return function

    def _listed(self, plan: Plan, drawn: Tensors, numbers: list[Tensor]) -> Function | None:
        """The same as a list of operations, made once; None where it cannot be one."""
        key = len(self.tables), plan
        if key not in self._lists:
            recordable = not any(getattr(m, "unrecordable", "") for m in self._body.modules())
            asked = self._state, drawn, numbers
            self._lists[key] = traced(self._function(plan), *asked) if recordable else None
        return self._lists[key]

    def _turns(self, index: int) -> list[Turn]:
        return [
            table.streams.turn(table.source, table.game.prior, table.settings.batch, index)
            for table in self.tables
        ]

    def _rehearse(self) -> None:
        """Carry every kind of turn out on copies, to learn what it asks of its noise, and
        whether it can be mapped at all.
        """
        objective = self.tables[0].objective
        period = math.lcm(*(getattr(term, "every", 1) for term in objective.terms))
        dues = {objective.due(step): None for step in range(min(period, _PERIOD))}
        device = self.tables[0].streams.noise.device
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            for plan in ((player, due) for due in dues for player in objective.players):
                try:
                    self._try(plan, self._turns(0))
                except (RuntimeError, NotImplementedError, GanzooError) as error:
                    raise Incompatible(
                        f"the {plan[0]}'s turns cannot be mapped over several runs: "
                        f"{' '.join(str(error).split())[:200]}"
                    ) from error

    def _try(self, plan: Plan, turns: list[Turn]) -> None:
        copies = {id(x): x.detach().clone() for x in self._state.values()}
        state = {
            name: copies[id(x)].requires_grad_(x.requires_grad) for name, x in self._state.items()
        }
        self._asked[plan] = copy.deepcopy(self._body).asked(plan, turns[0])
        drawn, numbers = self._drawn(plan, self._turns(0))
        _, log, _, known, exchanged = self._function(plan)(state, drawn, numbers)
        state |= exchanged
        if self._body.acts(plan):
            known |= {f"log:{name}": value for name, value in log.items()}
            self._mapped("after", plan, {**drawn, **known}, numbers, state)
