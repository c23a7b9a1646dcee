"""Parameters of a loss that are as many as the discriminator has features."""

from __future__ import annotations

from torch import Tensor

import ganzoo

__all__ = ["Head"]


class Head(ganzoo.Term):
    """A term with parameters of its own on the discriminator's features. A game says how many
    features there are; elsewhere they are given.

    Args:
        features: F; 0 to be told by the game.
    """

    needs = frozenset({"features"})
    features: int = ganzoo.option(0, at_least=0, words="how many there are, or 0 for a game's")

    def __post_init__(self) -> None:
        self.size = 0
        if self.features:
            self.build(self.features)

    def build(self, features: int) -> None:
        """Make the parameters."""
        self.size = int(features)

    def attach(self, game: ganzoo.Game) -> None:
        """Make the parameters for the game's discriminator."""
        size = game.discriminator.feature_dim if game.discriminator is not None else 0
        if self.size and self.size != size:
            raise ganzoo.Incompatible(
                f"the loss was made with features={self.size}, and this discriminator has {size}"
            )
        if not self.size:
            self.build(size)

    def fitting(self, h: Tensor) -> Tensor:
        """The features ``(N, F)`` themselves, if the parameters fit them.

        Raises:
            ganzoo.Incompatible: there are none yet.
            ganzoo.ShapeMismatch: they are for another number of features.
        """
        if not self.size:
            raise ganzoo.Incompatible(
                f"this loss has parameters on the discriminator's features, and does not know how "
                f"many there are: give features={h.shape[1]}, and the loss's parameters to the "
                f"discriminator's optimiser; or play it in a Game"
            )
        if h.shape[1] != self.size:
            raise ganzoo.ShapeMismatch(
                f"the loss was made with features={self.size}; found {h.shape[1]}"
            )
        return h
