"""What a user would take instead of a metric: the usual formulas, and libraries that have it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import torch
from torch import Tensor

__all__ = [
    "blocks_rival",
    "manifold_rival",
    "pairs_rival",
    "sliced_rival",
    "sqrtm_distance",
    "sqrtm_distance_of_features",
]


def library(name: str) -> Any:
    """A module, or a skip that says what to install."""
    package = {"ot": "POT"}.get(name.partition(".")[0], name.partition(".")[0])
    try:
        return import_module(name)
    except Exception as error:
        pytest.skip(f"{name} cannot be imported ({error}); pip install {package}")


def sqrtm_distance(means: tuple[Tensor, Tensor], covariances: tuple[Tensor, Tensor]) -> float:
    """The formula of pytorch-fid and clean-fid, on moments in float64."""
    shift = means[0] - means[1]
    root = scipy.linalg.sqrtm((covariances[0] @ covariances[1]).numpy())
    traces = sum(float(each.trace()) for each in covariances)
    return float(shift @ shift) + traces - 2 * float(np.trace(root).real)


def sqrtm_distance_of_features(fake: Tensor, real: Tensor) -> float:
    """The same from features ``(N, F)``, with numpy's covariance."""
    arrays = [x.double().numpy() for x in (fake, real)]
    means = [torch.from_numpy(x.mean(0)) for x in arrays]
    covariances = [torch.from_numpy(np.cov(x, rowvar=False)) for x in arrays]
    return sqrtm_distance((means[0], means[1]), (covariances[0], covariances[1]))


def blocks_rival() -> Callable[[Tensor, Tensor], float]:
    """KID as torchmetrics computes it: 100 blocks of 1000 at most, by its own function."""
    poly_mmd = library("torchmetrics.image.kid").poly_mmd

    def value(fake: Tensor, real: Tensor) -> float:
        size, found = min(1000, len(fake), len(real)), []
        dice = torch.Generator().manual_seed(0)
        for _ in range(100):
            x, y = (z[torch.randperm(len(z), generator=dice)[:size]] for z in (fake, real))
            found.append(poly_mmd(x, y))
        return float(torch.stack(found).mean())

    return value


def pairs_rival() -> Callable[[Tensor, Tensor], float]:
    """KID over all pairs at once, by torchmetrics' function, in float64."""
    poly_mmd = library("torchmetrics.image.kid").poly_mmd
    return lambda fake, real: float(poly_mmd(fake.double(), real.double()))


def manifold_rival() -> Callable[[Tensor, Tensor], dict[str, float]]:
    """Precision, recall, density and coverage by prdc."""
    prdc = library("prdc")

    def values(fake: Tensor, real: Tensor) -> dict[str, float]:
        return prdc.compute_prdc(real.numpy(), fake.numpy(), nearest_k=5)

    return values


def sliced_rival() -> Callable[[Tensor, Tensor, Tensor], float]:
    """The sliced Wasserstein distance by POT with torch tensors."""
    ot = library("ot")
    return lambda fake, real, lines: float(
        ot.sliced_wasserstein_distance(fake, real, projections=lines.to(fake))
    )
