"""Penalties at the real and the generated samples themselves."""

from __future__ import annotations

from torch import Tensor

import ganzoo
from ganzoo.terms import Gamma, each, judged, judged_with_gradient
from ganzoo_regularizers.base import Timed

__all__ = ["R1R2", "ApproximateR1", "ApproximateR2", "JensenShannon"]


class R1R2(Gamma):
    """R1 and R2 in one: the gradient at real and at generated samples is pulled to zero.

    ::

        L_D += (gamma / 2) (E |grad D(x)|_2^2 + E |grad D(G(z))|_2^2)

    The sums of squares run over all axes but the batch. The scores that the loss has evaluated
    are used again. R3GAN is rpgan with it.

    Args:
        gamma: weighs both.
        every: see :class:`ganzoo.Term`.

    Reference: Mescheder et al. 2018, arXiv 1801.04406, eq. 9 and 10.
    """

    input_grads = frozenset({"real", "fake"})

    def cost(self, wrong: Tensor, squares: Tensor) -> Tensor:
        """What squared gradients ``(N,)`` cost at samples that are taken for the other kind
        with score ``wrong``, ``(N,)``.
        """
        return squares

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The penalty without gamma, 0-dim."""
        real, at_real = judged_with_gradient(play, play.real_x, lambda: play.real)
        fake, at_fake = judged_with_gradient(play, play.fake_x, lambda: play.fake)
        at_real = self.cost(-each(real), at_real.square().sum(1))
        at_fake = self.cost(each(fake), at_fake.square().sum(1))
        return (at_real.mean() + at_fake.mean()) / 2


class JensenShannon(R1R2, Timed, gamma=2.0):
    """The regulariser of f-GANs for the Jensen-Shannon divergence: as if noise had been added
    to the samples, in the limit of little.

    ::

        L_D += (gamma / 2) (E (1 - D(x))^2 |grad s(x)|_2^2 + E D(G(z))^2 |grad s(G(z))|_2^2)

    s is the score, D = sigmoid(s). It is derived for logistic losses; with others it is a
    penalty that leaves alone the samples whose score is right. Scores of several elements
    count with their mean in both factors.

    Departures: none. Gradients flow through D as in the authors' code.

    Args:
        gamma: the variance of the noise. 2, annealed, is the paper's, 0.1 that of the code.
        every: see :class:`ganzoo.Term`.
        steps: over so many generator steps gamma falls geometrically; 0 keeps it.
        final: what is left of gamma then; 0.01 in the authors' code.

    Raises:
        BadOption: a ``final`` that is not above 0.

    Reference: Roth et al. 2017, arXiv 1705.09367.
    """

    waived = (
        ("constant", "samples are weighed by the probability that the score stands for"),
        ("sign", "samples are weighed by the probability that the score stands for"),
    )

    final: float = ganzoo.option(0.01, above=0, words="a share above 0")

    def cost(self, wrong: Tensor, squares: Tensor) -> Tensor:
        """``sigmoid(wrong)^2 |g|^2`` times what is left of gamma, ``(N,)``."""
        return wrong.sigmoid().square() * squares * (self.final**self.progress).to(squares)


class _Approximate(ganzoo.Term, weight=100.0):
    kind = "real"
    scale: float = ganzoo.option(0.01, above=0, words="a standard deviation above 0")

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The penalty, 0-dim."""
        real = self.kind == "real"
        x = (play.real_x if real else play.fake_x).detach()
        here = judged(play, x, lambda: play.real if real else play.fake)
        near = judged(play, x + self.scale * play.normal(*x.shape).to(x))
        return (each(here.score) - each(near.score)).square().mean()


class ApproximateR1(_Approximate):
    """R1 without a double backward: the score of real samples shall not change under noise.

    ::

        L_D += weight * E (D(x) - D(x + scale * n))^2,  n standard normal

    For little noise it is R1 with gamma = 2 weight scale^2 in expectation. The score of the
    samples themselves is used again, and gradients flow through both.

    Args:
        weight: lambda.
        every: see :class:`ganzoo.Term`.
        scale: the noise's standard deviation: 0.01 for images, 0.1 for video.

    Raises:
        BadOption: a scale that is not above 0.

    Reference: Lin et al. 2025, arXiv 2501.08316.
    """

    kind = "real"


class ApproximateR2(_Approximate):
    """R2 without a double backward: approx-r1 at generated samples.

    ::

        L_D += weight * E (D(G(z)) - D(G(z) + scale * n))^2,  n standard normal

    Args:
        weight, every, scale: see :class:`ApproximateR1`.

    Reference: Lin et al. 2025, arXiv 2506.09350.
    """

    kind = "fake"
