"""Functions of tensors, written down once as the operations that they come to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx
from torch.utils._pytree import tree_leaves, tree_map_only

__all__ = ["Function", "traced"]

Function = Callable[[dict[str, Tensor], dict[str, Tensor], list[Tensor]], Any]
"""From a state, what was drawn and random numbers to nested dicts and lists of tensors."""

_aten = torch.ops.aten


def traced(
    function: Function, state: dict[str, Tensor], drawn: dict[str, Tensor], numbers: list[Tensor]
) -> Function | None:
    """The function as the operations it carries out with these arguments, its derivatives among
    them. What Python, modules, mapping and the recording of gradients cost is then paid no more.

    Nothing changes: the function is tried on copies. None where it cannot be written down, or
    where what was written down does not give what the function gives, bit for bit.
    """
    names, drawn_names = list(state), list(drawn)
    first: dict[int, int] = {}
    places = [first.setdefault(id(x), place) for place, x in enumerate(state.values())]
    moves = [x.requires_grad for x in state.values()]

    def flat(values: list[Tensor], given: list[Tensor], numbers: list[Tensor]) -> Any:
        own = [x.detach().requires_grad_(m) for x, m in zip(values, moves, strict=True)]
        known = {name: own[place] for name, place in zip(names, places, strict=True)}
        return function(known, dict(zip(drawn_names, given, strict=True)), numbers)

    try:
        values, given = _copies(state), list(drawn.values())
        graph = make_fx(flat)(values, given, numbers)
    except Exception:  # any operation may be one that cannot be written down
        return None
    for node in graph.graph.nodes:
        if node.target in (_aten.detach.default, _aten.alias.default):
            node.replace_all_uses_with(node.args[0])
    graph.graph.eliminate_dead_code()
    graph.recompile()

    @torch.no_grad()
    def played(state: dict[str, Tensor], drawn: dict[str, Tensor], numbers: list[Tensor]) -> Any:
        return graph(list(state.values()), list(drawn.values()), numbers)

    one, other = _copies(state), _copies(state)
    wanted = flat(one, given, numbers)
    found = played(dict(zip(names, other, strict=True)), drawn, numbers)
    return played if _same([wanted, one], [found, other]) else None


def _copies(state: dict[str, Tensor]) -> list[Tensor]:
    """Of every tensor one, by whatever names it has."""
    made = {id(x): x.detach().clone() for x in state.values()}
    return [made[id(x)] for x in state.values()]


def _same(one: Any, other: Any) -> bool:
    ours, theirs = (tree_leaves(tree_map_only(Tensor, _comparable, x)) for x in (one, other))
    return len(ours) == len(theirs) and all(
        torch.equal(x, y) if isinstance(x, Tensor) and isinstance(y, Tensor) else x is y
        for x, y in zip(ours, theirs, strict=True)
    )


def _comparable(x: Tensor) -> Tensor:
    return x.detach().nan_to_num(nan=0.1234567) if x.is_floating_point() else x.detach()
