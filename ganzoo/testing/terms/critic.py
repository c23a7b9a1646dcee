"""The small critic and generator on which a term is examined."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ganzoo.game import Discriminator, DiscriminatorOutput, Generator

__all__ = ["CLASSES", "LATENT", "Critic", "Maker"]

LATENT, CLASSES, _WIDTH = 12, 3, 8


class Critic(Discriminator):
    """``sign * w . tanh(A x + b) + shift`` on the elements of a sample, whatever its shape.

    Args:
        provides: what it is said to provide; labels get an embedding.
        sign, shift: change the score alone.
        zero: whether w is 0.
    """

    feature_dim = _WIDTH

    def __init__(
        self,
        provides: frozenset[str],
        *,
        sign: float = 1.0,
        shift: float = 0.0,
        zero: bool = False,
    ) -> None:
        super().__init__()
        self.provides, self.sign, self.shift = provides, sign, shift
        self.hidden, self.last = nn.Linear(4, _WIDTH), nn.Linear(_WIDTH, 1)
        self.embedding = nn.Embedding(CLASSES, _WIDTH) if "labels" in provides else None
        with torch.no_grad():
            self.hidden.weight.mul_(2.0)  # steep enough for penalties that let small slopes go
            self.last.weight.mul_(4.0)
            if zero:
                self.last.weight.zero_()
                self.last.bias.zero_()
        self.asked: list[Tensor] = []

    def forward(self, x: Tensor, y: Tensor | None = None) -> DiscriminatorOutput:
        """``(N, *shape)`` to scores ``(N,)`` and features."""
        self.asked.append(x.detach())
        features = self.hidden(x.flatten(1)).tanh()
        score = self.sign * self.last(features)[:, 0] + self.shift
        if self.embedding is not None and y is not None:
            score = score + (features * self.embedding(y)).sum(1)
        return DiscriminatorOutput(score, features, x - self.sign * x)


class Maker(Generator):
    """A linear layer; samples have 4 elements.

    Args:
        shape: of a sample.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape, self.layer = shape, nn.Linear(LATENT, 4)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, latent)`` to ``(N, *shape)``."""
        del y
        made: Tensor = self.layer(z)
        return made.reshape(-1, *self.shape)
