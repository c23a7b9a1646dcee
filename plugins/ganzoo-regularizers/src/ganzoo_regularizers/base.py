"""What several terms share."""

from __future__ import annotations

from torch import Tensor

import ganzoo

__all__ = ["Timed", "latents"]


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

    steps: int = ganzoo.option(0, at_least=0, words="0 or more generator steps")
    elapsed: Tensor = ganzoo.state()

    @property
    def progress(self) -> Tensor:
        """How far the change has come, 0-dim in 0 .. 1; always 0 without steps."""
        return (self.elapsed / self.steps).clamp(max=1) if self.steps else self.elapsed * 0

    def after_generator(self, play: ganzoo.Play) -> None:
        """Count."""
        self.elapsed.add_(self.every)
