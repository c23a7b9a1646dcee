"""Wasserstein losses with other gradient penalties: one-sided, and of a power."""

from __future__ import annotations

from typing import Literal

import ganzoo
from ganzoo_probability_metrics.penalties import GradientPower, GradientPowerAtSamples

__all__ = ["wgan_div", "wgan_lp"]


def wgan_lp(*, weight: float = 10.0, discriminator_turns: int = 5) -> ganzoo.Objective:
    """WGAN-LP: the Wasserstein GAN whose critic pays for gradients that are too long alone.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E f - E r + weight * E ([|grad D(x^)|_2 - 1]+)^2
        L_G = -E f
        x^  = e x + (1 - e) G(z),  one e uniform in [0, 1) for each sample

    The best critic of transport has gradients of norm 1 along the transport only, so shorter
    ones go free; where all norms exceed 1, the loss is that of wgan-gp. The norm is over all
    axes but the batch.

    Departures: none. It is ``wgan-gp`` with ``one_sided=True``; TF-GAN too has it as an
    option of its gradient penalty.

    Args:
        weight: lambda of the paper, which studied 5 as well.
        discriminator_turns: critic steps for each generator step.

    Reference: Petzka et al. 2017, arXiv 1709.08894, eq. 8.
    """
    defaults = ganzoo.Defaults(
        generator_lr=1e-4,
        discriminator_lr=1e-4,
        betas=(0.0, 0.9),
        origin="a common default, that of WGAN-GP (arXiv 1704.00028)",
    )
    return ganzoo.Objective(
        ganzoo.terms.Wasserstein(),
        ganzoo.terms.GradientPenalty(weight, one_sided=True),
        discriminator_turns=discriminator_turns,
        defaults=defaults,
    )


def wgan_div(
    *,
    weight: float = 2.0,
    power: float = 6.0,
    points: Literal["interpolates", "both"] = "interpolates",
    discriminator_turns: int = 5,
) -> ganzoo.Objective:
    """WGAN-div: the Wasserstein divergence, a penalty on a power of the gradient's norm in the
    place of a Lipschitz constraint.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E f - E r + weight * E_u |grad D(u)|_2^power
        L_G = -E f

    At the optimal critic, -L_D is the Wasserstein divergence of order (weight, power): it is
    0 where the laws agree and above 0 elsewhere. The norm is over all axes but the batch.

    Departures: none. PyTorch-GAN's script has ``points="both"``.

    Args:
        weight: k of the paper.
        power: p of the paper, above 1.
        points: the law of u: ``"interpolates"`` between real and generated samples, as in
            WGAN-GP, or ``"both"``, half of it at the real samples and half at the generated
            ones.
        discriminator_turns: critic steps for each generator step.

    Raises:
        BadOption: a power of 1 or less, or other points.

    Reference: Wu et al. 2017, arXiv 1712.01026.
    """
    kinds = {"interpolates": GradientPower, "both": GradientPowerAtSamples}
    if points not in kinds:
        raise ganzoo.BadOption(f"points={points!r}: 'interpolates' or 'both'")
    return ganzoo.Objective(
        ganzoo.terms.Wasserstein(),
        kinds[points](weight, power=power),
        discriminator_turns=discriminator_turns,
        defaults=ganzoo.Defaults(origin="PyTorch-GAN's script, a common default"),
    )
