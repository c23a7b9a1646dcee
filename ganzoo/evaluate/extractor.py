"""Extractor: what metrics look at instead of the samples themselves."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor
from torch.nn.functional import one_hot

__all__ = ["Extractor"]


class Extractor(ABC):
    """Turns samples into features, and into classes where it is a classifier.

    ``classes`` is the number of classes that :meth:`predict` can tell apart, 0 for none.
    """

    classes: int = 0

    @abstractmethod
    def features(self, x: Tensor) -> Tensor:
        """``(N, F)``, float32 or wider, for samples ``(N, *shape)``; no graph."""

    def predict(self, x: Tensor) -> Tensor:
        """The class of each sample, ``(N,)`` of int64; of classifiers alone."""
        del x
        raise TypeError(f"{type(self).__name__} is no classifier")

    def classify(self, features: Tensor) -> Tensor | None:
        """What :meth:`predict` gives, of the features ``(N, F)`` of the samples alone, so that
        nobody computes them twice; None where they do not suffice.
        """
        del features
        return None

    def probabilities(self, x: Tensor) -> Tensor:
        """``(N, classes)``, float32 or wider: how likely each class is; of classifiers alone.

        All on the class of :meth:`predict`, unless a subclass knows better.
        """
        return one_hot(self.predict(x), self.classes).float()
