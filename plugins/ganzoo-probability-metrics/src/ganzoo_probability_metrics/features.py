"""What a loss on features looks at: decided here, for all of them."""

from __future__ import annotations

import torch
from torch import Tensor

import ganzoo

__all__ = ["both", "features"]


def features(output: ganzoo.DiscriminatorOutput) -> Tensor:
    """The features ``(N, F)`` of what a discriminator said, in float32 or wider.

    Networks of a game provide features. In a training loop of one's own a discriminator may
    return a :class:`ganzoo.DiscriminatorOutput` that has them; of one that returns scores
    alone, the scores are the features: ``(N, F)`` as it stands, ``(N,)`` as one feature,
    patches and scales with all their elements. So a critic for these losses may simply be a
    network with F outputs.
    """
    bare = output.features is None
    found = output.score if bare else ganzoo.terms.features_of(output, "this loss")
    if found.dtype in (torch.float16, torch.bfloat16):
        found = found.float()
    return found.reshape(len(found), -1)


def both(play: ganzoo.Play, *, least: int = 1) -> tuple[Tensor, Tensor]:
    """The features of the real and of the generated samples, ``(N, F)`` and ``(M, F)``.

    Args:
        play: the turn.
        least: how many samples of each kind the estimator is defined for.

    Raises:
        ganzoo.ShapeMismatch: too few samples, or features of different sizes.
    """
    real, fake = features(play.real), features(play.fake)
    if real.shape[1] != fake.shape[1]:
        raise ganzoo.ShapeMismatch(
            f"real and generated samples must have as many features; found {real.shape[1]} and "
            f"{fake.shape[1]}"
        )
    if min(len(real), len(fake)) < least:
        raise ganzoo.ShapeMismatch(
            f"this loss compares samples with others of their own kind, and needs at least "
            f"{least} real and {least} generated ones; found {len(real)} and {len(fake)}. "
            f"Give larger batches, or biased=True where the loss has that option."
        )
    return real, fake
