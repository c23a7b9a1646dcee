"""The recording engine: each plan is recorded once, whole, and replayed from then on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Protocol

import torch
from torch import Tensor

from ganzoo.train.engines.eager import EagerEngine
from ganzoo.train.engines.fed import Dealt, Rate
from ganzoo.train.engines.table import Table
from ganzoo.train.streams import FedStream, Streams
from ganzoo.train.turn import Plan

__all__ = ["CudaRecorder", "Recorder", "RecordingEngine"]

WARM_UP = 3
"""Turns of a plan that are carried out as written before it is recorded: optimisers make
their state in the first, libraries choose their algorithms in the first few."""

_AVERAGE: Plan = ("average", ())


class Recorder(Protocol):
    """Records what is done on a device, to do it again without Python."""

    def beside(self) -> AbstractContextManager[object]:
        """Where everything takes place that shares memory with a recording."""
        ...

    def record(
        self, function: Callable[[], None], generators: Sequence[torch.Generator]
    ) -> Callable[[], None]:
        """Carry ``function`` out once, and give what does the same again on the same memory,
        with numbers from where ``generators`` then are.

        Raises:
            RuntimeError: it cannot be recorded; then nothing has been carried out.
        """
        ...


class CudaRecorder:
    """CUDA graphs, recorded and replayed on a stream of their own."""

    def __init__(self, device: torch.device) -> None:
        self.stream = torch.cuda.Stream(device)

    @contextmanager
    def beside(self) -> Iterator[None]:
        """See :class:`Recorder`."""
        before = torch.cuda.current_stream(self.stream.device)
        self.stream.wait_stream(before)
        with torch.cuda.stream(self.stream):
            yield
        before.wait_stream(self.stream)

    def record(
        self, function: Callable[[], None], generators: Sequence[torch.Generator]
    ) -> Callable[[], None]:
        """See :class:`Recorder`."""
        graph = torch.cuda.CUDAGraph()
        for generator in generators:
            graph.register_generator_state(generator)
        with torch.cuda.graph(graph, stream=self.stream):
            function()
        graph.replay()  # while it was recorded, nothing was carried out
        return graph.replay


class RecordingEngine(EagerEngine):
    """Records the whole of a turn: draw, forward, backward, double backward, optimiser, what
    terms do after it, meters; and the average of the weights.

    A replay runs no Python, so whatever Python knows of a turn is handed in through tensors
    that stay where they are: the step, learning rates, positions in an epoch. Random numbers
    come from the streams' generators, put to their place before each replay. The first turns
    of a plan are real ones, carried out as written. A plan that cannot be recorded stays so,
    and :attr:`fallbacks` says why.

    Args:
        table: whose turns; its streams are exchanged for ones that can be recorded.
        recorder: of the device.
    """

    def __init__(self, table: Table, recorder: Recorder) -> None:
        super().__init__(table)
        self.recorder = recorder
        table.streams = Streams(table.settings.seed, table.streams.noise.device, FedStream)
        self._clock = torch.zeros((), device=table.streams.noise.device)
        self._rates = {
            player: Rate(optimizer, self._clock.device)
            for player, optimizer in table.optimizers.items()
        }
        self._replays: dict[Plan, Callable[[], None]] = {}
        self._kept: list[Callable[[], None]] = []
        self._warm: Counter[Plan] = Counter()
        if not table.source.recordable:
            table.source = Dealt(table.source)

    def turn(self, plan: Plan, *, index: int, step: int) -> None:
        """See :class:`ganzoo.train.engines.table.Engine`."""
        table = self.table
        with self.recorder.beside():
            table.streams.seek(index)
            if isinstance(table.source, Dealt):
                table.source.deal(table.settings.batch, table.streams.data)
            self._clock.fill_(step)
            self._rates[plan[0]].fill()
            self._do(plan, partial(self.whole, plan, self._clock))

    def move(self, player: str, loss: Tensor) -> None:
        """One step of a player's optimiser, at the learning rate that lies in a tensor."""
        with self._rates[player].used():
            super().move(player, loss)

    def finish(self, step: int) -> None:
        """See :class:`ganzoo.train.engines.table.Engine`."""
        with self.recorder.beside():
            self._clock.fill_(step)
            self._do(_AVERAGE, partial(self.table.average.update, self._clock))

    def forget(self) -> None:
        """See :class:`ganzoo.train.engines.table.Engine`."""
        self._replays.clear()
        self._warm.clear()

    def _do(self, plan: Plan, function: Callable[[], None]) -> None:
        if plan in self._replays:
            self._replays[plan]()
        elif plan in self.fallbacks:
            function()
        elif self._warm[plan] < WARM_UP:
            self._warm[plan] += 1
            function()
        else:
            self._record(plan, function)

    def _record(self, plan: Plan, function: Callable[[], None]) -> None:
        streams, before = self.table.streams, self._lasting()
        generators = [*streams.generators, self._default()]
        places = [generator.get_state() for generator in generators]
        try:
            replay = self.recorder.record(function, streams.generators)
        except (RuntimeError, AssertionError) as error:
            self.fallbacks[plan] = " ".join(str(error).split())[:300]
            for optimizer in self.table.optimizers.values():
                optimizer.zero_grad(set_to_none=True)
            for generator, place in zip(generators, places, strict=True):
                generator.set_state(place)
            function()
            return
        self._replays[plan] = replay
        moved = [name for name, place in self._lasting().items() if before.get(name) != place]
        if moved:
            # A replay would read the old tensor for ever. The recording itself was right.
            self.fallbacks[plan] = f"{moved[0]} is exchanged for another tensor in each turn"
            self._kept.append(self._replays.pop(plan))  # and so its memory

    def _default(self) -> torch.Generator:
        """Torch's own generator, which dropout draws from."""
        device = self._clock.device
        if device.type != "cuda":
            return torch.default_generator
        return torch.cuda.default_generators[device.index or torch.cuda.current_device()]

    def _lasting(self) -> dict[str, int]:
        """Where everything lies that is to be where it is at the next turn."""
        named = {"game": self.table.game, "objective": self.table.objective}
        return {
            f"{part}.{name}": tensor.data_ptr()
            for part, module in named.items()
            for name, tensor in (*module.named_parameters(), *module.named_buffers())
        }
