"""Losses that set every sample against all of a batch."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import relu

import ganzoo
from ganzoo_divergences.stable import softplus

__all__ = [
    "DualContrastive",
    "KLHinge",
    "SoftmaxBatch",
    "dual_contrastive",
    "kl_wgan",
    "softmax_gan",
]


class SoftmaxBatch(ganzoo.Term):
    """Cross-entropy of a softmax over the whole batch, real samples and generated ones."""

    traits = ganzoo.Traits(neutral=None, batch_coupled=True, monotone=False, shift_invariant=True)

    @staticmethod
    def batch(play: ganzoo.Play) -> Tensor:
        """Every score of the batch, ``(n + m,)``."""
        return torch.cat([play.real.score.flatten(), play.fake.score.flatten()])

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """All the probability to the real samples, alike; 0-dim."""
        return self.batch(play).logsumexp(0) - play.real.score.mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The same probability to every sample; 0-dim."""
        every = self.batch(play)
        return every.logsumexp(0) - every.mean()


def softmax_gan() -> ganzoo.Objective:
    """Softmax GAN: one classification over the batch, whose classes are its samples.

    With r = D(x) and f = D(G(z)), n and m scores of any shape, lse the log of a sum of
    exponentials, B both together, both minimised::

        L_D = lse(B) - E r
        L_G = lse(B) - E B

    At the optimal discriminator log p / (p + q) and any constant, with n = m,
    L_D = log(n + m) - KL(p, (p + q) / 2). The generator looks at real scores too, and has
    no gradient where all scores are equal.

    Departures: the score is the paper's mu negated, so that higher means more real. A batch
    twice over has log 2 more of either loss. PyTorch-GAN's script cannot run: it goes back
    through weights that a step has changed.

    Reference: Lin 2017, arXiv 1704.06191.
    """
    return ganzoo.Objective(SoftmaxBatch())


class DualContrastive(ganzoo.Term):
    """Each real sample against all generated ones, and each generated one against all real."""

    traits = ganzoo.Traits(
        neutral=None,
        batch_coupled=True,
        zero_sum=True,
        shift_invariant=True,
        waived=(("duplication", "how many samples one is set against counts, as in InfoNCE"),),
    )

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """See :func:`dual_contrastive`; 0-dim."""
        real, fake = play.real.score, play.fake.score
        # lse(r, f_1, ..) - r is softplus(lse(f_1, ..) - r): no table of n times m is built
        against_fake = softplus(fake.flatten().logsumexp(0) - real).mean()
        against_real = softplus(fake + (-real).flatten().logsumexp(0)).mean()
        return against_fake + against_real

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The discriminator's loss, negated; 0-dim."""
        return -self.discriminator(play)


def dual_contrastive() -> ganzoo.Objective:
    """The dual contrastive loss: tell each real sample from all generated ones of the batch,
    and each generated one from all real.

    With r = D(x) and f = D(G(z)), n and m scores of any shape, lse the log of a sum of
    exponentials, both minimised::

        L_D = E_i (lse(r_i, f_1, .., f_m) - r_i) + E_j (lse(-f_j, -r_1, .., -r_n) + f_j)
        L_G = -L_D

    The optimal discriminator is log p/q and any constant, and each part a contrastive bound,
    as in InfoNCE: log(m + 1) and log(n + 1) where p = q. The generator looks at real
    scores too.

    The paper trained StyleGAN2 networks with their settings, and with R1; the defaults here
    are the common ones since DCGAN.

    Departures: none.

    Reference: Yu et al. 2021, arXiv 2103.16748.
    """
    return ganzoo.Objective(DualContrastive())


class KLHinge(ganzoo.Term):
    """The hinge loss with generated scores weighed by the softmax of themselves."""

    traits = ganzoo.Traits(batch_coupled=True, monotone=False, kinks=(-1.0, 1.0))

    @staticmethod
    def weighed(score: Tensor) -> Tensor:
        """``w_j f_j``, the weights ``w = exp(f) / E exp(f)`` having mean 1; ``(m,)``."""
        flat = score.flatten()
        return flat.softmax(0) * flat.numel() * flat

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """``E [1 - r]+ + E [1 + w f]+``, 0-dim."""
        fake = self.weighed(play.fake.score)
        return relu(1 - play.real.score).mean() + relu(1 + fake).mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """``-E w f``, 0-dim."""
        return -self.weighed(play.fake.score).mean()


def kl_wgan(*, discriminator_turns: int = 4) -> ganzoo.Objective:
    """KL-WGAN: a critic of the model's samples as a density ratio would weigh them, between
    the KL f-GAN and WGAN.

    With r = D(x) and f = D(G(z)), scores of any shape, and the weights
    w = exp(f) / E exp(f), both minimised::

        L_D = E [1 - r]+ + E [1 + w f]+
        L_G = -E w f

    Without the hinges L_D is the mean of f under the reweighed law w q less that of r, and 0 for
    the critic log p/q, with which w q is p. L_D is 2 where p = q and the critic is a constant
    in -1 .. 1. Gradients flow through the weights.

    Departures: from the paper the hinges, which are the authors' code's, and no critic of
    limited slope: add ``"spectral-norm"``. The code's temperature of the weights is not offered.

    Args:
        discriminator_turns: discriminator steps for each generator step.

    Reference: Song and Ermon 2019, arXiv 1910.09779.
    """
    defaults = ganzoo.Defaults(betas=(0.0, 0.999), origin="the authors' code on CIFAR-10")
    return ganzoo.Objective(KLHinge(), discriminator_turns=discriminator_turns, defaults=defaults)
