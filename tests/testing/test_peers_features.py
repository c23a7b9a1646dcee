"""Mistakes of published code, each as a term on features: caught by the check that is made for it.

A right term stands before its mutants, and passes.
"""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import normalize

import ganzoo
from ganzoo.testing import check_entry, kit_of, reference_check


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
def test_features(oracle, failed, kind):
    name, fake, wanted = FEATURES[kind]
    entry = oracle["features"][name]
    inputs = entry["inputs"]
    case = {"fake_features": inputs[fake], "g_loss": entry["value"]}
    if "real_features" in inputs:
        case["real_features"] = inputs["real_features"]
    if "labels" in inputs:
        case["labels"] = inputs["labels"]
        kind.proxies = torch.tensor(inputs["proxy"], dtype=torch.float64)
    checks = [
        c for c in kit_of("terms").checks if c.name in ("permutation", "collapsed", "precision")
    ]
    checks = [reference_check([case]), *(checks if "labels" not in inputs else [])]
    results = check_entry(kind(), kind="terms", checks=checks)
    caught = failed(results)
    assert wanted <= set(caught), caught
    assert wanted or not caught, caught
