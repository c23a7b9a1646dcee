"""Banach Wasserstein GAN: the gradient penalty in the norm that is dual to the samples'."""

from __future__ import annotations

import math

import torch
from torch import Tensor

import ganzoo
from ganzoo.terms import between
from ganzoo_probability_metrics.samples import flat

__all__ = ["DEFAULTS", "Banach", "banach_norm", "bwgan", "sobolev_filter"]

DEFAULTS = ganzoo.Defaults(
    betas=(0.0, 0.9), origin="the authors' code (arXiv 1806.06621), which lets the rate fall"
)


def sobolev_filter(x: Tensor, smoothness: float, frequency_weight: float) -> Tensor:
    """Images ``(N, C, H, W)`` with each frequency multiplied by
    ``(1 + frequency_weight |xi|^2)^(smoothness / 2)``, xi from 0 to 1 along either axis.
    """
    height, width = (
        torch.fft.fftfreq(size, 1 / size, device=x.device, dtype=x.dtype) / max(size // 2, 1)
        for size in x.shape[-2:]
    )
    square = height.square().unsqueeze(1) + width.square()
    factor = (1 + frequency_weight * square).pow(smoothness / 2)
    filtered: Tensor = torch.fft.ifft2(torch.fft.fft2(x) * factor).real
    return filtered


def banach_norm(
    x: Tensor, order: float, *, smoothness: float = 0.0, frequency_weight: float = 5.0
) -> Tensor:
    """The norm of each sample ``(N, *shape)`` in L^order, or with a smoothness in the Sobolev
    space of that many derivatives, ``(N,)``.

    Raises:
        ganzoo.Incompatible: a smoothness for samples that are no images.
    """
    if smoothness:
        if x.ndim != 4:
            raise ganzoo.Incompatible(
                f"a Sobolev norm is of images (C, H, W); these samples have the shape "
                f"{tuple(x.shape[1:])}. Leave smoothness at 0."
            )
        x = sobolev_filter(x, smoothness, frequency_weight)
    norm: Tensor = torch.linalg.vector_norm(x.reshape(len(x), -1), ord=order, dim=1)
    return norm


class Banach(ganzoo.Term):
    """A difference of means with a penalty on the dual norm of the gradient.

    Args:
        order: p of the samples' norm, 1 or more.
        smoothness: s, derivatives that the samples' norm looks at.
        frequency_weight: of a squared frequency.
        bound: the penalty's weight; None for the mean norm of the batch's real samples.
        scale: the dual norm that is asked for; None for the mean one of the real samples.
        drift: of the mean square of the real scores.
    """

    traits = ganzoo.Traits(
        growth="quadratic",
        batch_coupled=True,
        waived=(("unequal_batches", "its penalty is at points between one of either kind"),),
    )

    order: float = ganzoo.option(2.0, at_least=1)
    smoothness: float = ganzoo.option(0.0)
    frequency_weight: float = ganzoo.option(5.0)
    bound: float | None = ganzoo.option(None)
    scale: float | None = ganzoo.option(None, above=0)
    drift: float = ganzoo.option(1e-5)

    @property
    def dual(self) -> float:
        """The order of the dual norm."""
        order = self.order
        return math.inf if order == 1 else 1.0 if order == math.inf else order / (order - 1)

    def norm(self, x: Tensor, *, dual: bool) -> Tensor:
        """Of each sample, or of each gradient, ``(N,)``."""
        return banach_norm(
            x,
            self.dual if dual else self.order,
            smoothness=-self.smoothness if dual else self.smoothness,
            frequency_weight=self.frequency_weight,
        )

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """See :func:`bwgan`."""
        real_x = flat(play.real_x).reshape(play.real_x.shape)
        weight = self.norm(real_x, dual=False).mean() if self.bound is None else self.bound
        scale = self.norm(real_x, dual=True).mean() if self.scale is None else self.scale
        x = between(play)
        gradient = ganzoo.terms.judged_gradient(play, x).reshape(x.shape)
        excess = self.norm(gradient, dual=True) / scale - 1
        real, fake = play.real.score, play.fake.score
        difference = (fake.mean() - real.mean()) / scale
        return difference + weight * excess.square().mean() + self.drift * real.square().mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """``-E f``, 0-dim."""
        return -play.fake.score.mean()


def bwgan(
    *,
    order: float = 2.0,
    smoothness: float = 0.0,
    frequency_weight: float = 5.0,
    weight: float | None = None,
    scale: float | None = None,
    drift: float = 1e-5,
    discriminator_turns: int = 5,
) -> ganzoo.Objective:
    """Banach Wasserstein GAN: the Wasserstein distance for a norm of one's choice between
    samples, with the gradient penalty in the dual norm.

    With r = D(x), f = D(G(z)), any shape, B the space L^p or W^(s, p), B* its dual, minimised::

        L_D = (E f - E r) / scale + weight * E (|grad D(x^)|_B* / scale - 1)^2 + drift * E r^2
        L_G = -E f
        x^  = e x + (1 - e) G(z),  one e uniform in [0, 1) for each sample
        |g| in L^p: (sum |g|^p)^(1/p), its dual L^q with 1/p + 1/q = 1
        |g| in W^(s, p): in L^p, frequencies times (1 + c |xi|^2)^(s/2), its dual W^(-s, q)

    At the best critic, -L_D is about the Wasserstein-1 distance whose cost is |x - y|_B. With
    p = 2, s = 0, scale 1 and no drift it is wgan-gp.

    Departures: L_G is not divided by the scale. The authors' code sets the scale without the
    dual filter; here it is the paper's. Sobolev norms are of images; others are refused.

    Args:
        order, smoothness: p, from 1 to infinity, and s.
        frequency_weight: c; frequencies xi go from 0 to 1 along either axis.
        weight: lambda of the paper; None for its rule, the batch's mean |x|_B.
        scale: gamma of the paper; None for its rule, the batch's mean |x|_B*.
        drift: weighs the real scores' mean square.
        discriminator_turns: critic steps for each generator step.

    Raises:
        BadOption: an order below 1, a scale that is not above 0.

    Reference: Adler and Lunz 2018, arXiv 1806.06621.
    """
    term = Banach(
        order=order,
        smoothness=smoothness,
        frequency_weight=frequency_weight,
        bound=weight,
        scale=scale,
        drift=drift,
    )
    return ganzoo.Objective(term, discriminator_turns=discriminator_turns, defaults=DEFAULTS)
