"""A sampler that has learned nothing but means and covariances: what any objective must beat."""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.evaluate.checks import wide
from ganzoo.game.stream import Stream

__all__ = ["gaussian_like"]


def gaussian_like(x: Tensor, count: int, stream: Stream) -> Tensor:
    """Samples ``(count, *shape)`` of the Gaussian with the mean and covariance of the elements
    of ``x`` (N, *shape), in its dtype: its pixels, for images.

    To the eye they are noise. A Fréchet distance of raw pixels cannot tell them from data, and
    one of features can: an objective that is no nearer has learned no more than they have.
    """
    flat = wide(x.flatten(1))
    mean = flat.mean(0)
    # The data times random numbers have their covariance, whatever its rank.
    factor = (flat - mean) / max(len(flat) - 1, 1) ** 0.5
    noise = stream.normal(count, len(flat)).to(flat)
    samples = torch.addmm(mean.expand(count, -1), noise, factor)
    return samples.to(x).view(count, *x.shape[1:])
