"""Tensors of several runs side by side, each run's own being a view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

__all__ = ["Shelf"]


class Shelf:
    """Puts tensors together. As long as they are, what is written into one of them is written
    into the whole, and the other way round.
    """

    def __init__(self) -> None:
        self._own: list[Tensor] = []
        self._states: list[dict[str, Any]] = []
        self._shared: dict[int, Any] = {}

    def put(self, tensors: Sequence[Tensor]) -> Tensor:
        """``(runs, *shape)`` of as many tensors ``(*shape)``, which are views of it from now
        on.
        """
        together = torch.stack([each.detach() for each in tensors])
        for place, each in enumerate(tensors):
            each.data = together[place]
        self._own.extend(tensors)
        return together

    def put_states(self, together: Optimizer, own: Sequence[Optimizer]) -> None:
        """The state of each optimiser into that of the one that moves them all, or where that
        one has the state, views of it into each; those that are views of it already stay.
        """
        each_own = [[p for group in each.param_groups for p in group["params"]] for each in own]
        whole = [p for group in together.param_groups for p in group["params"]]
        for place, parameter in enumerate(whole):
            parts = [
                (optimizer.state, parameters[place])
                for optimizer, parameters in zip(own, each_own, strict=True)
            ]
            if parameter not in together.state:
                known: list[Mapping[str, Any]] = [s[p] for s, p in parts if p in s]
                if len(known) != len(parts):
                    continue
                together.state[parameter] = {
                    name: torch.stack([k[name] for k in known]) if value.ndim else value.clone()
                    for name, value in known[0].items()
                }
            if id(together.state[parameter]) in self._shared:
                continue
            self._shared[id(together.state[parameter])] = together.state[parameter]
            for run, (state, p) in enumerate(parts):
                state[p] = {
                    name: value[run] if value.ndim else value
                    for name, value in together.state[parameter].items()
                }
                self._states.append(state[p])

    def clear(self) -> None:
        """Give every tensor a memory of its own again."""
        for each in self._own:
            each.data = each.data.clone()
        for state in self._states:
            state.update({name: value.clone() for name, value in state.items()})
        self._own.clear()
        self._states.clear()
        self._shared.clear()
