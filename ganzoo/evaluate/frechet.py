"""The Fréchet distance between two Gaussians, to the last digits that float64 has."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ganzoo.errors import ShapeMismatch
from ganzoo.evaluate import dense
from ganzoo.evaluate.moments import Moments

__all__ = ["frechet_distance"]

_EPSILON = torch.finfo(torch.float64).eps
_TRUSTED = 1e-7  # the bound on the error, relative to the distance, that the fast path may have
_ABOVE_NOISE = 100  # the root of an eigenvalue that is mere noise has lost half its digits
_CLOSE = 1e-4  # below this share of the traces their difference has lost too many digits


def frechet_distance(fake: Moments | Tensor, real: Moments | Tensor) -> float:
    r"""``|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^{1/2})`` of two Gaussians (arXiv 1706.08500).

    The square of the 2-Wasserstein distance, in squared units of the features; 0 or more, in
    float64. With ``S = F^T F`` the trace of the square root is the sum of the singular values
    of ``F1 F2^T``, which needs no square root of a matrix. Three ways lead there:

    - Cholesky factors and the eigenvalues of ``L1^T S2 L1``, where a bound on the rounding
      errors of these shows that they do not matter;
    - else the singular values, of any factors: Cholesky's, those of an eigendecomposition
      without its null space, or the centred features where they are fewer than their length;
    - where the Gaussians almost agree, ``|F1 - Q F2|^2`` with the best rotation Q, which
      subtracts no large numbers from one another.

    Args:
        fake: the generated features ``(N, F)``, or their moments.
        real: the real features ``(M, F)``, or their moments.

    Raises:
        ShapeMismatch: lengths of features that differ, or fewer than two samples.
        BadData: NaN or infinite features.
    """
    fake, real = (Moments.of(x) if isinstance(x, Tensor) else x for x in (fake, real))
    if fake.size != real.size:
        raise ShapeMismatch(
            f"generated and real features must have one length; found {fake.size} and "
            f"{real.size}. Use one extractor for both."
        )
    shift = float((fake.mean - real.mean.to(fake.mean.device)).square().sum())
    if fake.root is None and real.root is None:
        spread = _by_eigenvalues(fake.covariance, real.covariance.to(fake.mean.device), shift)
        if spread is not None:
            return shift + spread
    device = fake.mean.device
    return shift + _by_singular_values(_factor(fake, device), _factor(real, device))


def _by_eigenvalues(first: Tensor, second: Tensor, shift: float) -> float | None:
    """``tr(S1 + S2 - 2 (S1 S2)^{1/2})``, or None where it may not be exact enough."""
    lower, failed = torch.linalg.cholesky_ex(first)
    if int(failed):
        return None
    values = torch.linalg.eigvalsh(dense.congruent(lower, second)).clamp_(min=0)
    total = first.trace() + second.trace()
    spread = total - 2 * values.sqrt().sum()
    # An eigenvalue l known to +-error has a root known to about error / (2 sqrt(l)).
    error = _EPSILON * len(first) ** 0.5 * values[-1]
    bound = 2 * torch.minimum(error / (2 * values.sqrt()), (values + error).sqrt()).sum()
    bound = bound + 4 * _EPSILON * total
    trusted = (bound <= _TRUSTED * (spread + shift)) & (values[0] > _ABOVE_NOISE * error)
    return float(spread) if bool(trusted) else None


def _by_singular_values(first: _Factor, second: _Factor) -> float:
    """The same, of factors of the covariances."""
    if len(first.rows) < len(second.rows):
        first, second = second, first
    total = float(first.rows.square().sum() + second.rows.square().sum())
    if first.triangular and second.triangular:
        product = dense.across(first.rows.T, second.rows.T)
    else:
        product = first.rows @ second.rows.T
    spread = total - 2 * float(dense.singular_values(product).sum())
    if spread > _CLOSE * total:
        return spread
    left, _, right = torch.linalg.svd(product, full_matrices=False)
    return float((first.rows - left @ (right @ second.rows)).square().sum())


class _Factor(NamedTuple):
    """``rows`` (r, F), whose transpose times itself is the covariance."""

    rows: Tensor
    triangular: bool = False


def _factor(moments: Moments, device: torch.device) -> _Factor:
    if moments.root is not None:
        return _Factor(moments.root.to(device))
    covariance = moments.covariance.to(device)
    lower = dense.cholesky_factor(covariance)
    if lower is not None:
        return _Factor(lower.T, triangular=True)
    values, vectors = dense.eigensystem(covariance)
    # The root of an eigenvalue that rounding made of 0 would be 1e-8 and not 0.
    kept = values > dense.noise(len(values), float(values[-1]))
    return _Factor((vectors[:, kept] * values[kept].sqrt()).T)
