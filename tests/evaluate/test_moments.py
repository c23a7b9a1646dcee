import numpy as np
import pytest
import torch

from ganzoo.errors import BadData, ShapeMismatch
from ganzoo.evaluate.moments import Moments


@pytest.mark.parametrize("count", [3, 5, 6, 50])
def test_equal_to_numpy(normal, count):
    x = normal(count, 5)
    moments = Moments.of(x)
    assert np.allclose(moments.mean, x.numpy().mean(0), rtol=1e-14)
    assert np.allclose(moments.covariance, np.cov(x.numpy().T), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 30, 1, 40), (7, 0, 3), (100, 100), (1, 5000)])
def test_batches_are_one_set(normal, sizes):
    x = normal(sum(sizes), 6)
    whole, parts, merged = Moments.of(x), Moments(6), Moments(6)
    for part in x.split(sizes):
        parts.update(part)
        merged.merge(Moments(6).update(part))
    for other in (parts, merged):
        assert other.count == whole.count
        torch.testing.assert_close(other.mean, whole.mean, rtol=1e-13, atol=1e-15)
        torch.testing.assert_close(other.covariance, whole.covariance, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("offset", [1e4, 1e6])
def test_far_from_the_origin_no_digits_are_lost(normal, offset):
    near = normal(4000, 8)
    far = near + offset
    exact = near + offset - offset  # what is left of the numbers once they were rounded
    covariance = Moments(8)
    for part in far.split(300):
        covariance.update(part)
    expected = Moments.of(exact).covariance
    assert float((covariance.covariance - expected).norm() / expected.norm()) < 1e-9


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_float64_whatever_comes_in(normal, dtype):
    x = normal(40, 3).to(dtype)
    moments = Moments.of(x)
    assert moments.mean.dtype == moments.covariance.dtype == torch.float64
    torch.testing.assert_close(moments.covariance, torch.cov(x.double().T), rtol=1e-12, atol=1e-14)


def test_few_vectors_are_their_own_root(normal):
    few = Moments.of(normal(4, 9))
    torch.testing.assert_close(few.root.T @ few.root, few.covariance, rtol=1e-13, atol=1e-15)
    assert Moments.of(normal(10, 9)).root is None


def test_errors_name_and_count():
    x = torch.zeros(5, 2)
    x[3, 1], x[4, 0] = torch.nan, torch.inf
    with pytest.raises(BadData, match=r"2 of 5 .* first of them sample 3"):
        Moments.of(x)
    with pytest.raises(ShapeMismatch, match="at least 2"):
        Moments.of(torch.zeros(1, 2))
    with pytest.raises(ShapeMismatch, match="at least 2"):
        _ = Moments(2).update(torch.zeros(1, 2)).covariance
    with pytest.raises(ShapeMismatch, match=r"\(N, 2\)"):
        Moments(2).update(torch.zeros(4, 3))
    with pytest.raises(ShapeMismatch, match="do not merge"):
        Moments(2).merge(Moments.of(torch.eye(3).repeat(2, 1)))
