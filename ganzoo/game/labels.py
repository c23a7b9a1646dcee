"""What labels must be, whoever gives them."""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.errors import BadData

__all__ = ["check_labels"]


def check_labels(labels: Tensor, count: int, classes: int) -> None:
    """Raise :class:`ganzoo.BadData` unless labels are ``(count,)`` of int64 in
    0 .. classes - 1. Reads them back to the host, so it has no place in a training step.
    """
    if labels.dtype != torch.int64 or labels.shape != (count,):
        raise BadData(
            f"labels are whole numbers, one for each sample: ({count},) of int64; found "
            f"{tuple(labels.shape)} of {str(labels.dtype).removeprefix('torch.')}"
        )
    low, high = (int(labels.min()), int(labels.max())) if count else (0, 0)
    if low < 0 or high >= classes:
        raise BadData(
            f"with {classes} classes, labels name them from 0 to {classes - 1}; found labels "
            f"from {low} to {high}"
        )
