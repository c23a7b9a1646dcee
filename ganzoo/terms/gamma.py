"""Terms whose weight is called gamma."""

from __future__ import annotations

from torch import Tensor

from ganzoo.game.term import Term

__all__ = ["Gamma"]


class Gamma(Term, renamed={"weight": "gamma"}, gamma=10.0):
    """A term whose weight is called gamma.

    Args:
        gamma: the weight.
        every: see :class:`ganzoo.Term`.
    """

    @property
    def gamma(self) -> Tensor:
        """The weight, by its other name."""
        return self.weight
