"""Mistakes of published code, each as a penalty: caught by the check that is made for it.

A right penalty stands before its mutants, and passes.
"""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import relu

import ganzoo
from ganzoo.terms import interpolates, score_gradient
from ganzoo.testing import check_entry, kit_of


class Penalty(ganzoo.Term):
    """The gradient penalty::

    L_D += weight * E (|grad D(x^)|_2 - target)^2
    """

    target = 1.0

    def __init__(self, weight=10.0, every=1):
        super().__init__(weight, every)
        self.target = 0.5

    def points(self, play):
        return interpolates(play.real_x, play.fake_x, play.uniform(len(play.real_x)))

    def slopes(self, play):
        x = self.points(play).detach().requires_grad_()
        return score_gradient(play.judge(x).score, x), x

    def norm(self, slopes, x):
        return torch.linalg.vector_norm(slopes, dim=1)

    def cost(self, norm):
        return (norm - self.target).square().mean()

    def discriminator(self, play):
        slopes, x = self.slopes(play)
        return self.cost(self.norm(slopes, x))


# torchgan.
class OneNormForAll(Penalty):
    def norm(self, slopes, x):
        return slopes.norm(2)


# mmgen's default, and PyTorch-GAN's DRAGAN.
class NormOfEachPixel(Penalty):
    def norm(self, slopes, x):
        return slopes.reshape(x.shape).norm(2, dim=1)


# hwalsuklee.
class ShareOfEachElement(Penalty):
    def points(self, play):
        share = play.uniform(*play.real_x.shape).to(play.real_x)
        return share * play.real_x + (1 - share) * play.fake_x


class RootOfSquares(Penalty):
    def norm(self, slopes, x):
        return slopes.square().sum(1).sqrt()


# compare_gan.
class EpsInTheRoot(Penalty):
    def norm(self, slopes, x):
        return (1e-4 + slopes.square().sum(1)).sqrt()


# TF-GAN.
class DividedByTarget(Penalty):
    def cost(self, norm):
        return (norm / self.target - 1).square().mean()


# torchgan: the generated samples keep their graph.
class NotDetached(Penalty):
    def points(self, play):
        return interpolates(play.real_x, play.generator(play.z), play.uniform(len(play.real_x)))

    def slopes(self, play):
        x = self.points(play)
        return score_gradient(play.judge(x).score, x), x


class WithoutGraph(Penalty):
    def slopes(self, play):
        x = self.points(play).detach().requires_grad_()
        (slope,) = torch.autograd.grad(play.judge(x).score.sum(), x)
        return slope.flatten(1), x


class Largest(Penalty):
    """The hinge on the largest slope of each sample, MaximumMarginGANs::

    L_D += weight * E [slope - 1]+
    """

    def norm(self, slopes, x):
        return slopes.abs().amax(1)

    def cost(self, norm):
        return relu(norm - 1).mean()


# MaximumMarginGANs: the flag of the absolute value is the wrong way round.
class LargestSigned(Largest):
    def norm(self, slopes, x):
        return slopes.amax(1)


class SmoothMaximumOfTheBatch(Largest):
    def norm(self, slopes, x):
        return slopes.abs().logsumexp((0, 1))


class R1(ganzoo.Term):
    """Half of gamma::

    L_D += (gamma / 2) E |grad D(x)|^2
    """

    input_grads = frozenset({"real"})

    def __init__(self, gamma=10.0, every=1):
        super().__init__(gamma, every)

    def cost(self, slope):
        return slope.square().sum(1).mean() / 2

    def discriminator(self, play):
        with ganzoo.terms.outside_autocast(play.real_x):
            return self.cost(score_gradient(play.judge(play.real_x).score, play.real_x))


# GAN_stability, and mmgen.
class R1WithoutHalf(R1):
    def cost(self, slope):
        return slope.square().sum(1).mean()


# mmgen's default: the mean over the elements.
class R1OfPixels(R1):
    def cost(self, slope):
        return slope.square().mean() / 2


class R1UnderAutocast(R1):
    def discriminator(self, play):
        return self.cost(score_gradient(play.real.score, play.real_x))


class CutCodes(ganzoo.Term):
    """torchgan's InfoGAN: torch.Tensor([...]) cuts the graph."""

    def generator(self, play):
        return torch.tensor([float(s) for s in play.fake.score.detach().flatten()]).mean()


CAUGHT = {
    Penalty: set(),
    OneNormForAll: {"per_sample"},
    NormOfEachPixel: {"pixel_shape"},
    ShareOfEachElement: {"segment"},
    RootOfSquares: {"zero_critic"},
    EpsInTheRoot: {"formula"},
    DividedByTarget: {"formula"},
    NotDetached: {"moves_its_player", "gradient_isolation"},
    WithoutGraph: {"moves_its_player"},
    Largest: set(),
    LargestSigned: {"sign"},
    SmoothMaximumOfTheBatch: {"per_sample"},
    R1: set(),
    R1WithoutHalf: {"formula"},
    R1OfPixels: {"formula"},
    R1UnderAutocast: {"autocast"},
    CutCodes: {"moves_its_player"},
}
TERM_CHECKS = kit_of("terms").checks
SHORT = [c for c in TERM_CHECKS if c.name not in ("device", "one_step", "resumes", "autocast")]


@pytest.mark.parametrize("kind", CAUGHT, ids=lambda kind: kind.__name__)
def test_penalties(failed, kind):
    wanted = CAUGHT[kind]
    checks = TERM_CHECKS if "autocast" in wanted else SHORT
    results = check_entry(kind(), kind="terms", checks=checks)
    caught = failed(results)
    assert wanted <= set(caught), caught
    assert wanted or not caught, caught
