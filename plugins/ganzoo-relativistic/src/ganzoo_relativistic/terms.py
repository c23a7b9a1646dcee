"""The ways in which a score can be relative to the scores of the other kind."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

import ganzoo
from ganzoo_relativistic.base import TRAITS

__all__ = ["Average", "Centred", "EveryPair", "Paired", "Relativistic"]


class Relativistic(ganzoo.Term):
    """A loss that looks at differences of scores alone: real samples should score higher than
    generated ones for the discriminator, and lower for the generator.

    The two players have one loss with the kinds swapped, so the generator looks at real
    scores too.

    Args:
        base: what a relative score costs, elementwise: a function of
            :mod:`ganzoo_relativistic.base`.
    """

    relative: ganzoo.Traits
    """What the loss declares for the way in which it is relative."""

    def __init__(self, base: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.base = base
        self.traits = self.relative.joined(TRAITS[base])

    def loss(self, above: Tensor, below: Tensor) -> Tensor:
        """What it costs that ``above`` (N, ...) is not far enough above ``below`` (M, ...)."""
        raise NotImplementedError(f"{type(self).__name__}.loss")

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """Real above generated, 0-dim."""
        return self.loss(play.real.score, play.fake.score)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """Generated above real, 0-dim."""
        return self.loss(play.fake.score, play.real.score)


class Paired(Relativistic):
    """``E_i l(a_i - b_i)``: the i-th sample against the i-th, element by element of a score."""

    relative = ganzoo.Traits(neutral=None, shift_invariant=True, paired=True)

    def loss(self, above: Tensor, below: Tensor) -> Tensor:
        """See the class.

        Raises:
            ShapeMismatch: as many samples of one kind as of the other are needed.
        """
        if len(above) != len(below):
            raise ganzoo.ShapeMismatch(
                f"a paired loss sets the i-th real sample against the i-th generated one and "
                f"needs as many of each; found {len(above)} and {len(below)}. With pairs='all' "
                f"any two numbers will do."
            )
        return self.base(above - below).mean()


class EveryPair(Relativistic):
    """``E_ij l(a_i - b_j)``: every sample against every one of the other kind, element by
    element of a score, so that memory grows with N x M times the elements of a score.
    """

    relative = ganzoo.Traits(neutral=None, shift_invariant=True, batch_coupled=True)

    def loss(self, above: Tensor, below: Tensor) -> Tensor:
        """See the class."""
        return self.base(above.unsqueeze(1) - below).mean()


class Average(Relativistic):
    """``E l(a - E b) + E l(E a - b)``: every score against the mean of the other kind's.

    The means are over all elements, and gradients flow through them.
    """

    relative = ganzoo.Traits(neutral=None, shift_invariant=True, batch_coupled=True)

    def loss(self, above: Tensor, below: Tensor) -> Tensor:
        """See the class."""
        return self.base(above - below.mean()).mean() + self.base(above.mean() - below).mean()


class Centred(Relativistic):
    """``E l(a - c) + E l(c - b)``, ``c = (E a + E b) / 2``: every score against the middle of
    the two means.

    The means are over all elements, and gradients flow through them.
    """

    # a fake score far above the rest lifts the centre for all others
    relative = ganzoo.Traits(neutral=None, shift_invariant=True, batch_coupled=True, monotone=False)

    def loss(self, above: Tensor, below: Tensor) -> Tensor:
        """See the class."""
        centre = (above.mean() + below.mean()) / 2
        return self.base(above - centre).mean() + self.base(centre - below).mean()
