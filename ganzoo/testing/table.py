"""A discriminator whose scores are written down, to hold a loss to numbers of one's own."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor

from ganzoo.game import Objective

__all__ = ["ScoreTable"]


class ScoreTable:
    """A discriminator that looks up what it says: sample i has row i, real samples first.

    A row is a score, or any shape of them: columns, patches, features of a loss that reads
    them off the scores. Samples are their own numbers, which may be moved by less than a half.

    Args:
        real: the scores of the real samples, ``(N, ...)``.
        fake: those of the generated ones, ``(M, ...)``.
        dtype: of the scores.

    Attributes:
        real, fake: the scores, as leaves that take gradients.
        real_x, fake_x: the samples, ``(N,)`` and ``(M,)``.

    Example:
        >>> import ganzoo
        >>> table = ScoreTable(real=[2.0, 0.5], fake=[-1.5])
        >>> table.loss(ganzoo.get_loss("hinge"), "discriminator").item()
        0.25
    """

    def __init__(self, real: Any, fake: Any, dtype: torch.dtype = torch.float64) -> None:
        self.real = torch.as_tensor(real, dtype=dtype).clone().requires_grad_()
        self.fake = torch.as_tensor(fake, dtype=dtype).clone().requires_grad_()
        self.real_x = torch.arange(len(self.real), dtype=torch.float64)
        self.fake_x = len(self.real) + torch.arange(len(self.fake), dtype=torch.float64)

    def __call__(self, x: Tensor) -> Tensor:
        """The rows of samples."""
        return torch.cat([self.real, self.fake])[x.round().long()]

    def loss(self, objective: Objective, player: Literal["discriminator", "generator"]) -> Tensor:
        """What a player has to minimise where these are the scores, 0-dim."""
        said: Tensor = getattr(objective, f"{player}_loss")(
            self, real=self.real_x, fake=self.fake_x
        )
        return said
