import itertools
import math

import numpy as np
import pytest
import scipy.stats
import torch

from ganzoo.errors import BadOption, ShapeMismatch
from ganzoo.evaluate.transport import exact_wasserstein, sliced_wasserstein


def test_exact_equals_the_best_of_all_assignments(normal):
    x, y = normal(6, 3), normal(6, 3) + 0.5
    costs = (x[:, None] - y[None]).square().sum(2)
    rows = torch.arange(6)
    best = min(float(costs[rows, list(p)].mean()) for p in itertools.permutations(range(6)))
    assert exact_wasserstein(x, y) == pytest.approx(math.sqrt(best), rel=1e-12)


def test_exact_of_a_shift_and_of_itself(normal):
    x = normal(60, 4)
    shift = torch.tensor([0.3, -0.4, 0.0, 1.2], dtype=torch.float64)
    assert exact_wasserstein(x + shift, x) == pytest.approx(1.3, rel=1e-12)
    assert exact_wasserstein(x.flip(0), x) == 0


def test_exact_of_many_points_takes_the_same_ones_in_any_order(normal):
    x, y = normal(300, 2), normal(200, 2)
    once = exact_wasserstein(x, y, count=100)
    assert exact_wasserstein(x.flip(0), y.flip(0), count=100) == pytest.approx(once, rel=1e-12)
    assert exact_wasserstein(x, y) < once


@pytest.mark.parametrize("counts", [(40, 40), (40, 60), (30, 17)])
def test_on_one_line_it_is_the_area_between_quantiles(normal, counts):
    """Repeated to the same size both sets keep their laws, and the sorted points pair up."""
    x, y = normal(counts[0], 1), 1.5 * normal(counts[1], 1) + 1
    size = math.lcm(*counts)
    many = [z[:, 0].repeat_interleave(size // len(z)).sort().values for z in (x, y)]
    expected = (many[0] - many[1]).square().mean().sqrt()
    assert sliced_wasserstein(x, y, projections=3) == pytest.approx(float(expected), rel=1e-12)


def test_sliced_closed_form(normal):
    """A shift by s along an axis of F dimensions is at a distance of s / sqrt(F)."""
    x = normal(50, 16)
    shift = torch.zeros(16, dtype=torch.float64)
    shift[0] = 3
    found = sliced_wasserstein(x + shift, x, projections=4000)
    assert found == pytest.approx(0.75, rel=0.03)
    line = torch.eye(16, dtype=torch.float64)[:, :1]
    assert sliced_wasserstein(x + shift, x, projections=line) == pytest.approx(3, rel=1e-12)


def test_sliced_against_numpy_with_the_same_lines(normal):
    x, y = normal(80, 5), normal(80, 5) * 1.3
    lines = torch.nn.functional.normalize(normal(5, 20), dim=0)
    a, b = (np.sort(z.numpy() @ lines.numpy(), 0) for z in (x, y))
    expected = math.sqrt(((a - b) ** 2).mean())
    assert sliced_wasserstein(x, y, projections=lines) == pytest.approx(expected, rel=1e-12)
    narrow = sliced_wasserstein(x.float() + 100, y.float() + 100, projections=lines)
    assert narrow == pytest.approx(expected, rel=1e-4)


def test_the_first_power_agrees_with_scipy_on_a_line(normal):
    """Where one set lies right of the other all differences are of one sign: then W1 is the
    distance of the means, and W2 is no less.
    """
    x, y = normal(30, 1), normal(50, 1) + 10
    first = scipy.stats.wasserstein_distance(x[:, 0], y[:, 0])
    assert first <= sliced_wasserstein(x, y, projections=1) < 1.05 * first


def test_seeds_and_errors(normal):
    x, y = normal(20, 3), normal(20, 3) + 1
    state = torch.random.get_rng_state()
    once = sliced_wasserstein(x, y, projections=10)
    assert sliced_wasserstein(x, y, projections=10) == once
    assert sliced_wasserstein(x, y, projections=10, seed=1) != once
    assert torch.equal(state, torch.random.get_rng_state())
    with pytest.raises(BadOption, match="projections=0"):
        sliced_wasserstein(x, y, projections=0)
    with pytest.raises(BadOption, match="count=1"):
        exact_wasserstein(x, y, count=1)
    for distance in (exact_wasserstein, sliced_wasserstein):
        with pytest.raises(ShapeMismatch, match="found 3 and 2"):
            distance(x, y[:, :2])
