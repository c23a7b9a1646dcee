"""What becomes of the modes of a known Gaussian mixture."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ganzoo.errors import ShapeMismatch
from ganzoo.evaluate.checks import check_features, wide
from ganzoo.evaluate.pairwise import squared_distances
from ganzoo.game.source import Mixture

__all__ = ["ModeCounts", "count_modes", "covered_modes", "high_quality_share"]

_ROWS = 8192


class ModeCounts(NamedTuple):
    """Samples by the mode of K that is nearest to them.

    Attributes:
        nearest: ``(K,)`` of int64, all samples.
        near: ``(K,)`` of int64, those of high quality: within the radius of the mode.
    """

    nearest: Tensor
    near: Tensor


def count_modes(x: Tensor, mixture: Mixture, *, radius: float = 3.0) -> ModeCounts:
    """Assign each sample to its nearest mode.

    Args:
        x: ``(N, d)``.
        mixture: the truth.
        radius: how far from its mode a sample may be, in scales of the mixture.

    Raises:
        ShapeMismatch: points of another dimension than the modes, or fewer than two.
        BadData: NaN or infinite points.
    """
    check_features(x, "generated")
    if x.shape[1:] != mixture.centres.shape[1:]:
        raise ShapeMismatch(
            f"points of {x.shape[1]} dimensions against modes of {mixture.centres.shape[1]}"
        )
    centres = wide(mixture.centres.to(x.device))
    reach = (radius * mixture.scale) ** 2
    nearest, near = [], []
    for part in x.split(_ROWS):
        squares, mode = squared_distances(part, centres, centres.mean(0)).min(1)
        nearest.append(mode)
        near.append(mode[squares <= reach])
    return ModeCounts(
        *(torch.bincount(torch.cat(m), minlength=len(centres)) for m in (nearest, near))
    )


def high_quality_share(counts: ModeCounts) -> float:
    """The share of the samples that are within the radius of a mode, 0 .. 1.

    A perfect sampler in two dimensions gets ``1 - exp(-radius^2 / 2)``: 0.98889 at 3 scales.
    """
    return int(counts.near.sum()) / int(counts.nearest.sum())


def covered_modes(counts: ModeCounts, *, share: float = 0.2) -> int:
    """How many modes hold at least ``share`` of what is due to each of K modes, one in K of
    all the samples; only samples of high quality count.
    """
    due = share * int(counts.nearest.sum()) / len(counts.near)
    return int(((counts.near >= due) & (counts.near > 0)).sum())
