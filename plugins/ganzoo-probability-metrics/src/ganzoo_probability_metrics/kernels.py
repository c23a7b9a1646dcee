"""Kernels between features, and the discrepancy that each makes of two sets of them.

Inner products are taken in float64 and rounded back: near pairs lose nothing to cancellation
then, nor anything to autocast or TF32, at a tenth of the time and memory of differences taken
pair by pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

__all__ = [
    "Kernel",
    "distance",
    "distances",
    "linear",
    "mmd_squared",
    "off_diagonal",
    "off_diagonal_mean",
    "plummer",
    "rational_quadratic",
    "rbf",
    "rbf_of",
    "root",
    "squares",
    "witness",
]

Kernel = Callable[[Tensor, Tensor], Tensor]
"""From ``(N, F)`` and ``(M, F)`` to ``(N, M)``."""


def _parts(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Squared lengths, summed for each pair, and inner products, float64."""
    x, y = x.double(), y.double()
    return x.square().sum(1, keepdim=True) + y.square().sum(1), x @ y.t()


def squares(x: Tensor, y: Tensor) -> Tensor:
    """Squared Euclidean distances ``(N, M)`` between rows of ``(N, F)`` and ``(M, F)``."""
    lengths, products = _parts(x, y)
    return (lengths - 2 * products).to(x.dtype)


def root(squared: Tensor) -> Tensor:
    """A square root whose derivatives of any order are 0 at 0, elementwise.

    The second derivative of ``vector_norm`` at 0 is NaN, and penalties take it.
    """
    zero = squared == 0
    return squared.masked_fill(zero, 1.0).sqrt().masked_fill(zero, 0.0)


def distances(x: Tensor, y: Tensor) -> Tensor:
    """Euclidean distances ``(N, M)`` between rows of ``(N, F)`` and ``(M, F)``."""
    lengths, products = _parts(x, y)
    squared = lengths - 2 * products
    # the same row twice: what is left is rounding, and its root would be steep
    same = squared <= x.shape[1] * torch.finfo(squared.dtype).eps * lengths
    return root(squared.masked_fill(same, 0.0)).to(x.dtype)


def rbf_of(squared: Tensor, sigmas: Sequence[float]) -> Tensor:
    """``sum_s exp(-d^2 / (2 s^2))`` of squared distances, elementwise."""
    return torch.stack([(squared / (-2 * sigma**2)).exp() for sigma in sigmas]).sum(0)


def rbf(x: Tensor, y: Tensor, *, sigmas: Sequence[float]) -> Tensor:
    """Gaussian kernels of several widths, summed."""
    return rbf_of(squares(x, y), sigmas)


def rational_quadratic(x: Tensor, y: Tensor, *, alphas: Sequence[float]) -> Tensor:
    """``sum_a (1 + d^2 / (2 a))^(-a)``: mixtures of Gaussian kernels over all widths."""
    squared = squares(x, y)
    each = [(-alpha * (squared / (2 * alpha)).log1p()).exp() for alpha in alphas]
    return torch.stack(each).sum(0)


def distance(x: Tensor, y: Tensor) -> Tensor:
    """``-|x - y|``: with ``|x| + |y|`` added, which no discrepancy sees, a kernel."""
    return -distances(x, y)


def linear(x: Tensor, y: Tensor) -> Tensor:
    """Inner products."""
    return _parts(x, y)[1].to(x.dtype)


def plummer(x: Tensor, y: Tensor, *, epsilon: float, power: float) -> Tensor:
    """``(d^2 + epsilon^2)^(-power / 2)``: the potential of a charge with its peak cut off."""
    return (squares(x, y) + epsilon**2).pow(-power / 2)


def off_diagonal(kernel: Tensor) -> Tensor:
    """For each row of ``(N, N)`` the mean over the other samples, ``(N,)``."""
    return (kernel.sum(1) - kernel.diagonal()) / (len(kernel) - 1)


def off_diagonal_mean(kernel: Tensor) -> Tensor:
    """The mean of ``(N, N)`` over pairs of different samples, 0-dim."""
    return off_diagonal(kernel).mean()


def mmd_squared(kernel: Kernel, x: Tensor, y: Tensor, *, biased: bool = False) -> Tensor:
    """The squared maximum mean discrepancy of rows of ``(N, F)`` and ``(M, F)``, 0-dim.

    ``E k(x, x') + E k(y, y') - 2 E k(x, y)``; biased (a V-statistic) it is never negative,
    unbiased (a U-statistic) a sample is not compared with itself, which takes two of each.
    """
    mean = torch.mean if biased else off_diagonal_mean
    return mean(kernel(x, x)) + mean(kernel(y, y)) - 2 * kernel(x, y).mean()


def witness(points: Tensor, real: Tensor, fake: Tensor, *, kernel: Kernel) -> Tensor:
    """``E k(t, x) - E k(t, y)`` at each of ``(N, F)`` points: the function whose difference
    of means is the squared discrepancy, ``(N,)``.
    """
    return kernel(points, real).mean(1) - kernel(points, fake).mean(1)
