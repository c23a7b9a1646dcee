"""The scaled maximum mean discrepancy: its critic is held by a denominator."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

import ganzoo
from ganzoo_probability_metrics import kernels
from ganzoo_probability_metrics.defaults import KERNEL
from ganzoo_probability_metrics.discrepancy import Discrepancy, positive
from ganzoo_probability_metrics.features import features

__all__ = ["Scaled", "smmd"]


class Scaled(Discrepancy):
    """The discrepancy over ``1 + slope_weight * E |grad h(x)|_F^2`` at real samples.

    Args:
        kernel: between features, 1 at equal ones.
        slope_weight: of the squared Jacobian.
        biased: compare samples with themselves too.
    """

    input_grads = frozenset({"real"})
    slope_weight: float = ganzoo.option(at_least=0, words="0 or more")

    def scale(self, play: ganzoo.Play) -> Tensor:
        """The denominator, 0-dim: a draw of random signs for each sample stands in for the
        sum over features, whose expectation it has.
        """
        if not self.slope_weight:
            return torch.ones(())
        followed = torch.is_grad_enabled()
        with ganzoo.terms.recording():
            mover = followed and play.player == "discriminator"
            x = play.real_x if mover else play.real_x.detach()
            x = x if followed else x.clone()  # samples of inference mode can't be followed
            seen = (lambda: play.real) if x.requires_grad else None

            def signed(points: Tensor) -> Tensor:
                h = features(ganzoo.terms.judged(play, points, seen))
                return (h * (2 * (play.uniform(*h.shape) < 0.5).to(h) - 1)).sum(1)

            slope = ganzoo.terms.gradient_of(signed, x)
        return 1 + self.slope_weight * slope.square().sum(1).mean()

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """See the class."""
        return -self.squared(play) / self.scale(play)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """See the class; the denominator is a constant here."""
        return self.squared(play) / self.scale(play).detach()


def smmd(
    *,
    sigma: float = 1.0,
    slope_weight: float = 10.0,
    biased: bool = False,
    discriminator_turns: int = 5,
) -> ganzoo.Objective:
    """The scaled MMD GAN: a discrepancy divided by how steep the features are, so that
    steeper ones gain nothing.

    With h = features of D, ``(N, F)``, and k(a, b) = exp(-|a - b|^2 / (2 sigma^2)), both
    minimised::

        L_G = MMD^2_k(h(x), h(G)) / (1 + slope_weight * E |grad h(x)|_F^2)
        L_D = -L_G

    MMD^2 is the unbiased estimate of :func:`mmd_rbf`, the Jacobian's norm is over all features
    and all axes of a sample, at real samples. L_G is 0 where the laws of the features agree.

    Departures: the Jacobian's squared norm is estimated with one draw of random signs for
    each sample and turn, which is exact for one feature. The paper has it with spectral
    normalisation as well: ``get_loss("smmd", add=["spectral-norm"])``.

    Args:
        sigma: width of the kernel.
        slope_weight: of the squared Jacobian in the denominator.
        biased: the V-statistic, for batches of any size.
        discriminator_turns: critic steps for each generator step.

    Raises:
        BadOption: a sigma that is not above 0, a negative slope_weight.

    Reference: Arbel et al. 2018, arXiv 1805.11565.
    """
    kernel = partial(kernels.rbf, sigmas=positive("sigma", (sigma,)))
    term = Scaled(kernel=kernel, slope_weight=slope_weight, biased=biased)
    return ganzoo.Objective(term, discriminator_turns=discriminator_turns, defaults=KERNEL)
