"""What one relative score costs: the logistic, least-squares and hinge functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import Tensor
from torch.nn.functional import relu

import ganzoo
from ganzoo.terms import softplus

__all__ = ["TRAITS", "hinge", "logistic", "squares"]


def logistic(margin: Tensor) -> Tensor:
    """``softplus(-t)``, elementwise: ``-log sigmoid(t)``."""
    return softplus(-margin)


def squares(margin: Tensor) -> Tensor:
    """``(t - 1)^2``, elementwise."""
    return (margin - 1).square()


def hinge(margin: Tensor) -> Tensor:
    """``[1 - t]+``, elementwise."""
    return relu(1 - margin)


TRAITS: Mapping[Callable[[Tensor], Tensor], ganzoo.Traits] = {
    logistic: ganzoo.Traits(shift_invariant=True),
    squares: ganzoo.Traits(shift_invariant=True, monotone=False, growth="quadratic"),
    # of the difference real - generated, for either player
    hinge: ganzoo.Traits(shift_invariant=True, kinks=(-1.0, 1.0)),
}
"""What a loss declares for its cost; how it is relative says the rest."""
