"""The Wasserstein losses: with clipped weights, and with a gradient penalty."""

from __future__ import annotations

from ganzoo.game import Defaults, Objective
from ganzoo.terms import GradientPenalty, Wasserstein, WeightClip

__all__ = ["wgan", "wgan_gp"]


def wgan(*, clip: float = 0.01, discriminator_turns: int = 5) -> Objective:
    """The Wasserstein GAN: a critic whose weights are clipped after each of its steps.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E f - E r,    then every weight of D is clipped to -clip .. clip
        L_G = -E f

    At the best critic among 1-Lipschitz functions, -L_D is the Wasserstein-1 distance of the
    two laws; clipping keeps the critic K-Lipschitz for some unknown K.

    Args:
        clip: c of the paper.
        discriminator_turns: critic steps for each generator step.

    Reference: Arjovsky et al. 2017, arXiv 1701.07875, algorithm 1.
    """
    defaults = Defaults(
        optimizer="rmsprop",
        generator_lr=5e-5,
        discriminator_lr=5e-5,
        betas=(0.0, 0.0),
        origin="the authors' code (arXiv 1701.07875)",
    )
    return Objective(
        Wasserstein(),
        WeightClip(clip),
        discriminator_turns=discriminator_turns,
        defaults=defaults,
    )


def wgan_gp(
    *,
    weight: float = 10.0,
    target: float = 1.0,
    one_sided: bool = False,
    discriminator_turns: int = 5,
) -> Objective:
    """The Wasserstein GAN with a gradient penalty instead of clipping.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E f - E r + weight * E (|grad D(x^)|_2 - target)^2
        L_G = -E f
        x^  = e x + (1 - e) G(z),  one e uniform in [0, 1) for each sample

    -L_D without the penalty is close to the Wasserstein-1 distance. The norm is over all axes
    but the batch: torchgan takes one norm over the whole batch, mmgen's default one for each
    pixel. A discriminator with batch normalisation does not fit: the penalty is per sample.

    Args:
        weight: lambda of the paper; 0.1 is its authors' choice for points in the plane.
        target: the norm that is asked for.
        one_sided: penalise norms above the target alone (WGAN-LP, arXiv 1709.08894).
        discriminator_turns: critic steps for each generator step.

    Reference: Gulrajani et al. 2017, arXiv 1704.00028, eq. 3.
    """
    defaults = Defaults(
        generator_lr=1e-4,
        discriminator_lr=1e-4,
        betas=(0.0, 0.9),
        origin="the paper (arXiv 1704.00028, algorithm 1)",
    )
    return Objective(
        Wasserstein(),
        GradientPenalty(weight, target=target, one_sided=one_sided),
        discriminator_turns=discriminator_turns,
        defaults=defaults,
    )
