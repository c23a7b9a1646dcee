"""Penalties on the gradient of the score at points of their own."""

from __future__ import annotations

import math

import torch
from torch import Tensor

import ganzoo
from ganzoo.terms import GradientPenalty, between, judged_gradient
from ganzoo_regularizers.points import around

__all__ = [
    "DivergencePenalty",
    "Dragan",
    "MaximumMargin",
    "MaximumPenalty",
    "PointPenalty",
    "ZeroPenalty",
    "lp",
]


class PointPenalty(ganzoo.Term):
    """``L_D += weight * E cost(grad D(x^))`` at points x^, which are interpolates where a
    subclass takes no others.
    """

    def points(self, play: ganzoo.Play) -> Tensor:
        """Where the gradient is taken, ``(N, *shape)``, without a graph."""
        return between(play)

    def cost(self, gradient: Tensor) -> Tensor:
        """What gradients ``(N, prod(shape))`` cost: ``(N,)``, or 0-dim for the batch."""
        raise NotImplementedError(f"{type(self).__name__}.cost")

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The penalty, 0-dim."""
        gradient = judged_gradient(play, self.points(play))
        return self.cost(gradient).mean()


def lp(weight: float = 10.0, every: int = 1, *, target: float = 1.0) -> GradientPenalty:
    """The one-sided gradient penalty of WGAN-LP: norms below the target go free.

    ::

        L_D += weight * E [|grad D(x^)|_2 - target]+^2

    x^ = e x + (1 - e) G(z), one e uniform in [0, 1) for each sample, the norm over all axes but
    the batch. It is ``gp(one_sided=True)``.

    Args:
        weight: lambda; 10 is a common default, the paper looks at 5 as well.
        every: see :class:`ganzoo.Term`.
        target: the norm above which it costs.

    Reference: Petzka et al. 2017, arXiv 1709.08894, eq. 8.
    """
    return GradientPenalty(weight, every, target=target, one_sided=True)


class ZeroPenalty(PointPenalty, weight=100.0):
    """0-GP: the gradient at interpolates is pulled to zero.

    ::

        L_D += weight * E |grad D(x^)|_2^2

    x^ as in WGAN-GP, the sum of squares over all axes but the batch. There is no factor 1/2:
    near the data it is R1 with gamma = 2 weight.

    Departures: the interpolates are straight lines between samples, one of the paper's choices.

    Args:
        weight: lambda. 100 is common for images; the authors' code has 10 for points and 500
            for images.
        every: see :class:`ganzoo.Term`.

    Reference: Thanh-Tung et al. 2019, arXiv 1902.03984.
    """

    def cost(self, gradient: Tensor) -> Tensor:
        """``|g|^2``, ``(N,)``."""
        return gradient.square().sum(1)


class MaximumPenalty(PointPenalty, weight=10.0):
    """The penalty of Lipschitz GANs: the largest gradient of the batch is pulled to zero.

    ::

        L_D += weight * max_i |grad D(x^_i)|_2^2

    x^ as in WGAN-GP. A maximum over a batch is not the mean of those of its halves: with
    gradients accumulated over micro-batches, or over devices, each part has its own. StudioGAN
    calls it max-gradient penalty.

    Args:
        weight: lambda; 10 is StudioGAN's.
        every: see :class:`ganzoo.Term`.

    Reference: Zhou et al. 2019, arXiv 1902.05687.
    """

    waived = (("per_sample", "it is the maximum over a batch"),)

    def cost(self, gradient: Tensor) -> Tensor:
        """``max |g|^2``, 0-dim."""
        return gradient.square().sum(1).amax()


class Dragan(PointPenalty, weight=10.0):
    """DRAGAN: the norm of the gradient around real samples is pulled to a target.

    ::

        L_D += weight * E (|grad D(x^)|_2 - target)^2
        x^  = x + a * scale * std(x) * u,  u uniform in [0, 1) for each element, a for each sample

    std(x) is one number, over every element of the batch, divided by their count. Generated
    samples are not looked at.

    Departures: the noise is that of the authors' code, one-sided as it is; the paper's text has
    x + N(0, c). torch's ports divide the variance by the count less one (StudioGAN), draw a for
    each element (PyTorch-GAN, torchgan), or take one norm for the whole batch (torchgan) or for
    each pixel (PyTorch-GAN).

    Args:
        weight: lambda.
        every: see :class:`ganzoo.Term`.
        scale: of the noise, in standard deviations of the batch.
        target: the norm that is asked for.

    Reference: Kodali et al. 2017, arXiv 1705.07215.
    """

    waived = (("per_sample", "the noise is measured by the deviation of the batch"),)

    scale: float = ganzoo.option(0.5)
    target: float = ganzoo.option(1.0)

    def points(self, play: ganzoo.Play) -> Tensor:
        """Around the real samples."""
        return around(play, self.scale)

    def cost(self, gradient: Tensor) -> Tensor:
        """``(|g| - target)^2``, ``(N,)``."""
        norm: Tensor = torch.linalg.vector_norm(gradient, dim=1)
        return (norm - self.target).square()


class MaximumMargin(PointPenalty, weight=20.0):
    """The hinge penalty of maximum-margin GANs: gradients above norm 1 cost their excess.

    ::

        L_D += weight * E [|grad D(x^)|_q - 1]+

    x^ as in WGAN-GP, the norm over all axes but the batch. The norm is the dual of the one that
    the margin is measured in: q = inf maximises an L1 margin, 2 an L2 and 1 an Linf margin.

    Departures: none. In the authors' code the flag of the absolute value is inverted, so that
    its default takes the maximum of the signed gradient.

    Args:
        weight: lambda; 20 is the authors'.
        every: see :class:`ganzoo.Term`.
        norm: q, one of inf, 2 and 1. In a string, ``mm-gp(norm=2)``.

    Raises:
        BadOption: another norm.

    Reference: Jolicoeur-Martineau and Mitliagkas 2019, arXiv 1910.06922.
    """

    norm: float = ganzoo.option(math.inf, one_of=(math.inf, 2, 1))

    def cost(self, gradient: Tensor) -> Tensor:
        """``[|g|_q - 1]+``, ``(N,)``."""
        norm: Tensor = torch.linalg.vector_norm(gradient, self.norm, dim=1)
        return (norm - 1).relu()


class DivergencePenalty(PointPenalty, weight=2.0):
    """The penalty of WGAN-div: a power of the gradient's norm, with no target.

    ::

        L_D += weight * E |grad D(x^)|_2^power

    x^ as in WGAN-GP; with the Wasserstein critic's loss it makes the W-divergence.

    Departures: the paper allows any law of points; PyTorch-GAN takes half the real and half the
    generated samples.

    Args:
        weight: k of the paper.
        every: see :class:`ganzoo.Term`.
        power: p of the paper.

    Raises:
        BadOption: a power of 1 or less.

    Reference: Wu et al. 2017, arXiv 1712.01026.
    """

    power: float = ganzoo.option(6.0, above=1)

    def cost(self, gradient: Tensor) -> Tensor:
        """``|g|^power``, ``(N,)``."""
        norm: Tensor = torch.linalg.vector_norm(gradient, dim=1)
        return norm.pow(self.power)
