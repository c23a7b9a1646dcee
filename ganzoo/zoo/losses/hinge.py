"""The hinge loss."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import relu

from ganzoo.game import Defaults, Objective, Traits, option
from ganzoo.terms import ScoreTerm

__all__ = ["Hinge", "hinge"]


class Hinge(ScoreTerm):
    """Scores are pushed apart until the margin is reached."""

    traits = Traits(kinks=(-1.0, 1.0))
    generator_margin: float | None = option(None)

    def real(self, score: Tensor) -> Tensor:
        """``[1 - r]+``."""
        return relu(1 - score)

    def fake(self, score: Tensor) -> Tensor:
        """``[1 + f]+``."""
        return relu(1 + score)

    def generated(self, score: Tensor) -> Tensor:
        """``-f``, or ``[margin - f]+`` with a margin for the generator."""
        if self.generator_margin is None:
            return -score
        return relu(self.generator_margin - score)


def hinge(*, generator_margin: float | None = None, discriminator_turns: int = 1) -> Objective:
    """The hinge loss of geometric GAN, SN-GAN, SAGAN and BigGAN.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E [1 - r]+ + E [1 + f]+
        L_G = -E f

    The hinge is per element, before the mean. At the optimal discriminator sign(p - q),
    L_D = 2 - 2 TV(p, q) and E_p D - E_q D = 2 TV. It goes well with spectral normalisation:
    ``get_loss("hinge", add=["spectral-norm"])``.

    Args:
        generator_margin: with a number, L_G = E [margin - f]+ instead, as in the first
            hinge GANs; 1 is usual.
        discriminator_turns: discriminator steps for each generator step; SN-GAN took 5,
            BigGAN 2, SAGAN 1.

    Reference: Lim and Ye 2017, arXiv 1705.02894, eq. 10 to 11; Miyato et al. 2018,
    arXiv 1802.05957, eq. 16 to 17.
    """
    defaults = Defaults(
        generator_lr=1e-4,
        discriminator_lr=4e-4,
        betas=(0.0, 0.9),
        origin="the common default since SAGAN (arXiv 1805.08318)",
    )
    return Objective(
        Hinge(generator_margin=generator_margin),
        discriminator_turns=discriminator_turns,
        defaults=defaults,
    )
