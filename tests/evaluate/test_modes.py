import math

import pytest
import torch

from ganzoo.errors import BadData, ShapeMismatch
from ganzoo.evaluate.modes import ModeCounts, count_modes, covered_modes, high_quality_share
from ganzoo.game.source import Mixture


@pytest.fixture
def mixture():
    axis = torch.arange(-2.0, 3.0) * 2
    return Mixture(torch.cartesian_prod(axis, axis), 0.1)


@pytest.fixture
def perfect(mixture, generator):
    def draw(count: int):
        mode = torch.randint(len(mixture.centres), (count,), generator=generator)
        noise = torch.randn(count, 2, generator=generator)
        return mixture.centres[mode] + mixture.scale * noise

    return draw


def test_equal_to_loops(mixture, perfect):
    x = perfect(300) + 0.15
    nearest, near = [0] * 25, [0] * 25
    for point in x.tolist():
        distances = [math.dist(point, centre) for centre in mixture.centres.tolist()]
        mode = min(range(25), key=distances.__getitem__)
        nearest[mode] += 1
        near[mode] += distances[mode] <= 3 * mixture.scale
    counts = count_modes(x, mixture)
    assert (counts.nearest.tolist(), counts.near.tolist()) == (nearest, near)
    assert 0 < sum(near) < 300


@pytest.mark.parametrize("radius", [1.0, 3.0])
def test_a_perfect_sampler_is_not_at_one(mixture, perfect, radius):
    counts = count_modes(perfect(40_000), mixture, radius=radius)
    share = 1 - math.exp(-(radius**2) / 2)
    assert high_quality_share(counts) == pytest.approx(share, abs=4 * (share / 40_000) ** 0.5)
    assert covered_modes(counts) == 25


def test_a_mode_needs_a_fifth_of_its_due():
    """100 samples for 5 modes: 20 are due to each, so 4 of high quality make one."""
    counts = ModeCounts(torch.tensor([60, 25, 5, 10, 0]), torch.tensor([60, 4, 3, 0, 0]))
    assert covered_modes(counts) == 2
    assert covered_modes(counts, share=0.15) == 3
    assert covered_modes(counts, share=0.0) == 3
    assert high_quality_share(counts) == pytest.approx(0.67)


def test_blurred_modes_do_not_count(mixture, generator):
    spread = 10 * (torch.rand(5000, 2, generator=generator) - 0.5)
    counts = count_modes(spread, mixture)
    assert high_quality_share(counts) == pytest.approx(math.pi * 0.09 / 4, abs=0.01)
    assert covered_modes(counts) == 0
    assert int((counts.near > 0).sum()) == 25


def test_one_mode_for_ever(mixture):
    counts = count_modes(mixture.centres[7].expand(500, 2), mixture)
    assert (covered_modes(counts), high_quality_share(counts)) == (1, 1.0)


def test_many_rows_and_dimensions(generator):
    mixture = Mixture(torch.eye(12) * 5, 0.2)
    mode = torch.randint(12, (20_000,), generator=generator)
    counts = count_modes(mixture.centres[mode], mixture)
    assert counts.near.equal(torch.bincount(mode, minlength=12))


def test_errors(mixture):
    with pytest.raises(ShapeMismatch, match="3 dimensions against modes of 2"):
        count_modes(torch.zeros(5, 3), mixture)
    with pytest.raises(BadData, match="5 of 5 generated"):
        count_modes(torch.full((5, 2), torch.nan), mixture)
