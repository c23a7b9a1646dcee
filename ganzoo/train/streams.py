"""The random streams of a run: each kind of draw has its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from ganzoo.errors import Incompatible
from ganzoo.game import Prior, Source, Stream
from ganzoo.game.labels import check_labels
from ganzoo.train.turn import Turn

__all__ = ["FedStream", "Streams"]

_TURN = ("data", "latent", "noise")


class FedStream(Stream):
    """A stream whose batches of positions lie in the same tensors all the time, filled as it
    goes from place to place, so that what gathers by them may be recorded and replayed.
    """

    def __init__(self, seed: int, name: str, device: torch.device | str = "cpu") -> None:
        super().__init__(seed, name, device)
        self._fed: dict[tuple[int, int], Tensor] = {}

    def seek(self, index: int) -> FedStream:
        """See :class:`ganzoo.Stream`."""
        super().seek(index)
        for (size, count), positions in self._fed.items():
            positions.copy_(super().shuffled(size, count))
        return self

    def shuffled(self, size: int, count: int) -> Tensor:
        """See :class:`ganzoo.Stream`."""
        if (size, count) not in self._fed:
            self._fed[size, count] = super().shuffled(size, count).clone()
        return self._fed[size, count]


class Streams:
    """Draws the turns of a run.

    Every turn draws samples, latent vectors and has noise at hand, whether its objective
    looks at them or not, so that all objectives see the same data and noise.

    Args:
        seed: of the run.
        device: where things are drawn.
        kind: of stream.
    """

    def __init__(self, seed: int, device: torch.device, kind: type[Stream] = Stream) -> None:
        self._streams = {name: kind(seed, name, device) for name in (*_TURN, "sample")}
        self._networks = Stream(seed, "networks")
        self._device = device

    def seek(self, index: int) -> None:
        """Go to the ``index``-th turn of the run, counted over all players."""
        for name in _TURN:
            self._streams[name].seek(index)

    def draw(self, source: Source, prior: Prior, batch: int) -> Turn:
        """What is drawn for the turn where the streams are."""
        real_x, labels = source.draw(batch, self.data)
        return Turn(real_x, labels, prior.draw(batch, self._streams["latent"]), self.noise)

    def turn(self, source: Source, prior: Prior, batch: int, index: int) -> Turn:
        """What is drawn for the ``index``-th turn."""
        self.seek(index)
        return self.draw(source, prior, batch)

    @property
    def data(self) -> Stream:
        """What samples are drawn from."""
        return self._streams["data"]

    @property
    def noise(self) -> Stream:
        """What terms draw from."""
        return self._streams["noise"]

    @property
    def generators(self) -> list[torch.Generator]:
        """Those behind the streams of a turn."""
        return [self._streams[name].generator for name in _TURN]

    def require_labels(self, source: Source, batch: int, classes: int) -> None:
        """Look at the labels of the first batch, before training begins.

        Raises:
            Incompatible: there are none.
            BadData: they are of another shape or type, or name no class.
        """
        _, labels = source.draw(batch, self.data.seek(0))
        if labels is None:
            raise Incompatible(
                f"this objective needs labels, and {type(source).__name__}.draw gives none; it "
                f"is to give (samples, labels)"
            )
        check_labels(labels, batch, classes)

    def sample(self, prior: Prior, count: int, index: int = 0) -> Tensor:
        """Latent vectors ``(count, latent)`` that no turn uses."""
        return prior.draw(count, self._streams["sample"].seek(index))

    @contextmanager
    def networks(self, index: int) -> Iterator[None]:
        """Torch's global generator at a place of its own: dropout and the like have no other.

        It is left as it was found.
        """
        seed = self._networks.seek(index).generator.initial_seed()
        on_cuda = self._device.type == "cuda"
        cpu = torch.get_rng_state()
        cuda = torch.cuda.get_rng_state(self._device) if on_cuda else None
        torch.default_generator.manual_seed(seed)
        if on_cuda:
            with torch.cuda.device(self._device):
                torch.cuda.manual_seed(seed)
        try:
            yield
        finally:
            torch.set_rng_state(cpu)
            if cuda is not None:
                torch.cuda.set_rng_state(cuda, self._device)
