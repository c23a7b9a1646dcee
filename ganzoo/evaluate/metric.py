"""Metric, and the batches of samples it compares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar

import torch
from torch import Tensor

from ganzoo.errors import Incompatible
from ganzoo.evaluate.extractor import Extractor
from ganzoo.evaluate.sharing import Ask, answer
from ganzoo.evaluate.sweep import Comparison
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
        training: of real samples: gives training samples, for metrics that look for copies.

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
        training: Callable[[], Samples] | None = None,
    ) -> None:
        self.x, self.labels, self._training = x.detach(), labels, training
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

    def with_features(self, features: Tensor) -> Samples:
        """The samples themselves, whose features ``(N, F)`` are known already."""
        vars(self)["features"] = features
        return self

    def against(self, real: Samples, comparison: Comparison[Any, T]) -> T:
        """What the comparison finds of the features of these and those samples, computed once;
        with what other metrics want of their pairs, where :meth:`Metric.asks` said so before.
        """
        found: T = answer(Ask(self, real, comparison))
        return found

    @cached_property
    def plain(self) -> Samples:
        """The same samples with no extractor: their features are the samples, flattened."""
        return self if self.extractor is None else Samples(self.x, mixture=self.mixture)

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
            found = self.extractor.classify(self.features)
            if found is not None:
                return found
            return torch.cat([self.extractor.predict(part) for part in self.x.split(_BATCH)])

    @cached_property
    def probabilities(self) -> Tensor:
        """``(N, classes)``: how likely each class is.

        Raises:
            Incompatible: without a classifier.
        """
        if self.extractor is None or not self.extractor.classes:
            raise Incompatible("this metric needs an extractor that is a classifier")
        with torch.no_grad():
            return torch.cat([self.extractor.probabilities(part) for part in self.x.split(_BATCH)])

    @cached_property
    def training(self) -> Samples:
        """Training samples of the data that these held-out samples are of.

        Raises:
            Incompatible: nobody said which they are.
        """
        if self._training is None:
            raise Incompatible("this metric needs the training samples beside the held-out ones")
        return self._training()


class Metric(ABC):
    """Compares generated with real samples: one number, in float64.

    ``direction``, ``unit`` and ``needs`` stand in the metric's registry entry.
    """

    @abstractmethod
    def __call__(self, fake: Samples, real: Samples) -> float:
        """The value for ``fake`` (N samples) against ``real`` (M samples)."""

    def asks(self, fake: Samples, real: Samples) -> Sequence[Ask]:
        """What it will want of all pairs of samples, by :meth:`Samples.against`.

        Nothing unless overridden. Whoever computes several metrics asks them first, and
        computes what all of them want in one pass over the pairs. The value is the same without::

            class BallRecall(ganzoo.Metric):
                balls = ganzoo.metrics.Balls(k=3)

                def asks(self, fake, real):
                    return [ganzoo.metrics.Ask(fake, real, self.balls)]

                def __call__(self, fake, real):
                    return fake.against(real, self.balls).recall

        :class:`ganzoo.metrics.Comparison` says what else can be asked, and how to write one.
        """
        del fake, real
        return ()

    def expected(self, fake: Samples, real: Samples) -> float | None:
        """What as many samples of a perfect sampler get on average, where theory says it; None
        where only real samples in the place of ``fake`` can tell.
        """
        del fake, real
        return None

    def error(self, fake: Samples, real: Samples) -> float | None:
        """The standard error of the value over new samples; None where none is known."""
        del fake, real
        return None
