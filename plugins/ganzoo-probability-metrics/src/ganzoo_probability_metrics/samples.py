"""What a loss on single samples and their scores needs."""

from __future__ import annotations

import torch
from torch import Tensor

import ganzoo

__all__ = ["beside", "flat", "gaps"]


def flat(x: Tensor) -> Tensor:
    """Samples ``(N, *shape)`` as ``(N, prod(shape))``, detached, in float32 or wider."""
    x = x.detach().reshape(len(x), -1)
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x


def beside(values: Tensor, score: Tensor) -> Tensor:
    """One value for each sample ``(N,)``, shaped to go with scores ``(N, ...)``."""
    return values.reshape(-1, *(1 for _ in score.shape[1:]))


def gaps(play: ganzoo.Play) -> Tensor:
    """What the i-th real sample less the i-th generated one is, ``(N, prod(shape))``.

    Raises:
        ganzoo.ShapeMismatch: as many samples of one kind as of the other are needed.
    """
    real, fake = flat(play.real_x), flat(play.fake_x)
    if real.shape != fake.shape:
        raise ganzoo.ShapeMismatch(
            f"a paired loss sets the i-th real sample against the i-th generated one and needs "
            f"as many of each, of one shape; found {len(real)} and {len(fake)}, of "
            f"{real.shape[1]} and {fake.shape[1]} elements"
        )
    return real - fake
