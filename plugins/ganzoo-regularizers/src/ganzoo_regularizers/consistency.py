"""Consistency: the score shall not change where the sample says the same."""

from __future__ import annotations

from torch import Tensor

import ganzoo
from ganzoo.terms import each, judged
from ganzoo_regularizers.augmentation import Augmentation
from ganzoo_regularizers.base import latents

__all__ = ["BalancedConsistency", "Consistency", "LatentConsistency"]


class Consistency(ganzoo.Term, weight=10.0):
    """CR: an augmented real sample shall have the score of the sample.

    ::

        L_D += weight * E (D(x) - D(T(x)))^2

    Gradients flow through both scores; those of several elements count with their mean. T
    flips and shifts images, and adds a little noise to samples of other shapes.

    Departures: none for images, where the paper shifts by up to 4 of 32 pixels; it has none
    but images. ``flip=False`` is right for digits and letters.

    Args:
        weight: lambda.
        every: see :class:`ganzoo.Term`.
        flip: whether images are mirrored, every other one.
        shift: images move by up to this share of their side, by 1 pixel at least; 0 for none.
        jitter: standard deviation of the noise on samples that are no images.

    Raises:
        BadOption: a shift that is not in 0 .. 0.5, or a jitter below 0.

    Reference: Zhang et al. 2019, arXiv 1910.12027.
    """

    waived = (("pixel_shape", "images are flipped and shifted, other samples jittered"),)

    flip: bool = ganzoo.option(True)
    shift: float = ganzoo.option(0.125)
    jitter: float = ganzoo.option(0.05)

    def __post_init__(self) -> None:
        self.augmentation = Augmentation(self.flip, self.shift, self.jitter)

    def change(self, play: ganzoo.Play, x: Tensor, output: ganzoo.DiscriminatorOutput) -> Tensor:
        """The mean squared change in score of samples ``(N, *shape)``, 0-dim."""
        here = judged(play, x, lambda: output)
        other = judged(play, self.augmentation(play, x.detach()))
        return (each(here.score) - each(other.score)).square().mean()

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The change at real samples, 0-dim."""
        return self.change(play, play.real_x, play.real)


class BalancedConsistency(Consistency, weight=1.0, without=("weight",)):
    """bCR: consistency at real and at generated samples, or artefacts of T are learned.

    ::

        L_D += real_weight * E (D(x) - D(T(x)))^2 + fake_weight * E (D(G(z)) - D(T(G(z))))^2

    The generator's loss is not changed. With zcr it is ICR.

    Args:
        real_weight, fake_weight: lambda_real and lambda_fake of the paper.
        every: see :class:`ganzoo.Term`.
        flip, shift, jitter: see :class:`Consistency`.

    Raises:
        BadOption: as :class:`Consistency`.

    Reference: Zhao et al. 2020, arXiv 2002.04724.
    """

    real_weight: float = ganzoo.option(10.0)
    fake_weight: float = ganzoo.option(10.0)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The changes at both kinds of samples, weighed, 0-dim."""
        real = self.change(play, play.real_x, play.real)
        fake = self.change(play, play.fake_x, play.fake)
        return self.real_weight * real + self.fake_weight * fake


class LatentConsistency(ganzoo.Term, without=("weight",)):
    """zCR: near latent vectors shall give samples of one score, and yet different samples.

    ::

        L_D += discriminator_weight * E (D(G(z)) - D(G(z')))^2
        L_G -= generator_weight * E |G(z) - G(z')|^2,   z' = z + scale * n, n standard normal

    The second line is a mean over every element, as in StudioGAN; the paper writes a norm. It
    has no lower bound where samples have none: for points, keep its weight small.

    Args:
        discriminator_weight: lambda_dis: 20 in StudioGAN, 5 elsewhere.
        generator_weight: lambda_gen.
        every: see :class:`ganzoo.Term`.
        scale: the standard deviation of the step in z.

    Reference: Zhao et al. 2020, arXiv 2002.04724.
    """

    waived = (("autocast", "the generator makes both samples under autocast"),)

    discriminator_weight: float = ganzoo.option(20.0)
    generator_weight: float = ganzoo.option(0.5)
    scale: float = ganzoo.option(0.05)

    def near(self, play: ganzoo.Play) -> Tensor:
        """Samples ``(M, *shape)`` of latent vectors near those of the turn.

        Raises:
            Incompatible: there is no generator.
        """
        z = latents(play)
        return play.generate(z + self.scale * play.normal(*z.shape).to(z))

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The change in score, weighed, 0-dim."""
        here = judged(play, play.fake_x, lambda: play.fake)
        change = each(here.score) - each(judged(play, self.near(play)).score)
        return self.discriminator_weight * change.square().mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The change in the sample, weighed and negated, 0-dim."""
        return -self.generator_weight * (play.fake_x - self.near(play)).square().mean()
