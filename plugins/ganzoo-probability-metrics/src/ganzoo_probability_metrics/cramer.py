"""The Cramer GAN: the energy distance of features, with a critic of its own."""

from __future__ import annotations

from torch import Tensor

import ganzoo
from ganzoo_probability_metrics import kernels
from ganzoo_probability_metrics.defaults import KERNEL
from ganzoo_probability_metrics.features import both
from ganzoo_probability_metrics.penalties import WitnessPenalty

__all__ = ["Cramer", "cramer", "critic"]


def _norms(points: Tensor) -> Tensor:
    return kernels.root(points.square().sum(1))


def critic(points: Tensor, fake: Tensor) -> Tensor:
    """``E |t - y| - |t|`` at each of ``(N, F)`` points, y being generated ``(M, F)``: ``(N,)``."""
    return kernels.distances(points, fake).mean(1) - _norms(points)


def witness(points: Tensor, real: Tensor, fake: Tensor) -> Tensor:
    del real  # the critic knows generated samples alone
    return critic(points, fake)


def _own(fake: Tensor) -> Tensor:
    """``E |y - y'|`` over pairs of different rows, 0-dim."""
    return kernels.off_diagonal_mean(kernels.distances(fake, fake))


class Cramer(ganzoo.Term):
    """The energy distance for the generator, and for the discriminator the difference of the
    critic's means, a surrogate that takes no second real sample.

    Every other generated sample of the batch is the second one in turn: the mean over all
    ways to roll the batch against itself.
    """

    needs = frozenset({"features"})
    traits = ganzoo.Traits(neutral=None, batch_coupled=True, monotone=False, minimum=2)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """``E f(G) - E f(x)``, 0-dim."""
        real, fake = both(play, least=2)
        return _own(fake) - _norms(fake).mean() - critic(real, fake).mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """``2 E |h(x) - h(G)| - E |h(G) - h(G')|``, 0-dim."""
        real, fake = both(play, least=2)
        return 2 * kernels.distances(real, fake).mean() - _own(fake)


def cramer(*, weight: float = 10.0, discriminator_turns: int = 5) -> ganzoo.Objective:
    """The Cramer GAN: the energy distance of learned features, whose sample gradients are
    unbiased.

    With h = features of D, ``(N, F)``, and G, G' two independent generated samples, both
    minimised::

        f(t) = E |h(t) - h(G')| - |h(t)|
        L_D = E f(G) - E f(x) + weight * E (|grad f(x^)|_2 - 1)^2
        L_G = E (|h(x) - h(G)| + |h(x) - h(G')| - |h(G) - h(G')|)
        x^ = e x + (1 - e) G(z),  one e uniform in [0, 1) for each sample

    L_G less E |h(x) - h(x')|, in which the generator has no part, is the energy distance of
    the features: for one feature 2 int (F - G)^2 of the distribution functions, 0 where they
    agree.

    Departures: G' is not a second batch. It is each other sample of the batch in turn, which
    has the paper's expectation and the least variance; real and generated samples are
    compared in all pairs. The gradient's norm is over all axes but the batch, where the code
    of arXiv 1801.01401 takes one for each column of an image.

    Args:
        weight: lambda of the paper; 0 leaves the penalty out, and real and generated
            batches may then differ in size.
        discriminator_turns: critic steps for each generator step.

    Raises:
        ShapeMismatch: in use, with fewer than two samples of either kind.

    Reference: Bellemare et al. 2017, arXiv 1705.10743, algorithm 1.
    """
    penalty = (WitnessPenalty(weight, witness=witness),) if weight else ()
    return ganzoo.Objective(
        Cramer(), *penalty, discriminator_turns=discriminator_turns, defaults=KERNEL
    )
