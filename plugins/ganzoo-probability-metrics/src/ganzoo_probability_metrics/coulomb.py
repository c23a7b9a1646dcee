"""The Coulomb GAN: samples as charges, the discriminator as their potential."""

from __future__ import annotations

from functools import partial

from torch import Tensor

import ganzoo
from ganzoo_probability_metrics import kernels
from ganzoo_probability_metrics.samples import beside, flat

__all__ = ["Coulomb", "coulomb", "potentials"]


def potentials(kernel: kernels.Kernel, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """The field of real charges less that of generated ones, at the real and at the generated
    samples themselves, ``(N,)`` and ``(M,)``; no sample feels itself.
    """
    across = kernel(real, fake)
    at_real = kernels.off_diagonal(kernel(real, real)) - across.mean(1)
    at_fake = across.mean(0) - kernels.off_diagonal(kernel(fake, fake))
    return at_real, at_fake


_POTENTIAL = "scores aim at the potential where the samples are"


class Coulomb(ganzoo.Term):
    """A discriminator that learns the potential by least squares, and a generator that climbs
    it.

    Args:
        epsilon: where a charge's peak is cut off.
        power: how its potential falls with the distance.
    """

    traits = ganzoo.Traits(
        growth="quadratic",
        batch_coupled=True,
        minimum=2,
        waived=(
            ("patches_and_scales", "charges are whole samples, not patches"),
            ("smallest_batch", "the generator's loss is a mean of single scores"),
            ("direction", _POTENTIAL),
            ("separation", _POTENTIAL),
        ),
    )

    epsilon: float = ganzoo.option(1.0, above=0)
    power: float = ganzoo.option(1.0, above=0)

    def __post_init__(self) -> None:
        self.kernel = partial(kernels.plummer, epsilon=self.epsilon, power=self.power)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """See :func:`coulomb`."""
        real_x, fake_x = flat(play.real_x), flat(play.fake_x)
        if min(len(real_x), len(fake_x)) < 2:
            raise ganzoo.ShapeMismatch(
                f"charges do not feel themselves, so there must be at least 2 real and 2 "
                f"generated samples; found {len(real_x)} and {len(fake_x)}"
            )
        at_real, at_fake = potentials(self.kernel, real_x, fake_x)
        real, fake = play.real.score, play.fake.score
        real, fake = real - beside(at_real, real), fake - beside(at_fake, fake)
        return (real.square().mean() + fake.square().mean()) / 2

    def generator(self, play: ganzoo.Play) -> Tensor:
        """``-E f``, 0-dim."""
        return -play.fake.score.mean()


def coulomb(
    *, epsilon: float = 1.0, power: float = 1.0, discriminator_turns: int = 1
) -> ganzoo.Objective:
    """The Coulomb GAN: real samples attract generated ones, which repel each other; the
    discriminator learns the potential of that field.

    With r = D(x) and f = D(G(z)), scores of any shape, and
    k(a, b) = (|a - b|^2 + epsilon^2)^(-power / 2) between samples, both minimised::

        phi(a) = E k(a, x) - E k(a, G)
        L_D = E (r - phi(x))^2 / 2 + E (f - phi(G))^2 / 2
        L_G = -E f

    The optimal discriminator is phi, where L_D = 0 and E phi(x) - E phi(G) is the squared
    maximum mean discrepancy of k: the field's energy. The only equilibrium is where the laws
    agree, and phi is 0.

    Departures: no sample feels its own charge, which makes the estimate of phi unbiased; the
    authors' code lets it. L_D is twice the paper's, half their code's; there the potential
    has the other sign. The paper learns phi at samples with noise, its code at the samples.

    Args:
        epsilon: where the peak of a charge is cut off.
        power: how its potential falls with the distance; 1 is the code's dimension 3.
        discriminator_turns: discriminator steps for each generator step.

    Raises:
        BadOption: an epsilon or a power that is not above 0.
        ShapeMismatch: in use, with fewer than two samples of either kind.

    Reference: Unterthiner et al. 2017, arXiv 1708.08819.
    """
    defaults = ganzoo.Defaults(
        generator_lr=1e-4,
        discriminator_lr=1e-4,
        betas=(0.9, 0.999),
        batch=128,
        origin="the authors' code (arXiv 1708.08819)",
    )
    return ganzoo.Objective(
        Coulomb(epsilon=epsilon, power=power),
        discriminator_turns=discriminator_turns,
        defaults=defaults,
    )
