import pytest
import torch

from ganzoo.errors import BadData, ShapeMismatch
from ganzoo.evaluate import pairwise
from ganzoo.evaluate.kernel import kernel_distance, self_similarity


def brute_force(x, y, degree=3):
    def kernel(a, b):
        return (sum(p * q for p, q in zip(a, b, strict=True)) / len(a) + 1) ** degree

    x, y = x.tolist(), y.tolist()
    own = [
        sum(kernel(a, b) for i, a in enumerate(z) for j, b in enumerate(z) if i != j)
        / (len(z) * (len(z) - 1))
        for z in (x, y)
    ]
    cross = sum(kernel(a, b) for a in x for b in y) / (len(x) * len(y))
    return own[0] + own[1] - 2 * cross


@pytest.mark.parametrize("degree", [1, 2, 3])
@pytest.mark.parametrize("tile", [4, 7, 1024])
def test_equal_to_loops(normal, monkeypatch, degree, tile):
    monkeypatch.setattr(pairwise.pairs, "__defaults__", (tile,))
    monkeypatch.setattr(pairwise.triangle, "__defaults__", (tile,))
    x, y = normal(13, 5), normal(10, 5) + 0.4
    assert kernel_distance(x, y, degree=degree) == pytest.approx(
        brute_force(x, y, degree), rel=1e-12
    )


def test_float32_features(normal):
    x, y = normal(500, 64).relu(), (1.2 * normal(400, 64)).relu()
    exact = kernel_distance(x.float().double(), y.float().double())
    assert kernel_distance(x.float(), y.float()) == exact


def test_a_known_similarity_is_used(normal):
    x, y = normal(30, 4), normal(40, 4)
    assert kernel_distance(x, y, real_similarity=self_similarity(y)) == kernel_distance(x, y)
    assert kernel_distance(x, y, real_similarity=0.0) != kernel_distance(x, y)


def test_unbiased(normal):
    """Over many small samples of one law the mean is 0; of the V-statistic it is not."""
    found = torch.tensor([kernel_distance(normal(8, 3), normal(8, 3)) for _ in range(400)])
    assert abs(found.mean()) < 3 * found.std() / 400**0.5
    assert (found < 0).any()


def test_closed_form_of_the_linear_kernel(normal):
    """With degree 1 it is |m1 - m2|^2 / F, less what the variances add: exact here."""
    x, y = normal(200, 6), normal(300, 6) + 1
    shift = (x.mean(0) - y.mean(0)).square().sum() / 6
    noise = x.var(0).sum() / (6 * 200) + y.var(0).sum() / (6 * 300)
    assert kernel_distance(x, y, degree=1) == pytest.approx(float(shift - noise), rel=1e-12)


def test_symmetric_and_bounded_in_memory(normal, largest):
    x, y = normal(3000, 4), normal(2500, 4) + 0.1
    with largest:
        there = kernel_distance(x, y)
    assert 10**6 < largest.bytes <= 8 * 1024**2
    assert kernel_distance(y, x) == pytest.approx(there, rel=1e-10)


def test_errors(normal):
    with pytest.raises(ShapeMismatch, match="found 3 and 4"):
        kernel_distance(normal(5, 3), normal(5, 4))
    with pytest.raises(ShapeMismatch, match="generated features .* at least 2"):
        kernel_distance(normal(1, 3), normal(5, 3))
    broken = normal(5, 3)
    broken[2, 1] = torch.nan
    with pytest.raises(BadData, match=r"1 of 5 real samples .* sample 2"):
        kernel_distance(normal(5, 3), broken)
