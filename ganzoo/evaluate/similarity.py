"""Kernels: how similar two rows are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from ganzoo.evaluate.checks import middle, wide
from ganzoo.evaluate.pairwise import Block, squared_distances

__all__ = ["Gaussian", "Kernel", "Polynomial", "kernel_values", "typical_bandwidth"]

_ROWS = 1024  # bounds the float64 copy of a large set


class Kernel(Protocol):
    """``k(x_i, y_j)``, ``(n, m)`` of float64, up to a constant, of rows (n, F) and (m, F).

    One that has a method ``of_block(block)`` as well takes products or distances that a
    :class:`Block` knows already; it makes a new tensor of them.
    """

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """The kernel of all pairs."""
        ...


@dataclass(frozen=True)
class Polynomial:
    """``(x.y / F + 1)^degree``, the kernel of KID (arXiv 1801.01401)."""

    degree: int = 3

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """The kernel of all pairs."""
        return self._of(wide(x) @ wide(y).T, x.shape[1])

    def of_block(self, block: Block) -> Tensor:
        """The same of a block of pairs."""
        return self._of(block.inner, block.x.raw.shape[1])

    def _of(self, products: Tensor, size: int) -> Tensor:
        return products.div_(size).add_(1).pow_(self.degree)


@dataclass(frozen=True)
class Gaussian:
    """``exp(-|x - y|^2 / (2 bandwidth^2)) - 1``; unbiased estimates do not feel the constant,
    and without it keep the digits of a kernel that is nearly 1 everywhere.
    """

    bandwidth: float

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """The kernel of all pairs."""
        return self._of(squared_distances(x, y, middle(y)))

    def of_block(self, block: Block) -> Tensor:
        """The same of a block of pairs."""
        return self._of(block.squares)

    def _of(self, squares: Tensor) -> Tensor:
        return squares.mul(-0.5 / self.bandwidth**2).expm1_()


def kernel_values(kernel: Kernel, block: Block) -> Tensor:
    """The kernel of a block, newly made; of its rows where it knows nothing of blocks."""
    of_block = getattr(kernel, "of_block", None)
    values: Tensor = kernel(block.x.raw, block.y.raw) if of_block is None else of_block(block)
    return values


def typical_bandwidth(real: Tensor) -> float:
    """The root of half the mean squared distance of ``real`` (M, F), the total standard
    deviation: the kernel of a typical pair is then 1/e. 1 for features that are all the same.
    """
    centre = middle(real)
    total = sum(float((wide(part) - centre).square_().sum()) for part in real.split(_ROWS))
    return math.sqrt(total / (len(real) - 1)) or 1.0
