"""Where real samples come from, and what is known of the truth behind them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from ganzoo.game.labels import check_labels
from ganzoo.game.spec import Spec
from ganzoo.game.stream import Stream

__all__ = ["Mixture", "Source", "Task", "TensorSource"]


@dataclass(frozen=True)
class Mixture:
    """The truth of a Gaussian mixture of equal weights: ``centres`` (K, d) and the standard
    deviation ``scale`` shared by every mode and axis, in the units of the samples.
    """

    centres: Tensor
    scale: float


@dataclass(frozen=True)
class Task:
    """What a data set suggests to whoever trains on it and asks for nothing else.

    Args:
        architecture: the name of the networks, and ``options`` theirs.
        settings: training settings by their names in :class:`ganzoo.Settings`.
        metrics: names of the metrics that say something here, the deciding one first.
    """

    architecture: str
    options: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    metrics: tuple[str, ...] = ()


class Source(ABC):
    """Deals real samples.

    Attributes:
        spec: the shape of a sample, a suggested latent size, and the number of classes.
        task: the suggestions that go with this data.
        mixture: the truth, where the data are a mixture of known modes.
        extractor: the name of the feature extractor that metrics use on these data.
        recordable: whether ``draw`` is operations on the stream's numbers and on tensors of its
            device alone, in no way dependent on Python's state, so that it may be recorded as
            a CUDA graph.
        levels: how many values an element can take between -1 and 1 (17 for the digits, 256
            for 8-bit images), 0 for real numbers. Metrics round generated samples to them.
    """

    spec: Spec
    task: Task = Task("mlp")
    mixture: Mixture | None = None
    extractor: str = "pixels"
    levels: int = 0
    recordable: bool = False

    @property
    def image(self) -> bool:
        """Whether a sample is a picture of shape ``(channels, height, width)`` in -1 .. 1."""
        return len(self.spec.shape) == 3

    @abstractmethod
    def draw(self, count: int, stream: Stream) -> tuple[Tensor, Tensor | None]:
        """``count`` training samples ``(count, *shape)`` and their labels ``(count,)`` of
        int64, or None where there are no classes, on the stream's device.
        """

    @abstractmethod
    def held_out(self, count: int, stream: Stream) -> tuple[Tensor, Tensor | None]:
        """At most ``count`` real samples that training never sees, and their labels."""

    def to(self, device: torch.device | str) -> Source:
        """Move what is kept to a device; gives the source itself."""
        del device
        return self


class TensorSource(Source):
    """A finite set that lives on the device as one tensor; batches are gathered there.

    Args:
        train: ``(N, *shape)``; float32 in -1 .. 1, or uint8 pixels that are scaled as they
            are dealt.
        test: ``(M, *shape)``, likewise, never dealt in training.
        train_labels, test_labels: ``(N,)`` and ``(M,)`` of int64, or None.
        latent: the suggested size of the latent vector.
        classes: the number of classes, 0 without labels.

    Raises:
        BadData: labels of another shape or type, or that name no class.
    """

    recordable = True

    def __init__(
        self,
        train: Tensor,
        test: Tensor,
        *,
        train_labels: Tensor | None = None,
        test_labels: Tensor | None = None,
        latent: int = 64,
        classes: int = 0,
    ) -> None:
        for x, labels in ((train, train_labels), (test, test_labels)):
            if labels is not None and classes:
                check_labels(labels, len(x), classes)
        self.spec = Spec(tuple(train.shape[1:]), latent, classes)
        self.train, self.test = train, test
        self.train_labels, self.test_labels = train_labels, test_labels

    @staticmethod
    def _scale(x: Tensor) -> Tensor:
        return x.float().div_(127.5).sub_(1.0) if x.dtype == torch.uint8 else x

    def draw(self, count: int, stream: Stream) -> tuple[Tensor, Tensor | None]:
        """A batch of an epoch in random order; see :meth:`Stream.shuffled`."""
        chosen = stream.shuffled(len(self.train), count)
        labels = None if self.train_labels is None else self.train_labels[chosen]
        return self._scale(self.train[chosen]), labels

    def held_out(self, count: int, stream: Stream) -> tuple[Tensor, Tensor | None]:
        """The held-out samples in random order, ``count`` or all there are."""
        chosen = stream.shuffled(len(self.test), min(count, len(self.test)))
        labels = None if self.test_labels is None else self.test_labels[chosen]
        return self._scale(self.test[chosen]), labels

    def to(self, device: torch.device | str) -> TensorSource:
        """Move the whole set to a device; gives the source itself."""
        self.train, self.test = self.train.to(device), self.test.to(device)
        if self.train_labels is not None:
            self.train_labels = self.train_labels.to(device)
        if self.test_labels is not None:
            self.test_labels = self.test_labels.to(device)
        return self
