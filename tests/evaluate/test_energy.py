import numpy as np
import pytest
import scipy.stats
import torch

from ganzoo.errors import BadData, ShapeMismatch
from ganzoo.evaluate import pairwise
from ganzoo.evaluate.energy import energy_distance, self_distance


@pytest.mark.parametrize("counts", [(2, 2), (40, 70), (1500, 1100)])
def test_in_one_dimension_equal_to_scipy(normal, counts):
    x, y = normal(counts[0]), 1.5 * normal(counts[1]) + 0.3
    expected = scipy.stats.energy_distance(x.numpy(), y.numpy())
    assert energy_distance(x[:, None], y[:, None]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("tile", [4, 1024])
@pytest.mark.parametrize("size", [2, 8, 20])
def test_equal_to_direct_distances(normal, monkeypatch, size, tile):
    monkeypatch.setattr(pairwise.pairs, "__defaults__", (tile,))
    monkeypatch.setattr(pairwise.triangle, "__defaults__", (tile,))
    x, y = normal(30, size), normal(25, size) + 0.5

    def mean(a, b):
        return np.linalg.norm(a.numpy()[:, None] - b.numpy()[None], axis=-1).mean()

    expected = (2 * mean(x, y) - mean(x, x) - mean(y, y)) ** 0.5
    assert energy_distance(x, y) == pytest.approx(expected, rel=1e-11)
    assert self_distance(x) == pytest.approx(mean(x, x), rel=1e-12)


@pytest.mark.parametrize("size", [1, 3, 30])
def test_two_points_far_apart(size):
    """Two laws that are single points are at sqrt(2 |x - y|)."""
    x, y = torch.zeros(4, size), torch.full((7, size), 2.0)
    assert energy_distance(x, y) == pytest.approx((2 * 2 * size**0.5) ** 0.5, rel=1e-12)


def test_a_metric(normal):
    x, y, z = normal(60, 2), normal(80, 2) + 1, 2 * normal(70, 2)
    xy, yx = energy_distance(x, y), energy_distance(y, x)
    assert xy == pytest.approx(yx, rel=1e-12)
    assert energy_distance(x, x[torch.arange(59, -1, -1)]) < 1e-7
    assert xy <= energy_distance(x, z) + energy_distance(z, y)


def test_invariant_to_rotation_and_shift_and_rooted_in_scale(normal):
    x, y = normal(60, 5), normal(50, 5) + 0.4
    turn, shift = torch.linalg.qr(normal(5, 5))[0], 7 * normal(5)
    moved = energy_distance(4 * x @ turn + shift, 4 * y @ turn + shift)
    assert moved == pytest.approx(2 * energy_distance(x, y), rel=1e-11)


def test_a_perfect_sampler(normal):
    """Two samples of one law: the square is (1/N + 1/M) E|X - X'| on average, in the plane
    sqrt(pi) for a standard normal law.
    """
    squares = [energy_distance(normal(50, 2), normal(100, 2)) ** 2 for _ in range(200)]
    assert np.mean(squares) == pytest.approx((1 / 50 + 1 / 100) * np.pi**0.5, rel=0.1)


def test_a_known_distance_is_used_and_memory_is_bounded(normal, largest):
    x, y = normal(3000, 2), normal(2500, 2)
    with largest:
        found = energy_distance(x, y, real_distance=self_distance(y))
    assert 10**6 < largest.bytes <= 8 * 1024**2
    assert found == energy_distance(x, y)


def test_errors(normal):
    with pytest.raises(ShapeMismatch, match="found 2 and 3"):
        energy_distance(normal(5, 2), normal(5, 3))
    with pytest.raises(ShapeMismatch, match=r"\(N, F\)"):
        energy_distance(normal(5), normal(5))
    with pytest.raises(BadData, match="1 of 2 generated"):
        energy_distance(torch.tensor([[0.0], [torch.inf]]), normal(5, 1))
