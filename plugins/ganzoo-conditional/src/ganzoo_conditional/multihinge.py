"""MHGAN: one hinge for all classes and the generated samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

import ganzoo
from ganzoo_conditional.head import Headed

__all__ = ["MultiHinge", "mhgan", "multi_hinge"]


def multi_hinge(logits: Tensor, classes: Tensor) -> Tensor:
    """``E [1 + max_(k != c) z_k - z_c]+``, the hinge of Crammer and Singer, 0-dim.

    Args:
        logits: z, ``(N, K)``.
        classes: c, ``(N,)`` of int64.
    """
    chosen = classes[:, None] == torch.arange(logits.shape[1], device=classes.device)
    others = logits.masked_fill(chosen, -torch.inf).amax(1)
    own = logits.gather(1, classes[:, None]).squeeze(1)
    return relu(1 + others - own).mean()


class MultiHinge(Headed, without=("weight", "every")):
    """A linear layer on the features gives K + 1 logits, the last one for generated samples.

    The score that other terms see is ``z_y - z_K``.

    Args:
        generator_weight: of the hinge in the generator's loss.
        matching: weight of feature matching.
    """

    traits = ganzoo.Traits(neutral=None, batch_coupled=True, shift_invariant=True)
    generator_weight: float = ganzoo.option(0.05)
    matching: float = ganzoo.option(1.0)

    def layers(self, features: int, classes: int) -> nn.Module:
        """F features to K + 1 logits."""
        return nn.Linear(features, classes + 1)

    def wrap(self, play: ganzoo.Play, discriminator: Callable[..., Any]) -> Callable[..., Any]:
        """The discriminator with the margin of the label over "generated" for a score."""

        def judging(x: Tensor, *labels: Tensor) -> ganzoo.DiscriminatorOutput:
            output = ganzoo.DiscriminatorOutput.of(discriminator(x, *labels))
            logits = self.read(output)
            # those of a part of a batch, or the error that says there are none
            given = labels[0] if labels else self.labels(play, len(logits))
            own = logits.gather(1, given[:, None])
            return replace(output, score=own.squeeze(1) - logits[:, -1])

        return judging

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """Real samples to their classes, generated ones to the last, 0-dim."""
        real, fake = self.read(play.real), self.read(play.fake)
        labels = self.labels(play, len(real))
        generated = torch.full_like(labels, fake.shape[1] - 1)
        return multi_hinge(real, labels) + multi_hinge(fake, generated)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """To the class of the label, with the features of real samples in the mean, 0-dim."""
        fake = self.read(play.fake)
        hinge = multi_hinge(fake, self.labels(play, len(fake)))
        wanted, found = self.features(play.real).detach().mean(0), self.features(play.fake).mean(0)
        return self.generator_weight * hinge + self.matching * (found - wanted).abs().mean()


def mhgan(
    *, generator_weight: float = 0.05, matching: float = 1.0, discriminator_turns: int = 1
) -> ganzoo.Objective:
    """MHGAN: the multi-class hinge in the place of the hinge, one class more than the data have
    for the generated samples.

    With z the K + 1 logits of a linear layer on the features h of D, CS(z, c) =
    [1 + max_(k != c) z_k - z_c]+, y ``(N,)`` of int64, both minimised::

        L_D = E CS(z(x), y) + E CS(z(G(z', y)), K)
        L_G = generator_weight * E CS(z(G(z', y)), y)
              + matching * mean_j |E h_j(G(z', y)) - E h_j(x)|

    L_D is 2 with equal logits, and 0 where every class and the generated samples are told apart
    by a margin of 1; there the hinge of L_G is flat, and only matching moves it. The score of the
    network itself is not used; the one that penalties and the history see is z_y - z_K.

    Departures: none. StudioGAN has it as ``d_cond_mtd="MH"`` with ``adv_loss="MH"``.

    Args:
        generator_weight: of the hinge in L_G.
        matching: weight of feature matching.
        discriminator_turns: discriminator steps for each generator step; StudioGAN takes 5.

    Reference: Kavalerov et al. 2019, arXiv 1912.04216.
    """
    return ganzoo.Objective(
        MultiHinge(generator_weight=generator_weight, matching=matching),
        discriminator_turns=discriminator_turns,
        defaults=ganzoo.Defaults(origin="StudioGAN's for CIFAR-10"),
    )
