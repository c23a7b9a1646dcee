"""What Python knows of a turn, handed to a recording through tensors that stay where they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from ganzoo.game import Source, Stream

__all__ = ["Dealt", "Rate"]


class Rate:
    """An optimiser's learning rate, where a schedule writes a number, as a tensor.

    Args:
        optimizer: of one group of parameters; its own rate stays a number.
        device: of the tensor.
    """

    def __init__(self, optimizer: Optimizer, device: torch.device) -> None:
        self.optimizer = optimizer
        # CUDA's kernels read single precision, the CPU's read double
        self._tensor = torch.zeros(
            (), device=device, dtype=None if device.type == "cuda" else torch.float64
        )
        self._value: float | None = None
        # It warns of steps that are not recorded, as the first ones are not.
        optimizer._warned_capturable_if_run_uncaptured = True

    def fill(self) -> None:
        """Bring the tensor up to date."""
        value = float(self.optimizer.param_groups[0]["lr"])
        if value != self._value:
            self._tensor.fill_(value)
            self._value = value

    @contextmanager
    def used(self) -> Iterator[None]:
        """The optimiser takes its rate from the tensor, as far as it can."""
        (group,) = self.optimizer.param_groups
        on_cuda = self._tensor.is_cuda
        if not (on_cuda or group.get("fused")):
            yield  # on a CPU the other optimisers read the tensor
            return
        before: dict[str, Any] = {
            name: group[name] for name in ("lr", "capturable") if name in group
        }
        group["lr"] = self._tensor
        if on_cuda and "capturable" in group:
            group["capturable"] = True
            for state in self.optimizer.state.values():  # a checkpoint counts on the CPU
                if "step" in state:
                    state["step"] = state["step"].to(self._tensor.device)
        try:
            yield
        finally:
            group.update(before)


class Dealt(Source):
    """A source whose draw cannot be recorded: what it has dealt lies in tensors that stay."""

    recordable = True

    def __init__(self, source: Source) -> None:
        self.source, self.spec = source, source.spec
        self._dealt: list[Tensor] = []

    def deal(self, count: int, stream: Stream) -> None:
        """Draw, and put it where :meth:`draw` finds it."""
        drawn = [x for x in self.source.draw(count, stream) if x is not None]
        if not self._dealt:
            self._dealt = [x.clone() for x in drawn]
        for own, each in zip(self._dealt, drawn, strict=True):
            own.copy_(each)

    def draw(self, count: int, stream: Stream) -> tuple[Tensor, Tensor | None]:
        """What was dealt last."""
        del count, stream
        return self._dealt[0], self._dealt[1] if len(self._dealt) > 1 else None

    def held_out(self, count: int, stream: Stream) -> tuple[Tensor, Tensor | None]:
        """Of the source itself."""
        return self.source.held_out(count, stream)
