"""The networks whose scores the checks choose, and noise that is the same for every sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from ganzoo.game import Discriminator, DiscriminatorOutput, Encoder, Generator, Stream

__all__ = ["SLOPE", "Judge", "Maker", "Reader", "SameForAll", "Shown", "column", "samples"]

SLOPE = 2.0
"""What a judge's score changes by for a step of 1: a sample is half of what is chosen."""

_FEATURES = 4
_PLAIN = frozenset({"score"})

Shown = Callable[[Tensor], Any]


def column(x: Tensor) -> Tensor:
    """Samples ``(N, K)`` to scores ``(N, 1)``: the first element of each."""
    return x[:, :1]


def samples(scores: Tensor, start: float = 0.0) -> Tensor:
    """Samples ``(N, 2)`` that have these scores ``(N,)``: score and place, so that no two are
    the same point, whatever their scores; what is ``(N, K)`` already stays.

    Args:
        scores: of the samples.
        start: the first place.
    """
    if scores.ndim > 1:
        return scores
    places = torch.arange(len(scores), dtype=scores.dtype, device=scores.device) / 8 + start
    return torch.stack([scores, places], 1)


class Judge(Discriminator):
    """A discriminator whose scores are chosen: a sample begins with its own score.

    A sample is half of what is chosen, and ``gain`` is 2, so that the slope of the score is 2:
    at a slope of 1 many penalties are silent. Each element of ``bend``, 0, would move all scores
    in a way of its own.

    Args:
        shown: from what was chosen, ``(N, K)``, to the scores that are returned.
        dtype: of the parameters.
        provides: with more than the score, a :class:`DiscriminatorOutput` is returned.

    ``asked`` holds every batch it was asked about, ``told`` the scores that it returned.
    """

    feature_dim = _FEATURES

    def __init__(
        self,
        shown: Shown = column,
        dtype: torch.dtype = torch.float64,
        provides: frozenset[str] = _PLAIN,
    ) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.full((), SLOPE, dtype=dtype))
        self.bend = nn.Parameter(torch.zeros(3, dtype=dtype))
        self.shown, self.provides = shown, provides
        self.asked: list[Tensor] = []
        self.told: list[list[Tensor]] = []

    def forward(self, x: Tensor, y: Tensor | None = None) -> Any:
        """What it says of samples ``(N, K)``."""
        del y
        self.asked.append(x.detach())
        bent = x * self.gain + self._bent(x)
        said = self.shown(bent)
        self.told.append([said] if isinstance(said, Tensor) else list(said))
        if self.provides == _PLAIN:
            return said
        # the reconstruction is as far off as the score is large
        return DiscriminatorOutput(said, self.seen(bent), x - bent)

    def seen(self, x: Tensor) -> Tensor:
        """The features ``(N, F)`` of what was chosen, ``(N, K)``."""
        tilt = torch.linspace(-0.5, 1.0, _FEATURES, dtype=x.dtype, device=x.device)
        return x[:, :1] * tilt + (x[:, -1:] + 1) * tilt.flip(0)

    def _bent(self, x: Tensor) -> Tensor:
        first = x[:, :1]
        ways = torch.cat([torch.ones_like(first), first.tanh(), (first - 0.7).tanh().square()], 1)
        return (ways * self.bend).sum(1, keepdim=True)


class Maker(Generator):
    """A generator of which a latent vector is the sample that it makes."""

    def __init__(self, size: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.size = size
        self.gain = nn.Parameter(torch.ones((), dtype=dtype))

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, latent)`` to ``(N, size)``."""
        del y
        return z[:, : self.size] * self.gain


class Reader(Encoder):
    """An encoder of which a sample is, a little smaller, the mean of its code."""

    def __init__(self, latent: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.latent = latent
        self.gain = nn.Parameter(torch.full((), 0.75, dtype=dtype))
        self.spread = nn.Parameter(torch.full((), -1.0, dtype=dtype))

    def forward(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """``(N, size)`` to mean and log-variance, each ``(N, latent)``."""
        del y
        mean = nn.functional.pad(x * self.gain, (0, self.latent - x.shape[1]))
        return mean, self.spread.expand_as(mean)


class SameForAll(Stream):
    """Noise of which every sample of a batch gets the same, so that the order and the number
    of samples change nothing of it.
    """

    def normal(self, *shape: int) -> Tensor:
        """One sample's, again and again."""
        return _repeated(super().normal, shape)

    def uniform(self, *shape: int) -> Tensor:
        """One sample's, again and again."""
        return _repeated(super().uniform, shape)

    def integers(self, high: int, *shape: int) -> Tensor:
        """One sample's, again and again."""
        draw = super().integers
        return _repeated(lambda *one: draw(high, *one), shape)


def _repeated(draw: Callable[..., Tensor], shape: tuple[int, ...]) -> Tensor:
    # torch's numbers depend on how many are drawn at once, so one row is drawn and no more
    return draw(1, *shape[1:]).expand(shape).clone() if shape else draw()
