"""What several terms share."""

from __future__ import annotations

import torch
from torch import Tensor

import ganzoo
from ganzoo.terms import at_least

__all__ = ["Timed", "each", "features", "latents"]


def each(score: Tensor) -> Tensor:
    """One score for each sample: ``(N, ...)`` to ``(N,)``, patches and scales by their mean."""
    return score if score.ndim == 1 else score.flatten(1).mean(1)


def features(output: ganzoo.DiscriminatorOutput) -> Tensor:
    """The features ``(N, F)`` of a discriminator that has some.

    Raises:
        Incompatible: it gave none.
    """
    if output.features is None:
        raise ganzoo.Incompatible(
            "this term compares features, and the discriminator gave scores alone; return a "
            "ganzoo.DiscriminatorOutput(score, features)"
        )
    return output.features


def latents(play: ganzoo.Play) -> Tensor:
    """The latent vectors ``(M, latent)`` of a turn.

    Raises:
        Incompatible: generated samples were given, without what they come from.
    """
    if play.z is None:
        raise ganzoo.Incompatible(
            "this term moves latent vectors and generates anew, and was given generated "
            "samples alone; it needs a Game"
        )
    return play.z


class Timed(ganzoo.Term):
    """A term that changes in the course of training: it counts the generator's turns.

    Args:
        weight, every: see :class:`ganzoo.Term`.
        steps: how many generator steps the change takes; 0 for none.
    """

    elapsed: Tensor

    def __init__(self, weight: float = 1.0, every: int = 1, *, steps: int = 0) -> None:
        super().__init__(weight, every)
        self.steps = int(at_least(0, "0 or more generator steps", steps=steps))
        self.register_buffer("elapsed", torch.zeros((), dtype=torch.float64))

    @property
    def progress(self) -> Tensor:
        """How far the change has come, 0-dim in 0 .. 1; always 0 without steps."""
        return (self.elapsed / self.steps).clamp(max=1) if self.steps else self.elapsed * 0

    def after_generator(self, play: ganzoo.Play) -> None:
        """Count."""
        self.elapsed.add_(self.every)
