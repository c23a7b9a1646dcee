"""Mistakes of published code, each as a term: caught by the check that is made for it.

A right term stands before its mutants, and passes.
"""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import normalize, relu

import ganzoo
from ganzoo.terms import ScoreTerm, interpolates, score_gradient
from ganzoo.testing import check_entry, check_loss, kit_of, reference_check

Traits = ganzoo.Traits


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
def test_penalties(kind):
    wanted = CAUGHT[kind]
    checks = TERM_CHECKS if "autocast" in wanted else SHORT
    results = check_entry(kind(), kind="terms", checks=checks)
    failed = {result.name: result.message for result in results if result.status == "failed"}
    assert wanted <= set(failed), failed
    assert wanted or not failed, failed


# --- on features -------------------------------------------------------------------------------


class PullAway(ganzoo.Term):
    needs = frozenset({"features"})
    waived = (("per_sample", "it compares samples with one another"),)

    def generator(self, play):
        rows = self.rows(play.fake.features)
        table = self.angles(rows @ rows.t())
        return (table.sum() - self.diagonal(table)) / (len(rows) * (len(rows) - 1))

    def rows(self, features):
        return normalize(features, dim=1)

    def angles(self, cosines):
        return cosines.square()

    def diagonal(self, table):
        return table.diagonal().sum()


# hwalsuklee, PyTorch-GAN.
class NotSquared(PullAway):
    def angles(self, cosines):
        return cosines


# torchgan: rows normalised over the batch, the diagonal kept.
class OverTheBatch(PullAway):
    def rows(self, features):
        return normalize(features, dim=0)

    def diagonal(self, table):
        return 0


class FeatureMatching(ganzoo.Term):
    needs = frozenset({"features"})

    def generator(self, play):
        means = [side.features.mean(0) for side in (play.real, play.fake)]
        return (means[0].detach() - means[1]).square().sum()


# torchgan.
class SampleBySample(FeatureMatching):
    def generator(self, play):
        count = min(len(play.real.features), len(play.fake.features))
        one, other = (side.features[:count] for side in (play.real, play.fake))
        return (one.detach() - other).square().mean()


class Discrepancy(ganzoo.Term):
    """The unbiased MMD^2 of Gaussian kernels."""

    needs = frozenset({"features"})
    diagonal = 0.0

    def kernel(self, one, other):
        squares = (one[:, None] - other).square().sum(2)
        return sum((-squares / (2 * sigma**2)).exp() for sigma in (1, 2, 4, 8, 16))

    def generator(self, play):
        real, fake = play.real.features, play.fake.features
        same = 0.0
        for side in (real, fake):
            table, count = self.kernel(side, side), len(side)
            kept = table.sum() - (1 - self.diagonal) * table.diagonal().sum()
            same = same + kept / (count * (count - 1 + self.diagonal))
        return same - 2 * self.kernel(real, fake).mean()


# Binkowski's ratio estimator: the branch that is called unbiased.
class DiagonalKept(Discrepancy):
    diagonal = 1.0


class Sphere(ganzoo.Term):
    needs = frozenset({"features"})

    def distance(self, norm):
        return 2 * torch.atan2(torch.ones_like(norm), norm)

    def generator(self, play):
        return -self.distance(torch.linalg.vector_norm(play.fake.features, dim=1)).mean()


# The authors' code: infinitely steep at the poles.
class ArcCosine(Sphere):
    def distance(self, norm):
        return ((norm.square() - 1) / (norm.square() + 1)).acos()


class OwnAndOthers(ganzoo.Term):
    """ReACGAN's D2D-CE with the oracle's proxies."""

    needs = frozenset({"features"})
    conditional = True
    proxies: torch.Tensor
    margin, temperature = 0.98, 0.5
    shifted = False

    def generator(self, play):
        embedded = normalize(play.fake.features, dim=1)
        proxies, labels = normalize(self.proxies, dim=1), play.labels
        own = (embedded * proxies).sum(1) - self.margin
        own = own.clamp(max=0) / self.temperature
        between = (embedded @ embedded.t() - (1 - self.margin)).clamp(min=0) / self.temperature
        others = labels[:, None] != labels
        if self.shifted:
            between = between - between.amax(1, keepdim=True)
        negatives = (between.exp() * others).sum(1)
        return (torch.log(own.exp() + negatives) - own).mean()


# StudioGAN: the row's maximum is taken off the negatives alone.
class RowMaximumNotAddedBack(OwnAndOthers):
    shifted = True


FEATURES = {
    PullAway: ("pull-away", "embeddings", set()),
    NotSquared: ("pull-away", "embeddings", {"reference"}),
    OverTheBatch: ("pull-away", "embeddings", {"reference"}),
    FeatureMatching: ("feature-matching", "fake_features", set()),
    SampleBySample: ("feature-matching", "fake_features", {"reference", "permutation"}),
    Discrepancy: ("mmd-rbf/unbiased", "fake_features", set()),
    DiagonalKept: ("mmd-rbf/unbiased", "fake_features", {"reference"}),
    Sphere: ("sphere[1]/g", "fake", set()),
    ArcCosine: ("sphere[1]/g", "fake", {"collapsed"}),
    OwnAndOthers: ("reacgan", "embed", set()),
    RowMaximumNotAddedBack: ("reacgan", "embed", {"reference"}),
}


@pytest.mark.parametrize("kind", FEATURES, ids=lambda kind: kind.__name__)
def test_features(oracle, kind):
    name, fake, wanted = FEATURES[kind]
    entry = oracle["features"][name]
    inputs = entry["inputs"]
    case = {"fake_features": inputs[fake], "g_loss": entry["value"]}
    if "real_features" in inputs:
        case["real_features"] = inputs["real_features"]
    if "labels" in inputs:
        case["labels"] = inputs["labels"]
        kind.proxies = torch.tensor(inputs["proxy"], dtype=torch.float64)
    checks = [c for c in TERM_CHECKS if c.name in ("permutation", "collapsed", "precision")]
    checks = [reference_check([case]), *(checks if "labels" not in inputs else [])]
    results = check_entry(kind(), kind="terms", checks=checks)
    failed = {result.name: result.message for result in results if result.status == "failed"}
    assert wanted <= set(failed), failed
    assert wanted or not failed, failed


# --- energies, signs, links --------------------------------------------------------------------


class Energy(ganzoo.Term):
    """EBGAN's, of an autoencoder."""

    needs = frozenset({"reconstruction"})
    traits = Traits(orientation=-1, neutral=None, kinks=(1.0,))

    def energy(self, x, output):
        return (x - output.reconstruction).square().flatten(1).mean(1)

    def discriminator(self, play):
        margin = self.energy(play.fake_x, play.fake)
        return self.energy(play.real_x, play.real).mean() + relu(10 - margin).mean()

    def generator(self, play):
        return self.energy(play.fake_x, play.fake).mean()


# PyTorch-GAN.
class MarginOfTheMean(Energy):
    def discriminator(self, play):
        margin = self.energy(play.fake_x, play.fake)
        return self.energy(play.real_x, play.real).mean() + relu(1 - margin.mean())


# PyTorch-GAN: half of the energy's gradient is missing.
class TargetDetached(Energy):
    def generator(self, play):
        return self.energy(play.fake_x.detach(), play.fake).mean()


# hwalsuklee.
class NormOfTheBatch(Energy):
    def energy(self, x, output):
        return (x - output.reconstruction).norm(2).reshape(1) / len(x)


class LowIsReal(ScoreTerm):
    """lecam-gan: least squares towards -1 for real samples."""

    traits = Traits(monotone=False, growth="quadratic")

    def real(self, score):
        return (score + 1).square() / 2

    def fake(self, score):
        return (score - 1).square() / 2

    def generated(self, score):
        return (score + 1).square() / 2


class Falling(ScoreTerm):
    """mlss2018: the reverse-KL f-GAN with an activation that falls."""

    traits = Traits(zero_sum=True, growth="exponential")

    def real(self, score):
        return score.exp()

    def fake(self, score):
        return -1 - score

    def generated(self, score):
        return 1 + score


# PyTorch-GAN's DRAGAN: the discriminator's loss is never taken.
class PenaltyAlone(Penalty):
    traits = Traits()

    def generator(self, play):
        return -play.fake.score.mean()


LOSSES = {
    Energy: set(),
    MarginOfTheMean: {"additivity"},
    TargetDetached: {"gradcheck"},
    NormOfTheBatch: {"additivity", "duplication"},
    LowIsReal: {"direction", "separation", "optimum"},
    Falling: {"direction", "separation", "generator_direction"},
    PenaltyAlone: {"direction"},
}
LONG = ("compiles", "device", "learns", "one_step", "resumes", "state_round_trip")
LOSS_CHECKS = [check for check in kit_of("losses").checks if check.name not in LONG]


@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.__name__)
def test_losses(kind):
    results = check_loss(ganzoo.Objective(kind()), checks=LOSS_CHECKS)
    failed = {result.name: result.message for result in results if result.status == "failed"}
    assert LOSSES[kind] <= set(failed), failed
    assert LOSSES[kind] or not failed, failed
