"""The margin-adapting GAN."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import relu

import ganzoo
from ganzoo_energy.energy import EnergyTerm

__all__ = ["AdaptiveMargin", "magan"]


class AdaptiveMargin(EnergyTerm):
    """A margin that follows the energy of real samples down, epoch by epoch.

    Args:
        margin: where it starts, above 0; a buffer.
        epoch: steps of the discriminator in an epoch.
        energy: see :class:`EnergyTerm`.
    """

    margin: Tensor = ganzoo.option(
        above=0, below=math.inf, buffer=True, words="a finite energy above 0"
    )
    epoch: int = ganzoo.option(at_least=1, words="at least 1 step")
    steps: Tensor = ganzoo.state()
    real_sum: Tensor = ganzoo.state()
    fake_sum: Tensor = ganzoo.state()
    fake_before: Tensor = ganzoo.state(math.inf)

    def real(self, score: Tensor) -> Tensor:
        """``e``."""
        return score

    def fake(self, score: Tensor) -> Tensor:
        """``[margin - e]+``."""
        return relu(self.margin.to(score) - score)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """``E e_r + E [margin - e_f]+``, 0-dim; logs the margin."""
        play.log["margin"] = self.margin.clone()
        return super().discriminator(play)

    def after_discriminator(self, play: ganzoo.Play) -> None:
        """Count the energies in, and at the end of an epoch lower the margin if it is due."""
        self.steps.add_(1)
        self.real_sum.add_(play.real.score.mean().to(self.real_sum))
        self.fake_sum.add_(play.fake.score.mean().to(self.fake_sum))
        # Whether an epoch ends here is asked of the device, so that nothing waits for it.
        ends = self.steps >= self.epoch
        real, fake = self.real_sum / self.steps, self.fake_sum / self.steps
        due = ends & (real < self.margin) & (real < fake) & (self.fake_before <= fake)
        self.margin.copy_(torch.where(due, real, self.margin))
        self.fake_before.copy_(torch.where(ends, fake, self.fake_before))
        for counter in (self.steps, self.real_sum, self.fake_sum):
            counter.copy_(torch.where(ends, torch.zeros_like(counter), counter))


def magan(*, margin: float = 0.5, epoch: int = 100, energy: str = "l1") -> ganzoo.Objective:
    """The margin-adapting GAN: EBGAN whose margin falls to the energy of the data.

    With e_r and e_f the energies of real and of generated samples, one each, both minimised::

        L_D = E e_r + E [m - e_f]+
        L_G = E e_f

    and m starts at ``margin``. With S_r and S_f the means of the energies over an epoch, its
    end sets m to S_r if S_r < m, S_r < S_f, and S_f is not below that of the epoch before. At
    the optimal energy, m where p < q and 0 elsewhere, L_D = m (1 - TV(p, q)).

    Departures: an epoch is a number of discriminator steps, the same for all data. The paper
    first trains the autoencoder on the data alone for two epochs and starts with the energy
    it ends with; here the margin starts where it is told, and can only fall. m and the sums
    of the epoch are buffers, saved and resumed; m is logged.

    Args:
        margin: m before the first epoch, in units of the energy. It ought to be above the
            energy of the data that training reaches.
        epoch: discriminator steps in an epoch.
        energy: ``"l1"``, the mean absolute error over all axes but the batch, or ``"l2"``,
            the mean squared error.

    Raises:
        BadOption: a value out of range.

    Reference: Wang et al. 2017, arXiv 1704.03817, algorithm 1.
    """
    defaults = ganzoo.Defaults(
        generator_lr=5e-4, discriminator_lr=5e-4, origin="a common default (Adam)"
    )
    term = AdaptiveMargin(margin=margin, epoch=epoch, energy=energy)
    return ganzoo.Objective(term, defaults=defaults)
