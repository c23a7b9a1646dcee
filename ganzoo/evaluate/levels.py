"""The values that the elements of real samples can take, and no others."""

from __future__ import annotations

from torch import Tensor

from ganzoo.errors import BadOption

__all__ = ["to_levels"]


def to_levels(x: Tensor, levels: int) -> Tensor:
    """``x`` clamped to -1 .. 1, each element rounded to the nearest of ``levels`` equally
    spaced values, of which -1 and 1 are the outermost. NaN stays NaN.

    Real images are made of few values and generated ones are not, which a feature extractor
    may see where no eye does.

    Raises:
        BadOption: fewer than two levels.
    """
    if levels < 2:
        raise BadOption(f"levels={levels}: at least 2, which are -1 and 1")
    half = (levels - 1) / 2
    # Divided last, as pixels are when they are loaded, so that both give the same bits.
    return x.detach().float().clamp(-1, 1).add(1).mul(half).round().div(half).sub(1)
