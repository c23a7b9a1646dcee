"""Terms that speak to the generator."""

from __future__ import annotations

import math

import torch
from torch import Tensor

import ganzoo
from ganzoo.terms import features_of, outside_autocast
from ganzoo_regularizers.base import latents

__all__ = ["FeatureMatching", "PathLength"]


class FeatureMatching(ganzoo.Term):
    """Feature matching: generated samples shall have the mean features of real ones.

    ::

        L_G += weight * |E h(x) - E h(G(z))|_2^2
        L_G += weight * mean_k |E h_k(x) - E h_k(G(z))|        with l1=True

    h is the discriminator's penultimate layer; at real samples it carries no gradient.

    Departures: the paper has it in the place of the generator's loss, here it is added.
    ``l1=True`` is the form of MHGAN and StudioGAN. torchgan compares sample by sample.

    Args:
        weight: of the term.
        every: see :class:`ganzoo.Term`.
        l1: absolute differences, and their mean.

    Reference: Salimans et al. 2016, arXiv 1606.03498, section 3.1.
    """

    needs = frozenset({"features"})
    waived = (("per_sample", "it is a distance of means over the batch"),)
    l1: bool = ganzoo.option(False)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The distance of the means, 0-dim."""
        real, fake = features_of(play.real).detach(), features_of(play.fake)
        distance = real.flatten(1).mean(0) - fake.flatten(1).mean(0)
        return distance.abs().mean() if self.l1 else distance.square().sum()


class PathLength(ganzoo.Term, weight=2.0, every=4):
    """Path-length regularisation: a step in z shall move the sample equally far everywhere.

    ::

        L_G += weight * E (|J^T y|_2 - a)^2,   a <- a + decay * (E |J^T y|_2 - a)

    J is the generator's Jacobian by z and y an image of normal noise, divided by the root of its
    number of pixels (for points by 1). a starts at 0, is moved by this batch before it is used,
    and gradients flow through that, as in the authors' code. On short runs a larger decay keeps a
    from holding the lengths down. Points in modes far apart need steps of unequal length: for
    them a weight of 0.01 is plenty.

    Departures: on z, as there is no mapping network; on w, with L layers, the code's length is
    the root of the mean over layers.

    Args:
        weight: gamma_pl; 2 in the authors' code.
        every: 4 in the authors' code.
        decay: how far a follows each batch.
        shrink: the batch is divided by this.

    Raises:
        BadOption: a decay that is not in 0 .. 1, or a shrink below 1.

    Reference: Karras et al. 2019, arXiv 1912.04958, eq. 4.
    """

    waived = (("pixel_shape", "noise is divided by the root of the number of pixels"),)
    decay: float = ganzoo.option(0.01, at_least=0, at_most=1, words="a decay in 0 .. 1")
    shrink: int = ganzoo.option(2, at_least=1)
    average: Tensor = ganzoo.state()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The penalty, 0-dim.

        Raises:
            Incompatible: there is no generator.
        """
        z = latents(play)
        z = z[: max(1, len(z) // self.shrink)].detach().requires_grad_()
        with outside_autocast(z):
            x = play.generate(z)
            noise = play.normal(*x.shape).to(x) / math.sqrt(math.prod(x.shape[2:]))
            (moved,) = torch.autograd.grad((x * noise).sum(), z, create_graph=True)
        lengths: Tensor = torch.linalg.vector_norm(moved.flatten(1), dim=1)
        play.log["path_length"] = lengths.detach().mean()
        average = self.average.to(lengths).lerp(lengths.mean(), self.decay)
        return (lengths - average).square().mean()

    def after_generator(self, play: ganzoo.Play) -> None:
        """Keep the average."""
        self.average.lerp_(play.log["path_length"].to(self.average), self.decay)
