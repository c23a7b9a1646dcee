import pytest
import torch

from ganzoo.evaluate.pairwise import pairs, squared_distances, triangle


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
