"""Terms whose weight is called gamma."""

from __future__ import annotations

from torch import Tensor

from ganzoo.game.term import Term

__all__ = ["Gamma"]


class Gamma(Term):
    """A term whose weight is called gamma.

    Args:
        gamma: the weight.
        every: see :class:`ganzoo.Term`.
    """

    def __init__(self, gamma: float = 10.0, every: int = 1) -> None:
        super().__init__(gamma, every)

    @property
    def gamma(self) -> Tensor:
        """The weight, by its other name."""
        return self.weight
