"""Terms with layers of their own on the discriminator's features."""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor, nn

import ganzoo

__all__ = ["Headed"]


class Headed(ganzoo.Term):
    """A term that reads the discriminator's features with layers of its own, the head.

    A Game makes the head when it attaches the term. In a training loop of one's own, call
    :meth:`build` once, and give ``loss.parameters()`` to the optimiser of the discriminator,
    which is to return a :class:`ganzoo.DiscriminatorOutput` with features. The head is a
    submodule: it follows ``.to`` and stands in the ``state_dict``.
    """

    needs = frozenset({"features"})
    conditional = True
    traits = ganzoo.Traits(neutral=None, shift_invariant=True)  # blind to scores

    def __post_init__(self) -> None:
        self.head: nn.Module | None = None

    def layers(self, features: int, classes: int) -> nn.Module:
        """A new head for F features and so many classes."""
        raise NotImplementedError(f"{type(self).__name__}.layers")

    def build(self, feature_dim: int, classes: int) -> Self:
        """Make the head, in the place of an earlier one; gives the term itself.

        Args:
            feature_dim: F of the discriminator's features ``(N, F)``.
            classes: how many classes labels can name.

        Raises:
            BadOption: numbers below 1.
        """
        if feature_dim < 1 or classes < 1:
            raise ganzoo.BadOption(
                f"feature_dim={feature_dim}, classes={classes}: at least 1 of each"
            )
        self.head = self.layers(feature_dim, classes)
        return self

    def attach(self, game: ganzoo.Game) -> None:
        """Make the head for the game's discriminator.

        Raises:
            Incompatible: features that depend on the labels already.
        """
        assert game.discriminator is not None  # it is one of the term's roles
        if "concat" in game.discriminator.provides:
            raise ganzoo.Incompatible(
                f"{type(self).__name__} learns labels from features, and this discriminator gets "
                f"the labels with its input; build the networks with conditional='generator', or "
                f"'projection'"
            )
        self.build(game.discriminator.feature_dim, game.spec.classes)

    def features(self, output: ganzoo.DiscriminatorOutput) -> Tensor:
        """The features ``(N, F)``, float32 or wider.

        Raises:
            Incompatible: the discriminator gave none, or there is no head to read them.
        """
        features = ganzoo.terms.features_of(output, type(self).__name__)
        if self.head is None:
            raise ganzoo.Incompatible(
                f"{type(self).__name__} has no head yet: outside a Game, call "
                f"build(feature_dim={features.shape[-1]}, classes=...) of this term of loss.terms "
                f"once, and give the loss's parameters to the discriminator's optimiser"
            )
        return _wide(features)

    def read(self, output: ganzoo.DiscriminatorOutput) -> Tensor:
        """What the head says of a batch, ``(N, K)``, float32 or wider."""
        features = self.features(output)
        assert self.head is not None
        return _wide(self.head(features))

    def labels(self, play: ganzoo.Play, count: int) -> Tensor:
        """The labels of ``count`` samples, ``(count,)`` of int64.

        Raises:
            Incompatible: there are none.
            ShapeMismatch: there are more or fewer.
        """
        if play.labels is None:
            raise ganzoo.Incompatible(
                f"{type(self).__name__} needs the labels of the samples; pass labels=..., (N,) of "
                f"int64"
            )
        if len(play.labels) != count:
            raise ganzoo.ShapeMismatch(
                f"{type(self).__name__} needs a label for each sample; found {len(play.labels)} "
                f"labels and {count} samples that the discriminator judged"
            )
        return play.labels


def _wide(x: Tensor) -> Tensor:
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
