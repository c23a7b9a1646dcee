"""Squared maximum mean discrepancy with a polynomial kernel: the kernel distance."""

from __future__ import annotations

from torch import Tensor

from ganzoo.evaluate.checks import check_pair, wide
from ganzoo.evaluate.pairwise import pairs, triangle

__all__ = ["kernel_distance", "self_similarity"]


def kernel_distance(
    fake: Tensor, real: Tensor, *, degree: int = 3, real_similarity: float | None = None
) -> float:
    r"""Unbiased squared MMD of the kernel ``k(x, y) = (x.y / F + 1)^degree`` (arXiv 1801.01401).

    The exact U-statistic over all pairs, ``mean_{i != j} k(x_i, x_j) + mean_{i != j} k(y_i, y_j)
    - 2 mean_{i, j} k(x_i, y_j)``, and not the mean over random blocks of the paper, which costs
    as much and is noisier. Its expectation is 0 for equal laws, so it can be negative. In
    float64 throughout: float32 products would leave five digits of the small difference.
    Memory does not grow with the number of samples.

    Args:
        fake: ``(N, F)`` generated features.
        real: ``(M, F)`` real features.
        degree: of the polynomial.
        real_similarity: :func:`self_similarity` of ``real``, where it is known.

    Raises:
        ShapeMismatch: lengths of features that differ, or fewer than two samples.
        BadData: NaN or infinite features.
    """
    check_pair(fake, real)
    if real_similarity is None:
        real_similarity = self_similarity(real, degree=degree)
    total = 0.0
    for rows, columns in pairs(len(fake), len(real)):
        total += float(_kernel(fake[rows], real[columns], degree).sum())
    cross = total / (len(fake) * len(real))
    return self_similarity(fake, degree=degree) + real_similarity - 2 * cross


def self_similarity(x: Tensor, *, degree: int = 3) -> float:
    """The mean of the kernel over the pairs of different rows of ``x`` (N, F)."""
    total = 0.0
    for rows, columns in triangle(len(x)):
        kernel = _kernel(x[rows], x[columns], degree)
        if rows == columns:
            total += float(kernel.sum() - kernel.diagonal().sum())
        else:
            total += 2 * float(kernel.sum())
    return total / (len(x) * (len(x) - 1))


def _kernel(x: Tensor, y: Tensor, degree: int) -> Tensor:
    products = wide(x) @ wide(y).T
    return products.div_(x.shape[1]).add_(1).pow_(degree)
