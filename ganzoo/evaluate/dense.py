"""Dense linear algebra in float64. On the CPU by scipy's LAPACK where it does less work than
torch's: a symmetric product in half the multiplications, singular values without vectors by
the QR iteration, the eigenvectors of a symmetric matrix in about half of the time.
"""

from __future__ import annotations

import math

import scipy.linalg
import torch
from scipy.linalg import lapack
from torch import Tensor

__all__ = ["cholesky_factor", "eigensystem", "gram", "noise", "singular_values"]

_EPSILON = torch.finfo(torch.float64).eps
_ESTIMATE = 4  # how far LAPACK's estimate of a condition number may be off, times 16


def gram(rows: Tensor) -> Tensor:
    """``rows.T @ rows`` of ``(N, F)``."""
    if rows.device.type == "cpu":
        array = rows.numpy()
        return torch.from_numpy(array.T @ array)  # numpy sees that it is symmetric
    return rows.T @ rows


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
