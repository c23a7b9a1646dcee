"""The pull-away term."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import normalize

import ganzoo

__all__ = ["PullAway", "pull_away"]


def pull_away(features: Tensor) -> Tensor:
    """The mean squared cosine between the features of different samples, 0-dim, in 0 .. 1.

    Args:
        features: ``(N, F)``, N at least 2.

    Raises:
        ShapeMismatch: fewer than two rows, or no rows at all.
    """
    if features.ndim != 2 or len(features) < 2:
        raise ganzoo.ShapeMismatch(
            f"the pull-away term compares the features of different samples, (N, F) with N of 2 "
            f"or more; found {tuple(features.shape)}"
        )
    with ganzoo.terms.outside_autocast(features):
        wide = features.to(torch.promote_types(features.dtype, torch.float32))
        rows = normalize(wide, dim=1)
        squares = (rows @ rows.t()).square()
    count = len(features)
    return (squares.sum() - squares.diagonal().sum()) / (count * (count - 1))


class PullAway(ganzoo.Term, weight=0.1):
    """Pulls the features of generated samples to right angles, so that they differ.

    ``L_G += weight / (N (N - 1)) sum_{i != j} cos(h_i, h_j)^2``, h_i the i-th row of the
    features of a generated batch: an autoencoder's code, or the last hidden layer of any
    other discriminator. 0 for orthogonal rows, 1 for parallel ones; the length of a row does
    not matter (arXiv 1609.03126).

    Other libraries: hwalsuklee and PyTorch-GAN leave out the square, torchgan normalises over
    the batch instead of each row and keeps the diagonal.

    Args:
        weight: of the term; 0.1 in the paper.
        every: see :class:`ganzoo.Term`.
    """

    needs = frozenset({"features"})

    waived = (("per_sample", "it compares the samples of a batch with each other"),)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The mean squared cosine, 0-dim."""
        value = pull_away(ganzoo.terms.features_of(play.fake, "the pull-away term"))
        play.log["pull_away"] = value.detach()
        return value
