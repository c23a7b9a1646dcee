"""Scores of several numbers: columns of a discriminator's score, or a head on its features."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

import ganzoo

__all__ = ["columns", "head"]


def columns(output: ganzoo.DiscriminatorOutput, count: int) -> Tensor:
    """A score of ``count`` columns, ``(N, count, ...)`` or a list of those, as
    ``(N, count, P)`` with the P places of every scale side by side.

    Raises:
        ShapeMismatch: a score with another number of columns.
    """
    if any(shape[:1] != (count,) for shape in output.layout):
        raise ganzoo.ShapeMismatch(
            f"this loss needs a discriminator with {count} columns of scores, (N, {count}) or "
            f"(N, {count}, ...), or a Game whose discriminator provides features; found scores "
            f"of shapes {[('N', *shape) for shape in output.layout]}"
        )
    sizes = [math.prod(shape) for shape in output.layout]
    scales = output.score.flatten(1).split(sizes, 1)
    return torch.cat([scale.reshape(len(scale), count, -1) for scale in scales], 2)


def head(game: ganzoo.Game, outputs: int) -> nn.Linear:
    """A linear layer on the features of a game's discriminator.

    Raises:
        Incompatible: a discriminator without features.
    """
    features = game.discriminator.feature_dim if game.discriminator is not None else 0
    if not features:
        raise ganzoo.Incompatible("this loss needs a discriminator that provides features")
    return nn.Linear(features, outputs)
