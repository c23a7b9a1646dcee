"""The best weights of a run so far, by a value that is not the one it is judged by."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

__all__ = ["Best"]


class Best:
    """Keeps a copy of a network's state, wherever a value was lower than ever before.

    Attributes:
        step: at which that was; 0 where nothing has been kept.
        value: the value there, lower being better.
    """

    def __init__(self) -> None:
        self.step, self.value = 0, math.inf
        self._weights: dict[str, Tensor] = {}

    def offer(self, network: nn.Module, step: int, value: float) -> bool:
        """Keep the network as it is now if the value is the lowest yet; says whether it is."""
        if not value < self.value:
            return False
        self.step, self.value = step, value
        self._weights = {name: x.detach().clone() for name, x in network.state_dict().items()}
        return True

    @contextmanager
    def worn_by(self, network: nn.Module) -> Iterator[None]:
        """Lend the network what was kept; it has its own again when the context ends."""
        own = {name: x.detach().clone() for name, x in network.state_dict().items()}
        network.load_state_dict(self._weights)
        try:
            yield
        finally:
            network.load_state_dict(own)

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps of it."""
        return {"step": self.step, "value": self.value, "weights": self._weights}

    def load_state_dict(self, state: Mapping[str, Any], like: nn.Module) -> None:
        """Go on with what was kept, on the device of the network it is of."""
        places = like.state_dict()
        self.step, self.value = state["step"], state["value"]
        self._weights = {name: x.to(places[name].device) for name, x in state["weights"].items()}
