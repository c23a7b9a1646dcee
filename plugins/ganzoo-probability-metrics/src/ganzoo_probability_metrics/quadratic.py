"""GAN-QP: a quadratic potential in the place of a Lipschitz constraint."""

from __future__ import annotations

import torch
from torch import Tensor

import ganzoo
from ganzoo_probability_metrics.samples import beside, gaps

__all__ = ["QuadraticPotential", "gan_qp"]


class QuadraticPotential(ganzoo.Term):
    """Paired differences of scores, with a square that is cheap where samples lie far apart.

    Args:
        scale: of the distances.
    """

    traits = ganzoo.Traits(
        neutral=None,
        paired=True,
        growth="quadratic",
        shift_invariant=True,
        waived=(("patches_and_scales", "distances are between whole samples, not patches"),),
    )
    scale: float = ganzoo.option(10.0, above=0)

    def differences(self, play: ganzoo.Play) -> tuple[Tensor, Tensor]:
        """``r_i - f_i``, ``(N, ...)``, and the mean distance of the samples, to go with it."""
        distance = gaps(play).abs().mean(1)
        difference = play.real.score - play.fake.score
        return difference, beside(distance, difference)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """See :func:`gan_qp`."""
        difference, distance = self.differences(play)
        # equal samples have equal scores: nothing over nothing is nothing
        room = 2 * self.scale * distance.clamp(min=torch.finfo(distance.dtype).tiny)
        return (difference.square() / room - difference).mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """``E (r_i - f_i)``, 0-dim."""
        return self.differences(play)[0].mean()


def gan_qp(*, scale: float = 10.0, discriminator_turns: int = 2) -> ganzoo.Objective:
    """GAN-QP: real above generated scores, by a margin that the discriminator chooses at a
    quadratic price.

    With r = D(x) and f = D(G(z)), as many of each, of any shape, and
    d_i = mean |x_i - G(z_i)| over the elements of a sample, both minimised::

        L_D = E_i [(r_i - f_i)^2 / (2 scale d_i) - (r_i - f_i)]
        L_G = E_i (r_i - f_i)

    For a pair by itself the optimum is r - f = scale d, where L_D = -scale d / 2: the
    discriminator is as steep as it pays, with no Lipschitz constraint. L_D = 0 for a constant.

    Departures: none. The mean absolute difference is one of the distances of the paper, and
    its code's first.

    Args:
        scale: lambda of the paper.
        discriminator_turns: discriminator steps for each generator step.

    Raises:
        BadOption: a scale that is not above 0.
        ShapeMismatch: in use, with unequal batches.

    Reference: Su 2018, arXiv 1811.07296.
    """
    return ganzoo.Objective(
        QuadraticPotential(scale=scale),
        discriminator_turns=discriminator_turns,
        defaults=ganzoo.Defaults(origin="the authors' code (arXiv 1811.07296)"),
    )
