import math

import pytest
import torch

from ganzoo.evaluate.frechet import frechet_distance
from ganzoo.evaluate.infinity import frechet_infinity
from ganzoo.evaluate.order import content_order


def pair(size: int, count: int, seed: int):
    """Features of spectrum 1/i, those of a linear map of them, and their distance."""
    dice = torch.Generator().manual_seed(size)
    turn = torch.linalg.qr(torch.randn(size, size, generator=dice, dtype=torch.float64))[0]
    scale = 1 + 0.2 * (2 * torch.rand(size, generator=dice).double() - 1)
    transport = (turn * scale) @ turn.T
    root = torch.arange(1, size + 1, dtype=torch.float64).rsqrt()
    truth = float(((transport - torch.eye(size)) * root).square().sum())
    dice.manual_seed(seed)
    x, y = torch.randn(2, count, size, generator=dice, dtype=torch.float64) * root
    return x @ transport, y, truth


@pytest.mark.parametrize(("size", "count"), [(16, 400), (32, 1500)])
def test_the_bias_goes(size, count):
    """The target: within 6 % at d = 256 and N = 5000; here at as many samples a feature."""
    found, naive = [], []
    for seed in range(8):
        x, y, truth = pair(size, count, seed)
        extrapolated = frechet_infinity(x, y)
        assert extrapolated.trusted
        assert extrapolated.finite == frechet_distance(x, y)
        found.append(extrapolated.value - truth)
        naive.append(extrapolated.finite - truth)
    assert abs(sum(found)) < 0.25 * sum(naive)
    assert sum(e**2 for e in found) < 0.3 * sum(e**2 for e in naive)


def test_by_its_definition():
    x, y, _ = pair(4, 40, 0)
    halves = [[z[order[:20]], z[order[20:]]] for z in (x, y) for order in [content_order(z, 3)]]
    parts = [frechet_distance(a, b) for a in halves[0] for b in halves[1]]
    expected = 2 * frechet_distance(x, y) - sum(parts) / 4
    assert frechet_infinity(x, y, seed=3).value == pytest.approx(expected, rel=1e-12)
    whole = 2 * frechet_distance(x, y) - sum(frechet_distance(a, y) for a in halves[0]) / 2
    found = frechet_infinity(x, y, seed=3, population=True)
    assert found.value == pytest.approx(whole, rel=1e-12)


def test_the_order_of_samples_does_not_matter_and_the_seed_does():
    x, y, _ = pair(4, 60, 0)
    once = frechet_infinity(x, y).value
    assert frechet_infinity(x.flip(0), y.flip(0)).value == pytest.approx(once, rel=1e-9)
    assert frechet_infinity(x, y, seed=1).value != once


@pytest.mark.parametrize(("count", "ratio"), [(15, 1.5), (20, 2.0), (39, 3.9), (40, 4.0)])
def test_few_samples_are_flagged(count, ratio):
    x, y, _ = pair(10, 100, 0)
    found = frechet_infinity(x[:count], y)
    assert found.ratio == ratio
    assert found.trusted == (ratio >= 4)
    assert math.isnan(found.value) == (ratio < 2)
    assert found.finite > 0
    assert frechet_infinity(x, y[:count], population=True).ratio == 10
