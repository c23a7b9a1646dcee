import pytest
import torch

from ganzoo.evaluate import neighbours
from ganzoo.evaluate.neighbours import Nearest, nearest
from ganzoo.evaluate.sweep import sweep


def direct(x, y):
    return (x.double()[:, None] - y.double()[None]).square().sum(2)


def found(x, y=None, **options):
    tally = Nearest(x, y, **options)
    sweep(x, y, [tally])
    return tally.result()


@pytest.mark.parametrize("precise", [False, True])
@pytest.mark.parametrize("size", [2, 40])
@pytest.mark.parametrize("k", [1, 4])
def test_equal_to_direct_distances(normal, size, k, precise):
    x, y = normal(30, size), normal(2100, size)
    squares, places = found(x, y, k=k, precise=precise)
    expected = direct(x, y).sort(1)
    assert torch.equal(places, expected.indices[:, k - 1])
    assert torch.allclose(squares, expected.values[:, k - 1], rtol=1e-14, atol=0)


@pytest.mark.parametrize("size", [2, 40])
def test_of_a_set_with_itself(normal, size):
    x = normal(1100, size).float()
    squares, places = found(x, k=3)
    expected = direct(x, x).sort(1)
    assert torch.equal(places, expected.indices[:, 2])
    assert torch.allclose(squares, expected.values[:, 2], rtol=1e-14, atol=0)
    again = found(x, k=1)
    assert bool((again.squares == 0).all())
    assert torch.equal(again.places, torch.arange(1100))


@pytest.mark.parametrize(("noise", "error"), [(0, 0), (1e-9, 1e-10), (1e-4, 0), (1e-2, 0)])
def test_crowds_that_single_precision_does_not_tell_apart(normal, noise, error):
    """Far from the centre, and each with more neighbours in doubt than are kept; what float64
    does not tell apart either is known to its rounding.
    """
    y = (10 * normal(4, 50)).repeat(30, 1) + noise * normal(120, 50)
    x = y[:7] + noise * normal(7, 50)
    squares, places = found(x, y, k=5)
    expected = direct(x, y)
    assert torch.allclose(squares, expected.sort(1).values[:, 4], rtol=1e-12, atol=error)
    assert torch.allclose(expected.gather(1, places[:, None])[:, 0], squares, rtol=1e-12, atol=0)


def test_what_is_not_certain_is_computed_again(normal, monkeypatch):
    y = normal(1, 50) + 1e-4 * normal(200, 50)
    y[0] += 1e3
    again = []
    monkeypatch.setattr(neighbours, "sweep", lambda *given: again.append(given) or sweep(*given))
    squares = found(y, k=9).squares
    assert len(again) == 1
    assert again[0][2][0].precise
    assert torch.allclose(squares, direct(y, y).sort(1).values[:, 8], rtol=1e-12, atol=0)


def test_the_first_of_equally_near_ones(normal):
    y = normal(20, 12)
    squares, places = nearest(y, torch.cat([y, y]))
    assert torch.equal(places, torch.arange(20))
    assert bool((squares == 0).all())
