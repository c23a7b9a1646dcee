"""The boundary equilibrium GAN."""

from __future__ import annotations

from torch import Tensor

import ganzoo
from ganzoo_energy.energy import EnergyTerm

__all__ = ["Equilibrium", "began"]


class Equilibrium(EnergyTerm):
    """Energies weighed by a factor k that holds ``E e_f = gamma E e_r``.

    Args:
        gamma: the ratio of energies that is aimed at, in 0 .. 1.
        lambda_k: the learning rate of k.
        k: before the first step; a buffer.
        energy: see :class:`EnergyTerm`.
    """

    gamma: float = ganzoo.option(above=0, at_most=1, words="a ratio of energies above 0, 1 at most")
    lambda_k: float = ganzoo.option(above=0, words="a learning rate above 0")
    k: Tensor = ganzoo.option(0.0, at_least=0, at_most=1, buffer=True)

    def real(self, score: Tensor) -> Tensor:
        """``e``."""
        return score

    def fake(self, score: Tensor) -> Tensor:
        """``-k e``."""
        return -self.k.to(score) * score

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """``E e_r - k E e_f``, 0-dim; logs k and the convergence measure M."""
        real, balance = self._balance(play)
        play.log["k"] = self.k.clone()
        play.log["convergence"] = real + balance.abs()
        return super().discriminator(play)

    def after_discriminator(self, play: ganzoo.Play) -> None:
        """K moves by what the balance lacked in this turn, and stays in 0 .. 1."""
        _, balance = self._balance(play)
        self.k.add_(self.lambda_k * balance.to(self.k)).clamp_(0, 1)

    def _balance(self, play: ganzoo.Play) -> tuple[Tensor, Tensor]:
        real, fake = play.real.score.detach().mean(), play.fake.score.detach().mean()
        return real, self.gamma * real - fake


def began(
    *, gamma: float = 0.5, lambda_k: float = 1e-3, k: float = 0.0, energy: str = "l1"
) -> ganzoo.Objective:
    """The boundary equilibrium GAN: how much the discriminator cares for generated samples is
    learned, so that neither player wins.

    With e_r and e_f the energies of real and of generated samples, one each, both minimised::

        L_D = E e_r - k E e_f
        L_G = E e_f
        M   = E e_r + |gamma E e_r - E e_f|
        after each discriminator step: k <- clip(k + lambda_k (gamma E e_r - E e_f), 0, 1)

    In equilibrium E e_f = gamma E e_r. The convergence measure M is logged as
    ``convergence``, and meant to fall; k is logged too. What the paper bounds is the
    Wasserstein distance of the two laws of energies, not of the samples: no divergence of p
    and q is the value at the optimum.

    Departures: k follows the energies of the discriminator's turn, where the authors' code
    takes those of one batch that both players share. k is a buffer, saved and resumed.
    hwalsuklee takes one norm over the whole batch for the energy.

    Args:
        gamma: E e_f over E e_r in equilibrium: lower for sharper and less varied samples.
        lambda_k: the learning rate of k. In short runs k needs more than the paper's to move.
        k: where it starts.
        energy: ``"l1"``, the mean absolute error over all axes but the batch, or ``"l2"``,
            the mean squared error.

    Raises:
        BadOption: a value out of range.

    Reference: Berthelot et al. 2017, arXiv 1703.10717.
    """
    defaults = ganzoo.Defaults(
        generator_lr=8e-5,
        discriminator_lr=8e-5,
        batch=16,
        origin="the code of arXiv 1703.10717, without the halving of its learning rates",
    )
    term = Equilibrium(gamma=gamma, lambda_k=lambda_k, k=k, energy=energy)
    return ganzoo.Objective(term, defaults=defaults)
