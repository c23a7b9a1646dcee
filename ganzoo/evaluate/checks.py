"""What every metric asks of its input, and the precision it works in."""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.errors import BadData, ShapeMismatch

__all__ = ["check_features", "check_pair", "middle", "require_varied", "wide"]

_ROWS = 1024  # bounds what is made of a large set at once


def wide(x: Tensor) -> Tensor:
    """``x`` in float64, on the CPU where its own device knows no float64."""
    return (x.cpu() if x.device.type == "mps" else x).to(torch.float64)


def middle(x: Tensor) -> Tensor:
    """``(F,)``: the mean of the rows of ``x`` (N, F), in float64, without a copy of them in it."""
    sums = [wide(part).sum(0) for part in x.split(_ROWS)]
    return torch.stack(sums).sum(0) / len(x)


def check_features(x: Tensor, name: str) -> None:
    """Raise unless ``x`` is ``(N, F)`` with N > 1, F > 0, and finite.

    Args:
        x: what is to be compared.
        name: how errors call it, e.g. ``"generated"``.

    Raises:
        ShapeMismatch: another shape, or fewer than two samples.
        BadData: NaN or infinite elements; says how many samples have some.
    """
    if x.ndim != 2 or len(x) < 2 or x.shape[1] < 1:
        raise ShapeMismatch(
            f"the {name} features must be (N, F) of at least 2 samples; found {tuple(x.shape)}"
        )
    broken = torch.cat([~torch.isfinite(part).all(1) for part in x.split(_ROWS)])
    count = int(broken.sum())
    if count:
        first = int(broken.nonzero()[0])
        raise BadData(
            f"{count} of {len(x)} {name} samples have features that are NaN or infinite, the "
            f"first of them sample {first}; leave them out, or mend what made them"
        )


def check_pair(fake: Tensor, real: Tensor) -> None:
    """Raise unless ``fake`` (N, F) and ``real`` (M, F) can be compared.

    Raises:
        ShapeMismatch: another shape, fewer than two samples, or F that differ.
        BadData: NaN or infinite elements.
    """
    check_features(fake, "generated")
    check_features(real, "real")
    if fake.shape[1] != real.shape[1]:
        raise ShapeMismatch(
            f"generated and real features must have one length; found {fake.shape[1]} and "
            f"{real.shape[1]}. Use one extractor for both."
        )


def require_varied(real: Tensor, name: str = "features") -> None:
    """Raise unless the rows of ``real`` (M, F) differ from one another.

    A generator may give one sample for ever, and is scored for it; real data do not.

    Raises:
        BadData: every row is the same.
    """
    if bool((real == real[:1]).all()):
        raise BadData(
            f"all {len(real)} real samples have the same {name}, so nothing can be measured "
            f"against them; look at the data and at the extractor"
        )
