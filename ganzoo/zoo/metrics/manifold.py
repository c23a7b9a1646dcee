"""Precision, recall, density and coverage of the features."""

from __future__ import annotations

from ganzoo.errors import BadOption
from ganzoo.evaluate.checks import check_pair, require_varied
from ganzoo.evaluate.manifold import Manifold, manifold, squared_radii
from ganzoo.evaluate.metric import Metric, Samples

__all__ = ["coverage", "density", "precision", "recall"]


class _OfManifold(Metric):
    def __init__(self, field: str, k: int) -> None:
        if k < 1:
            raise BadOption(f"k={k}: at least the first neighbour")
        self.field, self.k = field, k

    def __call__(self, fake: Samples, real: Samples) -> float:
        # The real samples are kept with the value, or their id might become another's.
        _, found = fake.remember(
            f"manifold {self.k} {id(real)}", lambda: (real, self._all(fake, real))
        )
        value: float = getattr(found, self.field)
        return value

    def _all(self, fake: Samples, real: Samples) -> Manifold:
        check_pair(fake.features, real.features)
        require_varied(real.features)
        radii = real.remember(f"radii {self.k}", lambda: squared_radii(real.features, k=self.k))
        return manifold(fake.features, real.features, k=self.k, real_radii=radii)


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
