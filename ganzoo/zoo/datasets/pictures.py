"""What the sets of 8-bit pictures share: one tensor of bytes, and what suits it."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from ganzoo.errors import BadOption
from ganzoo.game import Task, TensorSource

__all__ = ["picture_source", "resized"]

_BLOCK = 4096  # pictures turned to floats at once

# Radford et al., arXiv 1511.06434, but for the number of steps.
_TASK = Task(
    "dcgan",
    settings={
        "batch": 64,
        "generator_lr": 2e-4,
        "discriminator_lr": 2e-4,
        "betas": (0.5, 0.999),
        "ema": 0.999,
        "steps": 20_000,
    },
    metrics=("frechet-distance", "kid", "precision", "recall"),
)


def picture_source(
    train: tuple[Tensor, Tensor | None],
    test: tuple[Tensor, Tensor | None],
    *,
    classes: int,
    latent: int,
) -> TensorSource:
    """A source of 8-bit pictures, kept as bytes and scaled to -1 .. 1 as they are dealt.

    Args:
        train: pictures ``(N, C, H, W)`` of uint8, and their labels ``(N,)`` or None.
        test: likewise, held out.
        classes: how many labels there are.
        latent: the suggested size of the latent vector.
    """
    source = TensorSource(
        train[0],
        test[0],
        train_labels=train[1],
        test_labels=test[1],
        latent=latent,
        classes=classes,
    )
    source.levels, source.extractor, source.task = 256, "random-conv", _TASK
    return source


def resized(pictures: Tensor, size: int) -> Tensor:
    """Square pictures ``(N, C, size, size)`` of uint8, by antialiased bilinear sampling.

    Args:
        pictures: ``(N, C, H, W)`` of uint8.
        size: pixels a side; pictures of that size are left as they are.

    Raises:
        BadOption: ``size`` is below 1.
    """
    if size < 1:
        raise BadOption(f"size={size}: at least 1 pixel")
    if tuple(pictures.shape[2:]) == (size, size):
        return pictures
    result = pictures.new_empty(*pictures.shape[:2], size, size)
    for start in range(0, len(pictures), _BLOCK):
        block = pictures[start : start + _BLOCK].float()
        block = interpolate(block, (size, size), mode="bilinear", antialias=True)
        result[start : start + _BLOCK] = block.round_().clamp_(0, 255).to(torch.uint8)
    return result
