"""The metrics against libraries that others use: torchmetrics (without torch-fidelity), prdc."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from ganzoo import metrics


@pytest.fixture
def features(normal):
    """Two sets of 120 and 100 float32 features, none below 0."""
    spectrum = torch.arange(1, 25).rsqrt()
    return (
        (normal(120, 24) * spectrum + 0.4).relu().float(),
        (1.2 * normal(100, 24) * spectrum + 0.5).relu().float(),
    )


class Itself(nn.Module):
    num_features = 24

    def forward(self, x):
        return x


def of_torchmetrics(cls, features, **options):
    metric = cls(feature=Itself(), **options).double()
    metric.set_dtype(torch.float64)
    fake, real = features
    metric.update(real.double(), real=True)
    metric.update(fake.double(), real=False)
    return metric.compute()


def test_frechet_distance_of_torchmetrics(features):
    from torchmetrics.image.fid import FrechetInceptionDistance

    other = float(of_torchmetrics(FrechetInceptionDistance, features))
    assert metrics.frechet_distance(*features) == pytest.approx(other, rel=1e-6)


def test_kernel_distance_of_torchmetrics(features):
    """A block of all of them is the whole U-statistic."""
    from torchmetrics.image.kid import poly_mmd

    fake, real = (x[:100].double() for x in features)
    assert metrics.kernel_distance(fake, real) == pytest.approx(
        float(poly_mmd(fake, real)), rel=1e-10
    )


@pytest.mark.filterwarnings("ignore:Metric `InceptionScore`")
def test_inception_score_of_torchmetrics(normal):
    """It takes logits; with one part nothing is shuffled away."""
    from torchmetrics.image.inception import InceptionScore

    logits = 3 * normal(90, 7)
    metric = InceptionScore(feature=Itself(), normalize=False, splits=1).double()
    metric.update(logits)
    mean, _ = metric.compute()
    assert metrics.inception_score(logits.softmax(1)) == pytest.approx(float(mean), rel=1e-6)


@pytest.mark.parametrize("k", [1, 5])
def test_manifold_of_prdc(features, k):
    prdc = pytest.importorskip("prdc")
    fake, real = features
    other = prdc.compute_prdc(real.double().numpy(), fake.double().numpy(), nearest_k=k)
    found = metrics.manifold(fake, real, k=k)
    assert found._asdict() == pytest.approx(other, rel=1e-12)
