"""What one relative score costs: the logistic, least-squares and hinge functions."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import relu, softplus

__all__ = ["hinge", "logistic", "squares"]


def logistic(margin: Tensor) -> Tensor:
    """``softplus(-t)``, elementwise: ``-log sigmoid(t)``."""
    return softplus(-margin)


def squares(margin: Tensor) -> Tensor:
    """``(t - 1)^2``, elementwise."""
    return (margin - 1).square()


def hinge(margin: Tensor) -> Tensor:
    """``[1 - t]+``, elementwise."""
    return relu(1 - margin)
