"""Random streams that are counters: what is drawn depends on (seed, name, index) alone."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor

__all__ = ["Stream"]

_GOLDEN = 0x9E3779B1  # odd, so that index -> index * golden is one-to-one modulo 2**32


class Stream:
    """A named source of random numbers on one device.

    ``seek(index)`` puts it at a fixed place: the draws that follow are a function of
    (seed, name, index), whatever was drawn before, so that a resumed run needs its step
    alone. Within one stream no two indices below 2**32 share their numbers.

    Args:
        seed: the seed of the run.
        name: what the numbers are for; streams of different names are independent.
        device: where the numbers are made.

    Example:
        >>> stream = Stream(0, "latent")
        >>> first = stream.seek(7).normal(2, 3)
        >>> bool((stream.seek(7).normal(2, 3) == first).all())
        True
    """

    def __init__(self, seed: int, name: str, device: torch.device | str = "cpu") -> None:
        self.seed, self.name, self.device = int(seed), name, torch.device(device)
        self.index = 0
        self._generator: torch.Generator | None = None
        digest = hashlib.blake2b(f"{self.seed}/{name}".encode(), digest_size=8).digest()
        self._base = int.from_bytes(digest, "little")
        self._block: tuple[int, int, Tensor] | None = None

    def _number(self, index: int) -> int:
        # Only the low 32 bits reach the CPU generator, so they must be the ones that move.
        return (self._base & ~0xFFFFFFFF) | ((self._base + index * _GOLDEN) & 0xFFFFFFFF)

    @property
    def generator(self) -> torch.Generator:
        """The torch generator behind the stream, made at its first use."""
        if self._generator is None:
            self._generator = torch.Generator(self.device)
            self._generator.manual_seed(self._number(self.index))
        return self._generator

    def seek(self, index: int) -> Stream:
        """Go to place ``index``; gives the stream itself."""
        self.index = int(index)
        self.generator.manual_seed(self._number(self.index))
        return self

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers of this shape, float32."""
        return torch.randn(*shape, generator=self.generator, device=self.device)

    def uniform(self, *shape: int) -> Tensor:
        """Numbers uniform in [0, 1) of this shape, float32."""
        return torch.rand(*shape, generator=self.generator, device=self.device)

    def integers(self, high: int, *shape: int) -> Tensor:
        """Whole numbers uniform in 0 .. high - 1, int64."""
        return torch.randint(high, shape, generator=self.generator, device=self.device)

    def shuffled(self, size: int, count: int) -> Tensor:
        """The ``index``-th batch of ``count`` positions of a set of ``size`` that is gone
        through in a new random order each time, int64 of shape ``(count,)``.

        Every position comes once before any comes twice. The stream stands in for the
        order of an epoch, so nothing but the index need be saved.
        """
        start = self.index * count
        parts = []
        while count > 0:
            epoch, offset = divmod(start, size)
            part = self._order(epoch, size)[offset : offset + count]
            parts.append(part)
            start, count = start + len(part), count - len(part)
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def _order(self, epoch: int, size: int) -> Tensor:
        if self._block is None or self._block[:2] != (epoch, size):
            order = Stream(self.seed, f"{self.name}/order", self.device).seek(epoch)
            permutation = torch.randperm(size, generator=order.generator, device=self.device)
            self._block = (epoch, size, permutation)
        return self._block[2]
