"""The random streams of a run: each kind of draw has its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from ganzoo.errors import Incompatible
from ganzoo.game import Prior, Source, Stream
from ganzoo.game.labels import check_labels
from ganzoo.train.engine import Turn

__all__ = ["Streams"]


class Streams:
    """Draws the turns of a run.

    Every turn draws samples, latent vectors and has noise at hand, whether its objective
    looks at them or not, so that all objectives see the same data and noise.

    Args:
        seed: of the run.
        device: where things are drawn.
    """

    def __init__(self, seed: int, device: torch.device) -> None:
        names = ("data", "latent", "noise", "sample")
        self._streams = {name: Stream(seed, name, device) for name in names}
        self._networks = Stream(seed, "networks")
        self._device = device

    def turn(self, source: Source, prior: Prior, batch: int, index: int) -> Turn:
        """What is drawn for the ``index``-th turn of the run, counted over both players."""
        real_x, labels = source.draw(batch, self._streams["data"].seek(index))
        z = prior.draw(batch, self._streams["latent"].seek(index))
        return Turn(real_x, labels, z, self._streams["noise"].seek(index))

    def require_labels(self, source: Source, batch: int, classes: int) -> None:
        """Look at the labels of the first batch, before training begins.

        Raises:
            Incompatible: there are none.
            BadData: they are of another shape or type, or name no class.
        """
        _, labels = source.draw(batch, self._streams["data"].seek(0))
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
