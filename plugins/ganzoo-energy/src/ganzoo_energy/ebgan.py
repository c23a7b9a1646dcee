"""The energy-based GAN."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn.functional import relu

import ganzoo
from ganzoo_energy.energy import EnergyTerm
from ganzoo_energy.pull_away import PullAway

__all__ = ["Margin", "ebgan"]

_COUPLED = ganzoo.Traits(
    batch_coupled=True,
    minimum=2,
    waived=(
        ("duplication", "a sample is compared with all others, its copies among them"),
        ("smallest_batch", "one sample will do for the discriminator; the generator names two"),
    ),
)
"""What the pull-away term adds to what the loss declares."""


class Margin(EnergyTerm):
    """Energies of generated samples are pushed up to a margin, sample by sample.

    Args:
        margin: m of the paper, above 0.
        energy: see :class:`EnergyTerm`.
    """

    margin: float = ganzoo.option(above=0, below=math.inf, words="a finite energy above 0")

    def __post_init__(self) -> None:
        self.traits = ganzoo.Traits(orientation=-1, neutral=None, kinks=(self.margin,))

    def real(self, score: Tensor) -> Tensor:
        """``e``."""
        return score

    def fake(self, score: Tensor) -> Tensor:
        """``[margin - e]+``."""
        return relu(self.margin - score)


def ebgan(*, margin: float = 0.5, energy: str = "l1", pull_away: float = 0.1) -> ganzoo.Objective:
    """The energy-based GAN: the discriminator is an autoencoder, and its error the energy.

    With e_r and e_f the energies of real and of generated samples, one each, both minimised::

        L_D = E e_r + E [margin - e_f]+
        L_G = E e_f + pull_away * PT
        PT  = 1 / (N (N - 1)) sum_{i != j} cos(h_i, h_j)^2

    h_i is the i-th row of the features, the autoencoder's code. The hinge is per sample,
    before the mean. At the optimal energy, margin where p < q and 0 elsewhere,
    L_D = margin (1 - TV(p, q)): the margin where p = q.

    Departures: the energy is a mean over a sample's elements, so that margins do not depend
    on the resolution, and of absolute errors; the paper's margins of 10 for MNIST, 20 for
    CelebA and 80 for LSUN are in other units. hwalsuklee and PyTorch-GAN leave the cosine
    unsquared, which rewards opposite features instead of right angles; torchgan normalises
    over the batch and keeps the diagonal; hwalsuklee takes one norm over the whole batch;
    PyTorch-GAN hinges the mean of the batch and cuts half of the generator's gradient.

    Args:
        margin: m of the paper, in units of the energy.
        energy: ``"l1"``, the mean absolute error over all axes but the batch, or ``"l2"``,
            the mean squared error.
        pull_away: weighs the pull-away term, 0.1 in the paper's EBGAN-PT; 0 leaves it out.

    Raises:
        BadOption: a value out of range.

    Reference: Zhao et al. 2016, arXiv 1609.03126.
    """
    if not pull_away >= 0:
        raise ganzoo.BadOption(f"pull_away={pull_away}: 0 or more; 0 leaves the term out")
    term = Margin(margin=margin, energy=energy)
    repelling = (PullAway(pull_away),) if pull_away else ()
    if pull_away:
        term.traits = term.traits.joined(_COUPLED)
    defaults = ganzoo.Defaults(
        generator_lr=1e-3, discriminator_lr=1e-3, origin="a common default (Adam)"
    )
    return ganzoo.Objective(term, *repelling, defaults=defaults)
