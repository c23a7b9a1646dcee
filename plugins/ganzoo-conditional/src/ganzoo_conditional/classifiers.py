"""Classifiers beside the discriminator: ACGAN, TAC-GAN and ADC-GAN."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import ganzoo
from ganzoo_conditional.base import conditioned
from ganzoo_conditional.head import Headed

__all__ = ["ACGAN", "ADCGAN", "TACGAN", "acgan", "adc_gan", "tac_gan"]


class Classifying(Headed):
    """A linear classifier on the features, or ``times`` of them side by side.

    Each share of its logits that names the label correctly is logged as ``accuracy/...``.
    """

    times = 1

    def layers(self, features: int, classes: int) -> nn.Module:
        """F features to ``times`` sets of logits."""
        return nn.Linear(features, self.times * classes)

    def classify(self, play: ganzoo.Play, kind: str) -> tuple[Tensor, Tensor]:
        """The logits ``(N, times * K)`` of the ``"real"`` or ``"fake"`` samples, and their
        labels ``(N,)``.
        """
        logits = self.read(getattr(play, kind))
        labels = self.labels(play, len(logits))
        own = logits.detach()[:, : logits.shape[1] // self.times]
        play.log[f"accuracy/{kind}"] = (own.argmax(1) == labels).to(own.dtype).mean()
        return logits, labels


class ACGAN(Classifying):
    """A classifier of real and of generated samples, C.

    ::

        L_D += weight * (E CE(C(x), y) + E CE(C(G(z, y)), y))
        L_G += weight * E CE(C(G(z, y)), y)

    Args:
        weight: lambda.
        every: see :class:`ganzoo.Term`.
        real_only: the discriminator classifies real samples alone, as in StudioGAN
            ("ACGAN-Mod"): the classifier then learns nothing from bad samples.

    Reference: Odena et al. 2016, arXiv 1610.09585.
    """

    real_only: bool = ganzoo.option(False)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """Both kinds are classified, 0-dim."""
        value = cross_entropy(*self.classify(play, "real"))
        return value if self.real_only else value + cross_entropy(*self.classify(play, "fake"))

    def generator(self, play: ganzoo.Play) -> Tensor:
        """Generated samples are to be recognised, 0-dim."""
        return cross_entropy(*self.classify(play, "fake"))


class TACGAN(ACGAN):
    """A classifier C of both kinds, and a twin M that sees generated samples alone and whose
    certainty the generator avoids, so that a class is not narrowed to what is easily told.

    ::

        L_D += weight * (E CE(C(x), y) + E CE(C(G(z, y)), y) + E CE(M(G(z, y)), y))
        L_G += weight * (E CE(C(G(z, y)), y) - E CE(M(G(z, y)), y))

    Args:
        weight: lambda.
        every: see :class:`ganzoo.Term`.
        real_only: C classifies real samples alone in the discriminator's turn, as in StudioGAN.

    Reference: Gong et al. 2019, arXiv 1907.02690.
    """

    times = 2

    def costs(self, play: ganzoo.Play, kind: str) -> tuple[Tensor, Tensor]:
        """The cross-entropies of C and of M, 0-dim."""
        logits, labels = self.classify(play, kind)
        own, twin = logits.chunk(2, 1)
        return cross_entropy(own, labels), cross_entropy(twin, labels)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """Both learn, 0-dim."""
        real, _ = self.costs(play, "real")
        fake, twin = self.costs(play, "fake")
        return real + twin if self.real_only else real + fake + twin

    def generator(self, play: ganzoo.Play) -> Tensor:
        """To be recognised by C, and not by M, 0-dim."""
        own, twin = self.costs(play, "fake")
        return own - twin


class ADCGAN(Classifying):
    """A classifier of 2 K classes: the K real ones, and the same of generated samples.

    ::

        L_D += weight * (E CE(C(x), y) + E CE(C(G(z, y)), y + K))
        L_G += weight * (E CE(C(G(z, y)), y) - E CE(C(G(z, y)), y + K))

    It compares the kinds within each class, which a classifier of labels alone cannot.

    Args:
        weight: lambda.
        every: see :class:`ganzoo.Term`.

    Reference: Hou et al. 2021, arXiv 2107.10060.
    """

    times = 2

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """Both kinds are told apart and classified, 0-dim."""
        fake, labels = self.classify(play, "fake")
        return cross_entropy(*self.classify(play, "real")) + cross_entropy(
            fake, labels + fake.shape[1] // 2
        )

    def generator(self, play: ganzoo.Play) -> Tensor:
        """To be taken for real ones of the class, 0-dim."""
        fake, labels = self.classify(play, "fake")
        return cross_entropy(fake, labels) - cross_entropy(fake, labels + fake.shape[1] // 2)


def acgan(
    *, base: str = "nonsaturating", weight: float = 1.0, real_only: bool = False
) -> ganzoo.Objective:
    """The auxiliary classifier GAN: the discriminator also says what class a sample is of, and
    the generator is paid for samples that it recognises.

    With C a linear classifier on the features of D, which itself sees no label, y ``(N,)`` of
    int64, CE the cross-entropy, both minimised::

        L_D = L_D of the base + weight * (E CE(C(x), y) + E CE(C(G(z, y)), y))
        L_G = L_G of the base + weight * E CE(C(G(z, y)), y)

    At the best classifier of real samples alone, L_G adds H(y | x) under q, which a generator
    lowers by samples that are easily told as well: classes come out too narrow.

    Departures: none. StudioGAN ("AC") and many others classify real samples alone in L_D.
    TF-GAN has ``acgan_discriminator_loss`` and ``acgan_generator_loss``, torchgan
    ``AuxiliaryClassifierDiscriminatorLoss``.

    Args:
        base: the loss, with options where wanted: ``"wgan-gp(weight=1.0)"``.
        weight: lambda.
        real_only: classify real samples alone in L_D.

    Reference: Odena et al. 2016, arXiv 1610.09585.
    """
    return conditioned(ACGAN(weight, real_only=real_only), base)


def tac_gan(
    *, base: str = "hinge", weight: float = 1.0, real_only: bool = False
) -> ganzoo.Objective:
    """The twin auxiliary classifiers GAN: ACGAN, and a second classifier that the generator
    plays against.

    With C and M linear classifiers on the features of D, y ``(N,)`` of int64, CE the
    cross-entropy, both minimised::

        L_D = L_D of the base + weight * (E CE(C(x), y) + E CE(C(G(z, y)), y) + E CE(M(G(z, y)), y))
        L_G = L_G of the base + weight * (E CE(C(G(z, y)), y) - E CE(M(G(z, y)), y))

    At the best M, its part of L_G is -H(y | x) under q, which takes back what narrows the
    classes of ACGAN; at the best C of real samples, L_G adds E_q KL(q(y | x), p(y | x)).

    Departures: one layer holds C and M. StudioGAN ("TAC") classifies real samples alone by C.

    Args:
        base, weight, real_only: see :func:`acgan`.

    Reference: Gong et al. 2019, arXiv 1907.02690.
    """
    return conditioned(TACGAN(weight, real_only=real_only), base)


def adc_gan(*, base: str = "hinge", weight: float = 1.0) -> ganzoo.Objective:
    """The auxiliary discriminative classifier GAN: the classifier knows real and generated
    samples of each class apart.

    With C a linear classifier of 2 K classes on the features of D, y ``(N,)`` of int64, CE the
    cross-entropy, both minimised::

        L_D = L_D of the base + weight * (E CE(C(x), y) + E CE(C(G(z, y)), y + K))
        L_G = L_G of the base + weight * (E CE(C(G(z, y)), y) - E CE(C(G(z, y)), y + K))

    L_G adds E (z_(y+K) - z_y) on the logits z of generated samples; at the best C that is
    KL(q(x, y), p(x, y)), which is least for the true law of each class.

    Departures: none. StudioGAN has it as ``aux_cls_type="ADC"``.

    Args:
        base, weight: see :func:`acgan`.

    Reference: Hou et al. 2021, arXiv 2107.10060.
    """
    return conditioned(ADCGAN(weight), base)
