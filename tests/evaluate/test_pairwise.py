import pytest
import torch

from ganzoo.evaluate import pairwise
from ganzoo.evaluate.pairwise import Band, Block, pairs, squared_distances, triangle


@pytest.mark.parametrize("tile", [1, 3, 4, 100])
def test_each_pair_once(tile):
    seen, upper = torch.zeros(7, 10), torch.zeros(7, 7)
    for rows, columns in pairs(7, 10, tile):
        seen[rows, columns] += 1
    for rows, columns in triangle(7, tile):
        upper[rows, columns] += 1
    assert bool((seen == 1).all())
    assert bool((upper.triu() == torch.ones(7, 7).triu()).all())
    assert bool((upper <= 1).all())


@pytest.mark.parametrize("size", [1, 2, 8, 9, 100])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equal_to_direct_differences(normal, size, dtype):
    x, y = normal(30, size).to(dtype), normal(20, size).to(dtype)
    expected = (x.double()[:, None] - y.double()[None]).square().sum(-1)
    found = squared_distances(x, y, normal(size))
    assert found.dtype == torch.float64
    torch.testing.assert_close(found, expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("size", [2, 9, 300, 2048])
def test_equal_rows_are_at_no_distance(normal, size):
    x = 100 * normal(50, size)
    found = squared_distances(x[:23], x, torch.zeros(size, dtype=torch.float64))
    assert bool((found.diagonal() == 0).all())
    assert bool((found[~torch.eye(23, 50, dtype=torch.bool)] > 0).all())


def direct(x, y):
    return (x.double()[:, None] - y.double()[None]).square().sum(2)


@pytest.fixture(params=["float32", "float64"])
def block(normal, request):
    """Rows of very different lengths, some of them twice, far from the origin."""
    x = normal(60, 30) * torch.logspace(-20, 3, 60, dtype=torch.float64)[:, None]
    y = torch.cat([x[::2], normal(50, 30)])
    dtype, centre = getattr(torch, request.param), normal(30)
    return Block(*(Band(z + centre, centre, dtype=dtype) for z in (x, y)))


def test_bounds_hold(block):
    truth = direct(block.x.raw, block.y.raw)
    i, j = torch.arange(60)[:, None], torch.arange(80)
    upper = block.upper(block.squares, i, j)
    assert block.squares.dtype == block.products.dtype
    assert bool((block.squares.double() <= truth * (1 + 1e-12)).all())
    assert bool((upper >= truth * (1 - 1e-12)).all())
    close = 1e-4 if block.squares.dtype is torch.float32 else 1e-12
    sums = block.x.norms[:, None] + block.y.norms
    assert bool((upper - block.squares <= close * sums + 1e-30).all())
    assert torch.equal(block.exact(i.expand(60, 80).flatten(), j.repeat(60)), truth.flatten())


@pytest.mark.parametrize("part", [1, 256])
def test_within_is_what_differences_say(block, monkeypatch, part):
    """Bounds that many distances equal, which no rounding may undo."""
    monkeypatch.setattr(pairwise, "_MANY", part)
    truth = direct(block.x.raw, block.y.raw)
    for bounds in (truth.sort(0).values[3], truth.sort(1).values[:, 2, None], truth[:, :1] * 0):
        i, j = block.within(bounds * (1 + 1e-9))
        found = torch.zeros(60, 80, dtype=torch.bool)
        found[i, j] = True
        assert len(i) == int(found.sum())
        if part == 1:
            assert torch.equal(found, truth <= bounds * (1 + 1e-9))
        else:  # so many were doubtful that float64 decided
            near = (truth - bounds).abs() <= 1e-12 * (block.x.norms[:, None] + block.y.norms)
            assert torch.equal(found | near, (truth <= bounds * (1 + 1e-9)) | near)


def test_products_of_rows_as_they_are(normal):
    x, y, centre = normal(5, 12) + 3, normal(7, 12) + 3, normal(12) + 3
    block = Block(Band(x, centre), Band(y, centre))
    torch.testing.assert_close(block.inner, x @ y.T, rtol=1e-13, atol=1e-12)
    assert torch.equal(x, block.x.raw)
