"""Metric, and the batches of samples it compares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import torch
from torch import Tensor

from ganzoo.errors import Incompatible
from ganzoo.evaluate.extractor import Extractor
from ganzoo.game.source import Mixture

__all__ = ["Metric", "Samples"]

T = TypeVar("T")

_BATCH = 1024  # bounds what an extractor holds at once


class Samples:
    """A batch of samples, and what has been computed of it so far.

    Args:
        x: ``(N, *shape)``.
        extractor: where the data have one.
        mixture: the truth, where the data are a mixture.
        labels: ``(N,)``, what class each sample is of or, of a generated one, was asked to be
            of; None where nobody knows.

    A metric keeps what other metrics may want too with :meth:`remember`, so that five
    metrics on one batch extract its features once.
    """

    def __init__(
        self,
        x: Tensor,
        extractor: Extractor | None = None,
        mixture: Mixture | None = None,
        *,
        labels: Tensor | None = None,
    ) -> None:
        self.x, self.labels = x.detach(), labels
        self.extractor, self.mixture = extractor, mixture
        self._memory: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.x)

    def remember(self, key: str, make: Callable[[], T]) -> T:
        """What ``make()`` gave the first time this key was asked for."""
        if key not in self._memory:
            self._memory[key] = make()
        kept: T = self._memory[key]
        return kept

    @cached_property
    def features(self) -> Tensor:
        """``(N, F)``, by the extractor; the flattened samples where there is none."""
        if self.extractor is None:
            return self.x.flatten(1)
        with torch.no_grad():
            return torch.cat([self.extractor.features(part) for part in self.x.split(_BATCH)])

    @cached_property
    def predicted(self) -> Tensor:
        """The class of each sample ``(N,)``, int64.

        Raises:
            Incompatible: without a classifier.
        """
        if self.extractor is None or not self.extractor.classes:
            raise Incompatible("this metric needs an extractor that is a classifier")
        with torch.no_grad():
            return torch.cat([self.extractor.predict(part) for part in self.x.split(_BATCH)])


class Metric(ABC):
    """Compares generated with real samples: one number, in float64.

    ``direction``, ``unit`` and ``needs`` stand in the metric's registry entry.
    """

    @abstractmethod
    def __call__(self, fake: Samples, real: Samples) -> float:
        """The value for ``fake`` (N samples) against ``real`` (M samples)."""
