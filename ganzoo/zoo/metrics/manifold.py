"""Precision, recall, density and coverage of the features."""

from __future__ import annotations

from ganzoo.errors import BadOption
from ganzoo.evaluate.checks import check_pair, require_varied
from ganzoo.evaluate.manifold import Balls
from ganzoo.evaluate.metric import Metric, Samples
from ganzoo.evaluate.sharing import Ask

__all__ = ["coverage", "density", "precision", "recall"]


class _OfManifold(Metric):
    def __init__(self, field: str, k: int) -> None:
        if k < 1:
            raise BadOption(f"k={k}: at least the first neighbour")
        self.field, self.balls = field, Balls(k)

    def asks(self, fake: Samples, real: Samples) -> list[Ask]:
        return [Ask(fake, real, self.balls)]

    def __call__(self, fake: Samples, real: Samples) -> float:
        check_pair(fake.features, real.features)
        require_varied(real.features)
        value: float = getattr(fake.against(real, self.balls), self.field)
        return value


def precision(*, k: int = 5) -> Metric:
    """The share of generated samples on the real manifold (arXiv 1904.06991); higher is better.

    How good samples are, and nothing of how many kinds there are: one good sample for ever
    gets 1. Read it with recall.

    Args:
        k: the neighbour that the balls of the manifold reach.
    """
    return _OfManifold("precision", k)


def recall(*, k: int = 5) -> Metric:
    """The share of real samples on the generated manifold (arXiv 1904.06991); higher is better.

    How much of the data is there, and little of how good it is: stray samples make large
    balls. Read it with precision.

    Args:
        k: the neighbour that the balls of the manifold reach.
    """
    return _OfManifold("recall", k)


def density(*, k: int = 5) -> Metric:
    """How many real balls a generated sample is in, over k (arXiv 2002.09797); about 1 is par.

    Args:
        k: the neighbour that the balls of the manifold reach.
    """
    return _OfManifold("density", k)


def coverage(*, k: int = 5) -> Metric:
    """The share of real balls that a generated sample is in (arXiv 2002.09797); higher is
    better.

    Args:
        k: the neighbour that the balls of the manifold reach.
    """
    return _OfManifold("coverage", k)
