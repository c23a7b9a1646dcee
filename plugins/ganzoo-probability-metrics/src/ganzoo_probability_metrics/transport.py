"""Entropic optimal transport between two small sets of samples."""

from __future__ import annotations

import math

import torch
from torch import Tensor

__all__ = ["plan", "transport_cost"]


def plan(cost: Tensor, *, epsilon: float, iterations: int) -> Tensor:
    """The plan that transports uniform weights at the least cost less ``epsilon`` times its
    entropy, by Sinkhorn's iteration on the potentials.

    Args:
        cost: ``(..., N, M)``.
        epsilon: the smaller, the sharper the plan, and the more iterations it takes.
        iterations: a fixed number, so that nothing is read back.

    Returns:
        ``(..., N, M)``: its columns sum to 1 / M, its rows nearly to 1 / N.
    """
    scaled = cost / -epsilon
    rows, columns = math.log(cost.shape[-2]), math.log(cost.shape[-1])
    column = torch.zeros_like(scaled[..., :1, :])
    row = torch.zeros_like(scaled[..., :1])
    for _ in range(iterations):
        row = columns - (scaled + column).logsumexp(-1, keepdim=True)
        column = rows - (scaled + row).logsumexp(-2, keepdim=True)
    return (scaled + row + column - rows - columns).exp()


def transport_cost(
    cost: Tensor, *, epsilon: float, iterations: int, through: bool = True
) -> Tensor:
    """What the plan costs without its entropy, ``(...)``.

    Args:
        cost: ``(..., N, M)``.
        epsilon, iterations: see :func:`plan`.
        through: differentiate the plan too; otherwise it is a constant, as at the optimum of
            the regularised problem it may be.
    """
    with torch.set_grad_enabled(through and torch.is_grad_enabled()):
        shares = plan(cost, epsilon=epsilon, iterations=iterations)
    return (shares * cost).sum((-2, -1))
