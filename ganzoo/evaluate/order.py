"""An order of samples that looks random and depends on nothing but the samples."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor

__all__ = ["content_order"]


def content_order(x: Tensor, seed: int = 0) -> Tensor:
    """``(N,)`` of int64: the rows of ``x`` (N, ...) in the order of a hash of their bytes.

    Whoever splits or thins a set by it gets the same parts whatever order the set came in,
    and whatever else was drawn before; sorted by class or by time makes no difference.

    Args:
        x: of any dtype; the same values in another dtype are in another order.
        seed: of the hash; another seed, another order.
    """
    rows = x.detach().flatten(1).cpu().contiguous().view(torch.uint8).numpy()
    key = seed.to_bytes(8, "little", signed=True)
    hashes = [hashlib.blake2b(row, digest_size=8, key=key).digest() for row in rows]
    return torch.tensor(sorted(range(len(rows)), key=hashes.__getitem__), device=x.device)
