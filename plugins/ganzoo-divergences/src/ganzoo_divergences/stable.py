"""Elementary functions in forms that neither overflow nor cancel, nor do their gradients."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from ganzoo.terms import softplus

__all__ = [
    "log_complement",
    "log_softplus",
    "log_wright_omega",
    "softplus",
    "wright_omega",
]

_FAR = 30.0  # exp(-30) is below the rounding of anything it is added to here


def log_softplus(t: Tensor) -> Tensor:
    """``log(log(1 + e^t))``, elementwise; t itself far below 0, where softplus is 0."""
    return torch.where(t <= -_FAR, t, softplus(t.clamp(min=-_FAR)).log())


def log_complement(t: Tensor, power: float) -> Tensor:
    """``log(1 - sigmoid(t)^power)``, elementwise, for a power above 0."""
    # At a bound, clamp has no gradient: there the other branch is taken.
    small = power * softplus(-t.clamp(max=_FAR))  # -log of what is taken from 1
    # Of 1 - e^-x, expm1 knows the digits where x is small, log1p where it is large.
    near = torch.where(
        small <= math.log(2),
        (-torch.expm1(-small)).log(),
        torch.log1p(-torch.exp(-small.clamp(min=math.log(2)))),
    )
    return torch.where(t >= _FAR, math.log(power) - softplus(t), near)


class _LogOmega(torch.autograd.Function):
    """The root l of ``l + e^l = x``; see :func:`log_wright_omega`."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        # Starts right of the root of a convex, rising function, then Halley's iteration.
        root = torch.where(x > 0, torch.log1p(x.clamp(min=0)), x)
        for _ in range(3):
            power = root.exp()
            step = (root + power - x) / (1 + power)
            root = root - step / (1 - step * power / (2 * (1 + power)))
        return root

    @staticmethod
    def setup_context(ctx: Any, _: tuple[Tensor], output: Tensor) -> None:
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (root,) = ctx.saved_tensors
        return gradients[0] * torch.sigmoid(-root)


def log_wright_omega(x: Tensor) -> Tensor:
    """The logarithm of :func:`wright_omega`: the l with ``l + e^l = x``, elementwise.

    Differentiable any number of times: ``dl/dx = 1 / (1 + e^l)``.
    """
    root: Tensor = _LogOmega.apply(x)
    return root


def wright_omega(x: Tensor) -> Tensor:
    """Wright's omega, ``W(e^x)`` with Lambert's W: the w with ``w + log w = x``, elementwise.

    No exponential of x is formed. ``dw/dx = w / (1 + w)``.
    """
    return log_wright_omega(x).exp()
