"""(Leaky) ReLU whose double backward stops at the mask.

The derivative of a rectifier is constant on either side of its corner, so the second
derivative is zero; autograd's formula returns those zeros as a dense tensor, and a gradient
penalty drags them back through every layer below. Here the mask is read from a detached
tensor, and there is nothing to return. Values and gradients are bit-equal to torch's.

Two forms. :func:`leaky_relu` and :func:`relu` rest on an identity: the backward kernel of a
rectifier multiplies the incoming gradient by the mask, so given the input in the gradient's
place it is the rectifier itself. One kernel, no Python in the backward pass, at home under
``torch.func`` and ``torch.compile``; but it keeps its input, which nobody else keeps.
:func:`sparing_leaky_relu` and :func:`sparing_relu` are an autograd Function that keeps the
output, as the next layer does: half the memory, for some microseconds of Python. Process
time of a discriminator's turn against torch's own activation, one thread
(``python benchmarks/networks.py``):

=================================  ==========  ========  ======================
turn                               one kernel  sparing   ``x * where(x > 0..)``
=================================  ==========  ========  ======================
mlp 128, batch 128                 **1.03**    1.14      1.28
mlp 128, batch 128, with penalty   **0.88**    0.97      1.07
dcgan 32, batch 64                 1.00        **1.00**  1.15
dcgan 32, batch 64, with penalty   0.84        **0.75**  0.94
=================================  ==========  ========  ======================

The generators of images use torch's own ReLU, in place: behind batch norm, whose own second
derivative is not zero, neither form saved time.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganzoo.errors import BadOption

__all__ = ["LeakyReLU", "ReLU", "leaky_relu", "relu", "sparing_leaky_relu", "sparing_relu"]

_leaky = torch.ops.aten.leaky_relu_backward.default
_threshold = torch.ops.aten.threshold_backward.default


def _masked(x: Tensor, sign: Tensor, slope: float) -> Tensor:
    """``x`` where ``sign`` is positive, else ``slope * x``."""
    return cast(Tensor, _leaky(x, sign, slope, False) if slope else _threshold(x, sign, 0.0))


def leaky_relu(x: Tensor, slope: float = 0.2) -> Tensor:
    """``x`` where it is positive, else ``slope * x``; any shape, any floating dtype."""
    return _masked(x, x.detach(), slope)


def relu(x: Tensor) -> Tensor:
    """``x`` where it is positive, else 0; any shape, any floating dtype."""
    return _masked(x, x.detach(), 0.0)


class _Sparing(torch.autograd.Function):
    # The form with setup_context, which torch.func would take, costs 50 us more a call.
    @staticmethod
    def forward(ctx: Any, x: Tensor, slope: float) -> Tensor:
        output = functional.leaky_relu(x, slope) if slope else functional.relu(x)
        ctx.slope = slope
        ctx.save_for_backward(output)
        # A penalty reaches this node with nothing to add; None instead of dense zeros.
        ctx.set_materialize_grads(False)
        return output

    @staticmethod
    def backward(ctx: Any, grad: Tensor | None) -> tuple[Tensor | None, None]:
        if grad is None:
            return None, None
        # The output is positive where the input is, as long as slope >= 0.
        return _masked(grad, ctx.saved_tensors[0].detach(), ctx.slope), None


def sparing_leaky_relu(x: Tensor, slope: float = 0.2) -> Tensor:
    """:func:`leaky_relu` that keeps its output in the place of its input; slope >= 0.

    Under ``torch.func`` and ``torch.compile`` it is :func:`leaky_relu`.
    """
    if torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active():
        return leaky_relu(x, slope)
    return cast(Tensor, _Sparing.apply(x, slope))


def sparing_relu(x: Tensor) -> Tensor:
    """:func:`relu` that keeps its output in the place of its input."""
    return sparing_leaky_relu(x, 0.0)


class LeakyReLU(nn.Module):
    """:func:`sparing_leaky_relu` as a module.

    Args:
        slope: of the negative half.

    Raises:
        BadOption: a slope below 0.
    """

    def __init__(self, slope: float = 0.2) -> None:
        super().__init__()
        if not slope >= 0:
            raise BadOption(f"slope={slope}: 0 or more")
        self.slope = float(slope)

    def forward(self, x: Tensor) -> Tensor:
        """The same shape as ``x``."""
        return sparing_leaky_relu(x, self.slope)

    def extra_repr(self) -> str:
        """The slope."""
        return f"slope={self.slope:g}"


class ReLU(nn.Module):
    """:func:`sparing_relu` as a module."""

    def forward(self, x: Tensor) -> Tensor:
        """The same shape as ``x``."""
        return sparing_relu(x)
