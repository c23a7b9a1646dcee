"""The denoising variational autoencoder."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

import ganzoo
from ganzoo_autoencoders.likelihood import likelihood_of
from ganzoo_autoencoders.variational import DEFAULTS, SCALE, Variational

__all__ = ["NOISES", "Denoising", "dvae", "gaussian", "salt_pepper"]


def gaussian(play: ganzoo.Play, x: Tensor, level: float) -> Tensor:
    """Normal noise with a standard deviation of ``level`` on every element."""
    return x + level * play.normal(*x.shape).to(x)


def salt_pepper(play: ganzoo.Play, x: Tensor, level: float) -> Tensor:
    """A share ``level`` of the elements at -1 or at 1, either equally often."""
    place = play.uniform(*x.shape)
    pepper, salt = place < level / 2, place > 1 - level / 2
    return torch.where(salt, 1.0, torch.where(pepper, -1.0, x)).to(x)


NOISES: Mapping[str, Callable[[ganzoo.Play, Tensor, float], Tensor]] = {
    "gaussian": gaussian,
    "salt-pepper": salt_pepper,
}
_LEVEL = "a standard deviation of 0 or more for 'gaussian', a share of 0 to 1 for 'salt-pepper'"


class Denoising(Variational):
    """A variational bound whose encoder sees spoilt samples, and whose decoder owes clean ones.

    Args:
        likelihood, beta: see :class:`Variational`.
        noise: ``"gaussian"`` or ``"salt-pepper"``.
        level: how much of it.

    Raises:
        BadOption: another noise, or a level out of range.
    """

    noise: str = ganzoo.option(one_of=NOISES)
    level: float = ganzoo.option(at_least=0, below=math.inf, words=_LEVEL)

    def __post_init__(self) -> None:
        if self.noise == "salt-pepper":
            ganzoo.terms.within("level", self.level, at_most=1, words=_LEVEL)

    def corrupted(self, play: ganzoo.Play) -> Tensor:
        """The real samples, spoilt with the play's noise, ``(N, *shape)``."""
        return NOISES[self.noise](play, play.real_x, self.level)

    def code(self, play: ganzoo.Play) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the spoilt samples' codes."""
        return play.encode(self.corrupted(play))


def dvae(
    *,
    noise: str = "gaussian",
    level: float = 0.5,
    likelihood: str = "gaussian",
    scale: float | None = None,
    beta: float = 1.0,
) -> ganzoo.Objective:
    """The denoising variational autoencoder: the encoder sees spoilt samples, and the clean
    ones are to be reconstructed.

    With x' from a law c(x' | x) that spoils samples, q(z | x') = N(mean, diag exp(lv)) of the
    encoder and one draw z of it for each sample, encoder and generator minimise together::

        L_G = E_x E_x' [ -log p(x | G(z)) + beta * KL ]

    KL and -log p as in ``vae``. With beta 1, -L_G less the constant is still a lower bound on
    the evidence, because the mixture of q over the noise is a posterior like any other, and
    the divergence of a mixture is at most the mean divergence.

    Departures: one spoilt copy of each sample a step; the paper averages over some. With
    ``level=0`` it is ``vae``.

    Args:
        noise: ``"gaussian"``, added to every element, or ``"salt-pepper"``, elements at -1 or 1.
        level: the standard deviation of the one, the share of the other.
        likelihood, scale, beta: see ``vae``.

    Raises:
        BadOption: a value out of range.

    Reference: Im et al. 2015, arXiv 1511.06406.
    """
    law = likelihood_of(likelihood, scale, SCALE)
    term = Denoising(likelihood=law, noise=noise, level=level, beta=beta)
    return ganzoo.Objective(term, defaults=DEFAULTS)
