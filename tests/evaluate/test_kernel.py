import pytest
import torch

from ganzoo.errors import BadData, ShapeMismatch
from ganzoo.evaluate import pairwise
from ganzoo.evaluate.kernel import (
    gaussian_distance,
    kernel_blocks,
    kernel_discrepancy,
    kernel_distance,
    similarities,
)
from ganzoo.evaluate.similarity import Gaussian, Polynomial, typical_bandwidth


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
    kernel, nothing = Polynomial(), torch.zeros(40, dtype=torch.float64)
    known = similarities(y, kernel)
    assert kernel_discrepancy(x, y, kernel, real_similarities=known).value == kernel_distance(x, y)
    other = kernel_discrepancy(x, y, kernel, real_similarities=nothing).value
    assert other != kernel_distance(x, y)


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


def leave_one_out(x, y, kernel):
    """The jackknife by its definition."""
    total = 0.0
    for side in (0, 1):
        pair, n = (x, y), len((x, y)[side])
        found = []
        for place in range(n):
            kept = [z if i != side else z[torch.arange(n) != place] for i, z in enumerate(pair)]
            found.append(kernel_discrepancy(*kept, kernel).value)
        total += torch.tensor(found, dtype=torch.float64).var(correction=0) * (n - 1)
    return float(total) ** 0.5


@pytest.mark.parametrize("kernel", [Polynomial(3), Gaussian(2.0)], ids=["polynomial", "gaussian"])
def test_the_error_is_the_jackknife(normal, kernel):
    x, y = normal(9, 4), normal(12, 4) + 0.5
    found = kernel_discrepancy(x, y, kernel)
    if isinstance(kernel, Polynomial):
        assert found.error == pytest.approx(leave_one_out(x, y, kernel), rel=1e-10)
    else:  # it is centred on y, whose mean moves by rounding alone
        assert found.error == pytest.approx(leave_one_out(x, y, kernel), rel=1e-8)
    assert torch.tensor(kernel_discrepancy(x[:2], y, kernel).error).isnan()


@pytest.mark.parametrize(("shift", "low", "high"), [(0.0, 1.0, 2.0), (0.7, 0.8, 1.25)])
def test_the_error_is_that_of_fresh_samples(normal, shift, low, high):
    """Near equal laws it is on the safe side."""
    found = [
        kernel_discrepancy(normal(80, 6), normal(60, 6) + shift, Polynomial()) for _ in range(200)
    ]
    values, errors = torch.tensor(found, dtype=torch.float64).unbind(1)
    assert low < float(errors.square().mean().sqrt() / values.std()) < high


def test_gaussian_equal_to_loops(normal):
    x, y = normal(13, 5), normal(10, 5) + 0.4
    kernel = lambda a, b: torch.exp(-torch.cdist(a, b).square() / (2 * 1.5**2))  # noqa: E731
    own = [(kernel(z, z).sum() - len(z)) / (len(z) * (len(z) - 1)) for z in (x, y)]
    expected = own[0] + own[1] - 2 * kernel(x, y).mean()
    assert gaussian_distance(x, y, bandwidth=1.5) == pytest.approx(float(expected), rel=1e-12)
    usual = gaussian_distance(x, y, bandwidth=typical_bandwidth(y))
    assert gaussian_distance(x, y) == usual


def test_gaussian_keeps_its_digits_where_the_kernel_is_nearly_one(normal):
    """Unit vectors that almost agree, and a bandwidth of 10, as with CMMD: doubling every
    distance then multiplies the value by 4, up to terms of higher order.
    """
    base = torch.nn.functional.normalize(normal(1, 64))
    x, y = base + 1e-4 * normal(60, 64), base + 1e-4 * (normal(50, 64) + 0.1)
    once, twice = (gaussian_distance(s * x, s * y, bandwidth=10.0) for s in (1, 2))
    assert 0 < once < 1e-9
    assert twice == pytest.approx(4 * once, rel=1e-5)


def test_gaussian_of_two_normals_has_a_closed_form(normal):
    """With bandwidth b: E k(X, Y) = b / sqrt(b^2 + 2) exp(-m^2 / (2 (b^2 + 2)))."""
    squared, shift = 1.5**2 + 2, 0.8
    factor = 1.5 / squared**0.5
    truth = 2 * factor * (1 - torch.tensor(-(shift**2) / (2 * squared)).exp().item())
    x, y = normal(4000, 1), normal(3000, 1) + shift
    found = kernel_discrepancy(x, y, Gaussian(1.5))
    assert abs(found.value - truth) < 4 * found.error < 0.3 * truth


def test_blocks(normal):
    x, y = normal(300, 6), normal(250, 6) + 0.5
    exact, found = kernel_discrepancy(x, y, Polynomial()), kernel_blocks(x, y, blocks=40, size=60)
    assert abs(found.value - exact.value) < 2 * exact.error
    assert found.spread > 0
    assert kernel_blocks(x, y, blocks=40, size=60) == found
    assert kernel_blocks(x, y, blocks=40, size=60, seed=1) != found
    whole = kernel_blocks(x[:250], y, blocks=2, size=1000)
    assert whole.value == pytest.approx(kernel_distance(x[:250], y), rel=1e-12)
    assert whole.spread < 1e-12
