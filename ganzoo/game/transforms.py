"""Whether a turn is being transformed rather than carried out."""

from __future__ import annotations

import torch

__all__ = ["transformed"]


def transformed() -> bool:
    """Whether ``torch.compile`` traces what runs, or ``torch.func`` maps or differentiates it.

    Tensors are then values of a function: none can be made a leaf of the graph, and a
    gradient is taken by ``torch.func.grad`` in the place of ``torch.autograd.grad``.
    """
    return torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active()
