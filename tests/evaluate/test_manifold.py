import pytest
import torch

from ganzoo.errors import BadData, BadOption, ShapeMismatch
from ganzoo.evaluate import pairwise
from ganzoo.evaluate.manifold import Manifold, manifold, squared_radii


def direct(x, y):
    return (x[:, None] - y[None]).square().sum(-1)


def brute_force(fake, real, k):
    def radii(x):
        return direct(x, x).sort(1).values[:, k]  # the 0-th is the point itself

    cross, own, other = direct(fake, real), radii(real), radii(fake)
    inside = cross <= own
    return Manifold(
        float(inside.any(1).double().mean()),
        float((cross <= other[:, None]).any(0).double().mean()),
        float(inside.double().sum(1).mean() / k),
        float(inside.any(0).double().mean()),
    )


@pytest.mark.parametrize("tile", [5, 64, 1024])
@pytest.mark.parametrize("size", [2, 12, 40])
@pytest.mark.parametrize("k", [1, 5])
def test_equal_to_direct_distances(normal, monkeypatch, tile, size, k):
    monkeypatch.setattr(pairwise.pairs, "__defaults__", (tile,))
    monkeypatch.setattr(pairwise.triangle, "__defaults__", (tile,))
    fake, real = 1.2 * normal(90, size) + 0.2, normal(110, size)
    found = manifold(fake, real, k=k)
    assert found == pytest.approx(brute_force(fake, real, k), abs=1e-14)
    assert 0.05 < found.precision < 1 or size == 40


@pytest.mark.parametrize("size", [2, 12])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_point_eight_times(normal, size, dtype):
    """Balls of radius 0 hold what is at their centre; a rounding error must not undo that."""
    real = (10 * normal(60, size)).to(dtype).repeat(8, 1)
    found = manifold(real.flip(0), real)
    assert found.precision == found.recall == found.coverage == 1
    assert bool((squared_radii(real) == 0).all())


@pytest.mark.parametrize(
    ("offset", "dtype"), [(1e3, torch.float32), (1e3, torch.float64), (1e7, torch.float64)]
)
def test_far_from_the_origin(normal, offset, dtype):
    fake, real = (normal(400, 16).to(dtype) for _ in range(2))
    far = manifold(fake + offset, real + offset)
    rounded = [(z + offset).double() - offset for z in (fake, real)]
    assert far == pytest.approx(brute_force(*rounded, 5), abs=1e-14)
    assert far.precision < 1


def test_points_of_a_lattice_are_on_spheres(generator):
    """Ties are the rule there: a sphere belongs to its ball, whatever the last digits say."""
    fake, real = (torch.randint(0, 3, (200, 10), generator=generator).double() for _ in range(2))
    shifted = manifold(fake / 7 + 0.1, real / 7 + 0.1)
    assert shifted == pytest.approx(brute_force(fake, real, 5), abs=1e-14)


def test_the_same_set_is_perfect(normal):
    x = normal(200, 10)
    found = manifold(x, x.clone())
    assert found.precision == found.recall == found.coverage == 1
    assert found.density == pytest.approx(brute_force(x, x, 5).density, abs=1e-14)


def test_collapse_is_precise_and_recalls_nothing(normal):
    real = normal(300, 10)
    found = manifold(real[:1].expand(300, 10), real)
    assert found.precision == 1
    assert found.recall == pytest.approx(1 / 300)
    assert found.coverage < 0.1


def test_precision_and_recall_change_places(normal):
    x, y = normal(120, 6), 2 * normal(130, 6)
    there, back = manifold(x, y), manifold(y, x)
    assert (there.precision, there.recall) == (back.recall, back.precision)


def test_invariant_to_rotation_shift_and_scale(normal):
    x, y = normal(150, 9), 1.5 * normal(150, 9)
    turn, shift = torch.linalg.qr(normal(9, 9))[0], 3 * normal(9)
    assert manifold(2 * x @ turn + shift, 2 * y @ turn + shift) == manifold(x, y)


def test_outliers_blur_nobody_else(normal):
    real, fake = normal(200, 12), normal(200, 12)
    wild = fake.clone()
    wild[0] = 1e9
    expected = brute_force(fake[1:], real, 5).precision * 199 / 200
    assert manifold(wild, real).precision == pytest.approx(expected, abs=1e-14)


def test_bounded_in_memory(normal, largest):
    fake, real = normal(3000, 10), normal(2500, 10)
    with largest:
        manifold(fake, real)
    assert 10**6 < largest.bytes <= 8 * 1024**2


def test_errors(normal):
    x = normal(5, 3)
    with pytest.raises(BadOption, match="from 1 to 4"):
        manifold(x, x, k=5)
    with pytest.raises(BadOption, match="k=0"):
        squared_radii(x, k=0)
    with pytest.raises(ShapeMismatch, match="one extractor"):
        manifold(normal(9, 2), normal(9, 3))
    with pytest.raises(BadData, match="9 of 9 generated"):
        manifold(normal(9, 3) * torch.nan, normal(9, 3))
