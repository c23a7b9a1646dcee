"""Dense linear algebra in float64. On the CPU by scipy's LAPACK where it does less work than
torch's: a symmetric product in half the multiplications, singular values without vectors by
the QR iteration, the eigenvectors of a symmetric matrix in about half of the time.
"""

from __future__ import annotations

import math

import scipy.linalg
import torch
from scipy.linalg import blas, lapack
from torch import Tensor

__all__ = [
    "across",
    "add_gram",
    "cholesky_factor",
    "congruent",
    "eigensystem",
    "mirrored",
    "noise",
    "singular_values",
]

_EPSILON = torch.finfo(torch.float64).eps
_ESTIMATE = 4  # how far LAPACK's estimate of a condition number may be off, times 16


def add_gram(total: Tensor, rows: Tensor) -> None:
    """``total += rows.T @ rows`` of ``(N, F)``, in place. Only the diagonal of ``total`` and
    what is above it can be relied on; :func:`mirrored` gives the whole.
    """
    if total.device.type == "cpu":
        # What LAPACK calls the lower triangle of columns is the upper one of rows.
        columns = total.numpy().T
        blas.dsyrk(  # type: ignore[attr-defined]
            1.0, rows.numpy().T, beta=1.0, c=columns, overwrite_c=1, lower=1
        )
    else:
        total.addmm_(rows.T, rows)


def mirrored(upper: Tensor) -> Tensor:
    """The symmetric matrix ``(n, n)`` with this diagonal and what is above it."""
    return upper.triu() + upper.triu(1).T


def congruent(lower: Tensor, symmetric: Tensor) -> Tensor:
    """``lower.T @ symmetric @ lower``, of which only the diagonal and what is below it can be
    relied on.
    """
    if symmetric.device.type == "cpu":
        found, _ = lapack.dsygst(  # type: ignore[attr-defined]
            symmetric.numpy().T, lower.numpy(), itype=2, lower=1
        )
        return torch.from_numpy(found)
    return lower.T @ symmetric @ lower


def across(first: Tensor, second: Tensor) -> Tensor:
    """``first.T @ second`` of lower triangular matrices ``(n, n)``."""
    if first.device.type == "cpu":
        found = blas.dtrmm(  # type: ignore[attr-defined]
            1.0, first.numpy(), second.numpy(), lower=1, trans_a=1
        )
        return torch.from_numpy(found)
    return first.T @ second


def singular_values(matrix: Tensor) -> Tensor:
    """Those of ``(n, m)``, the largest first."""
    if matrix.device.type == "cpu" and matrix.numel():
        found = scipy.linalg.svd(
            matrix.numpy(), compute_uv=False, lapack_driver="gesvd", check_finite=False
        )
        return torch.from_numpy(found)
    values: Tensor = torch.linalg.svdvals(matrix)
    return values


def eigensystem(symmetric: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues ``(n,)``, the smallest first, and vectors in the columns of ``(n, n)``."""
    if symmetric.device.type == "cpu":
        values, vectors = scipy.linalg.eigh(symmetric.numpy(), driver="evd", check_finite=False)
        return torch.from_numpy(values), torch.from_numpy(vectors)
    system = torch.linalg.eigh(symmetric)
    return system.eigenvalues, system.eigenvectors


def noise(size: int, largest: float) -> float:
    """What rounding may make of an eigenvalue 0 of an ``(n, n)`` matrix with this largest."""
    return 16 * _EPSILON * math.sqrt(size) * largest


def cholesky_factor(symmetric: Tensor) -> Tensor | None:
    """The lower factor of a matrix that is surely not singular, else None: half of all
    singular matrices have one by luck, with a last pivot that is the root of mere noise.
    """
    lower, failed = torch.linalg.cholesky_ex(symmetric)
    if int(failed):
        return None
    found: Tensor = lower
    norm = float(symmetric.abs().sum(0).max())
    if symmetric.device.type == "cpu":
        # The norm of the inverse, in the estimate of Hager and Higham: n^2 operations.
        reciprocal, _ = lapack.dpocon(  # type: ignore[attr-defined]
            found.numpy(), norm, uplo="L"
        )
        return found if reciprocal * norm > _ESTIMATE * noise(len(found), norm) else None
    values = torch.linalg.eigvalsh(symmetric)
    return found if float(values[0]) > noise(len(found), float(values[-1])) else None
