"""The repulsive discriminator of MMD GANs."""

from __future__ import annotations

import math
from functools import partial

from torch import Tensor

import ganzoo
from ganzoo_probability_metrics import kernels
from ganzoo_probability_metrics.discrepancy import Discrepancy
from ganzoo_probability_metrics.features import both

__all__ = ["DEFAULTS", "Repulsive", "mmd_repulsive", "mmd_repulsive_bounded"]


class Repulsive(Discrepancy, kernel=kernels.rbf, without=("kernel",)):
    """A discriminator that drives real features apart and generated ones together, against a
    generator that has the unbiased discrepancy of a Gaussian kernel.

    Args:
        sigma: width of the kernel.
        lower: squared distances of generated features below this count as this.
        upper: squared distances of real features above this count as this.
    """

    sigma: float = ganzoo.option(above=0)
    lower: float = ganzoo.option(0.0, at_least=0)
    upper: float = ganzoo.option(math.inf, above=0)

    def __post_init__(self) -> None:
        self.kernel = partial(kernels.rbf, sigmas=(self.sigma,))
        super().__post_init__()

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """``E k(h(x), h(x')) - E k(h(G), h(G'))``, 0-dim."""
        real, fake = both(play, least=2)
        apart = kernels.squares(real, real).clamp(max=self.upper)
        together = kernels.squares(fake, fake).clamp(min=self.lower)
        mean, sigmas = kernels.off_diagonal_mean, (self.sigma,)
        return mean(kernels.rbf_of(apart, sigmas)) - mean(kernels.rbf_of(together, sigmas))


DEFAULTS = ganzoo.Defaults(origin="a common default, with the spectral normalisation of the paper")


def mmd_repulsive(*, sigma: float = 1.0, discriminator_turns: int = 1) -> ganzoo.Objective:
    """MMD GAN with a repulsive discriminator: it looks into details of the real samples
    instead of gathering them.

    With h = features of D, ``(N, F)``, and k(a, b) = exp(-|a - b|^2 / (2 sigma^2)), means over
    pairs of different samples, both minimised::

        L_D = E k(h(x), h(x')) - E k(h(G), h(G'))
        L_G = E k(h(x), h(x')) + E k(h(G), h(G')) - 2 E k(h(x), h(G))

    L_G is the squared maximum mean discrepancy, unbiased: 0 where the laws of the features
    agree. The usual critic would have -L_G, and so contract the real features too. L_D is
    within -1 .. 1.

    Departures: the authors' code leaves the diagonal out of E k(h(x), h(G)) as well. The
    discriminator wants spectral normalisation, as in the paper:
    ``get_loss("mmd-repulsive", add=["spectral-norm"])``.

    Args:
        sigma: width of the kernel.
        discriminator_turns: discriminator steps for each generator step.

    Raises:
        BadOption: a sigma that is not above 0.

    Reference: Wang et al. 2018, arXiv 1812.09916.
    """
    return ganzoo.Objective(
        Repulsive(sigma=sigma), discriminator_turns=discriminator_turns, defaults=DEFAULTS
    )


def mmd_repulsive_bounded(
    *,
    sigma: float = 1.0,
    lower: float = 0.25,
    upper: float = 4.0,
    discriminator_turns: int = 1,
) -> ganzoo.Objective:
    """The repulsive MMD GAN with a bounded kernel for the discriminator: pairs that are far
    enough apart, or near enough, do not count any further.

    With h = features of D, ``(N, F)``, and k(d) = exp(-d / (2 sigma^2)), means over pairs of
    different samples, both minimised::

        L_D = E k(min(|h(x) - h(x')|^2, upper)) - E k(max(|h(G) - h(G')|^2, lower))
        L_G = E k(|h(x) - h(x')|^2) + E k(|h(G) - h(G')|^2) - 2 E k(|h(x) - h(G)|^2)

    L_D is within k(upper) - k(lower) .. 1. The generator's kernel is not bounded.

    Departures: those of :func:`mmd_repulsive`.

    Args:
        sigma: width of the kernel.
        lower: squared distance below which generated features need not come closer.
        upper: squared distance above which real features need not go further apart.
        discriminator_turns: discriminator steps for each generator step.

    Raises:
        BadOption: a sigma or an upper bound that is not above 0, or a negative lower one.

    Reference: Wang et al. 2018, arXiv 1812.09916.
    """
    return ganzoo.Objective(
        Repulsive(sigma=sigma, lower=lower, upper=upper),
        discriminator_turns=discriminator_turns,
        defaults=DEFAULTS,
    )
