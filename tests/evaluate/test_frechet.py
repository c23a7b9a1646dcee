import math

import numpy as np
import pytest
import scipy.linalg
import torch
from torch import Tensor

from ganzoo.errors import ShapeMismatch
from ganzoo.evaluate import frechet
from ganzoo.evaluate.frechet import frechet_distance
from ganzoo.evaluate.moments import Moments

SIZES = [16, 96]
CONDITIONS = [1e2, 1e6, 1e12]


class Given(Moments):
    """Moments that are known, instead of measured."""

    def __init__(self, mean: Tensor, covariance: Tensor) -> None:
        super().__init__(len(mean))
        self.count, self.mean, self._rows = 2, mean, None
        self._scatter = (covariance + covariance.T) / 2


@pytest.fixture
def rotation(normal):
    return lambda size: torch.linalg.qr(normal(size, size))[0]


@pytest.fixture
def spectrum():
    def spectrum(size: int, condition: float) -> Tensor:
        return torch.logspace(0, -math.log10(condition), size, dtype=torch.float64)

    return spectrum


@pytest.fixture
def monge(normal, rotation, generator):
    """monge(F): covariances F F^T and T F F^T T of one map T that do not commute, and their
    distance |(T - 1) F|^2, which needs no root.
    """

    def make(factor: Tensor, strength: float = 0.5):
        size = len(factor)
        turn = rotation(size)
        scale = 1 + strength * (2 * torch.rand(size, generator=generator).double() - 1)
        transport = (turn * scale) @ turn.T
        first, moved = factor @ factor.T, transport @ factor
        truth = ((turn * (scale - 1)) @ turn.T @ factor).square().sum()
        return first, moved @ moved.T, float(truth)

    return make


def close(found: float, truth: float, tolerance: float = 1e-10) -> bool:
    return abs(found - truth) <= tolerance * truth


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_diagonal_and_rotated(size, condition, spectrum, rotation, normal):
    values, others, turn = (
        spectrum(size, condition),
        spectrum(size, condition).flip(0),
        rotation(size),
    )
    shift = normal(size) / 10
    truth = float((values.sqrt() - others.sqrt()).square().sum() + shift.square().sum())
    zero = torch.zeros_like(shift)
    found = frechet_distance(Given(zero, values.diag()), Given(shift, others.diag()))
    assert close(found, truth, 1e-12)
    rotated = [(turn * v) @ turn.T for v in (values, others)]
    assert close(frechet_distance(Given(zero, rotated[0]), Given(shift, rotated[1])), truth)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_monge_pair(size, condition, spectrum, rotation, monge, normal):
    first, second, truth = monge(rotation(size) * spectrum(size, condition).sqrt())
    shift = normal(size) / 10
    truth += float(shift.square().sum())
    found = frechet_distance(Given(torch.zeros_like(shift), first), Given(shift, second))
    assert close(found, truth)
    back = frechet_distance(Given(shift, second), Given(torch.zeros_like(shift), first))
    assert close(back, truth)


@pytest.mark.parametrize("size", SIZES)
def test_monge_pair_of_singular_covariances(size, monge, normal):
    first, second, truth = monge(normal(size, size // 4))
    zero = torch.zeros(size, dtype=torch.float64)
    assert close(frechet_distance(Given(zero, first), Given(zero, second)), truth)


@pytest.mark.parametrize("size", [3, 40])
def test_one_of_two_is_singular_by_one(size, rotation, generator):
    """Half of such small matrices have Cholesky factors, with a last pivot that is noise; its
    root, 1e-8, must not count.
    """
    zero, factorised = torch.zeros(size, dtype=torch.float64), 0
    for _ in range(50):
        turn = rotation(size)
        values, others = (0.5 + torch.rand(size, generator=generator).double() for _ in range(2))
        values[0] = 0
        truth = float((values.sqrt() - others.sqrt()).square().sum())
        singular, full = ((turn * v) @ turn.T for v in (values, others))
        factorised += int(torch.linalg.cholesky_ex(singular).info) == 0
        for pair in ((singular, full), (full, singular)):
            assert close(frechet_distance(*(Given(zero, one) for one in pair)), truth, 1e-11)
    assert factorised > 5


@pytest.mark.parametrize("condition", CONDITIONS)
def test_almost_equal_keeps_its_digits(condition, spectrum, rotation, monge):
    """The distance is 1e-12 of the traces: their difference alone would have 4 digits left."""
    first, second, truth = monge(rotation(64) * spectrum(64, condition).sqrt(), 1e-6)
    zero = torch.zeros(64, dtype=torch.float64)
    assert truth < 1e-11
    assert close(frechet_distance(Given(zero, first), Given(zero, second)), truth, 1e-7)


@pytest.mark.parametrize("size", SIZES)
def test_disjoint_supports(size, rotation, normal):
    turn = rotation(size)
    one, other = turn[:, : size // 3] * 2, turn[:, size // 3 : size // 2] * 0.7
    truth = float(one.square().sum() + other.square().sum())
    zero = torch.zeros(size, dtype=torch.float64)
    assert close(
        frechet_distance(Given(zero, one @ one.T), Given(zero, other @ other.T)), truth, 1e-9
    )


@pytest.mark.parametrize("rank", [0, 1, 20, 64])
def test_identical(rank, normal):
    factor = normal(64, rank)
    covariance, zero = factor @ factor.T, torch.zeros(64, dtype=torch.float64)
    found = frechet_distance(Given(zero, covariance), Given(zero, covariance))
    assert 0 <= found <= 1e-12 * max(float(covariance.trace()), 1)


def test_against_a_point(normal):
    factor = normal(12, 30)
    covariance, shift = factor @ factor.T, normal(12)
    point = Given(shift, torch.zeros(12, 12, dtype=torch.float64))
    truth = float(covariance.trace() + shift.square().sum())
    assert close(frechet_distance(point, Given(torch.zeros_like(shift), covariance)), truth)


def test_equal_to_the_formula_with_sqrtm(normal):
    x, y = normal(300, 20), 1.3 * normal(200, 20) + 0.2
    first, second = np.cov(x.numpy().T), np.cov(y.numpy().T)
    root = scipy.linalg.sqrtm(first @ second).real
    shift = float((x.mean(0) - y.mean(0)).square().sum())
    expected = shift + np.trace(first) + np.trace(second) - 2 * np.trace(root)
    assert close(frechet_distance(Moments.of(x), Moments.of(y)), expected)


def test_the_fast_path_is_taken_where_it_is_exact(normal, monkeypatch):
    def refuse(*_):
        raise AssertionError("singular values of a well-conditioned pair")

    monkeypatch.setattr(frechet, "_by_singular_values", refuse)
    decay = torch.arange(1, 65, dtype=torch.float64).rsqrt()
    x, y = normal(2000, 64) * decay, normal(2000, 64) * decay + 0.05
    assert frechet_distance(Moments.of(x), Moments.of(y)) > 0


@pytest.mark.parametrize("counts", [(10, 20), (20, 10), (10, 400), (400, 10), (64, 64), (65, 64)])
def test_fewer_samples_than_features(counts, normal):
    """The QR factors of the centred features have the same singular values."""
    x, y = (normal(count, 64) + step for count, step in zip(counts, (0.0, 0.3), strict=True))
    factors = [torch.linalg.qr((z - z.mean(0)) / (len(z) - 1) ** 0.5)[1] for z in (x, y)]
    overlap = torch.linalg.svdvals(factors[0] @ factors[1].T).sum()
    spread = sum(factor.square().sum() for factor in factors) - 2 * overlap
    truth = float((x.mean(0) - y.mean(0)).square().sum() + spread)
    assert close(frechet_distance(Moments.of(x), Moments.of(y)), truth, 1e-11)


def test_the_same_few_samples_are_at_no_distance(normal):
    x = normal(30, 100)
    shuffled = x[torch.randperm(30, generator=torch.Generator().manual_seed(1))]
    found = frechet_distance(Moments.of(x), Moments.of(shuffled))
    assert 0 <= found <= 1e-12 * float(Moments.of(x).covariance.trace())


def test_invariant_to_rotation_and_shift_and_squared_in_scale(normal, rotation):
    x, y = normal(100, 12), normal(90, 12) * 1.5
    turn, shift = rotation(12), 5 * normal(12)
    once = frechet_distance(Moments.of(x), Moments.of(y))
    moved = frechet_distance(Moments.of(3 * x @ turn + shift), Moments.of(3 * y @ turn + shift))
    assert close(moved, 9 * once, 1e-11)
    assert close(frechet_distance(Moments.of(y), Moments.of(x)), once, 1e-12)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_the_dtype_of_the_features_costs_nothing_more(normal, dtype):
    x, y = (100 * normal(60, 5)).to(dtype), (150 * normal(60, 5)).to(dtype)
    found = frechet_distance(Moments.of(x), Moments.of(y))
    assert close(found, frechet_distance(Moments.of(x.double()), Moments.of(y.double())), 1e-14)


def test_features_of_different_length():
    with pytest.raises(ShapeMismatch, match="found 2 and 3"):
        frechet_distance(Moments(2), Moments(3))
