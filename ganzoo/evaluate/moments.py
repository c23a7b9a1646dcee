"""Mean and covariance of features that arrive in batches, in float64."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ganzoo.errors import ShapeMismatch
from ganzoo.evaluate.checks import check_features, wide
from ganzoo.evaluate.dense import gram

__all__ = ["Moments"]

_ROWS = 4096  # bounds the float64 copy of a large batch


class Moments:
    """The first two moments of ``count`` feature vectors of length ``size``.

    Batches are centred before they are squared and merged by the pairwise update of Chan,
    Golub and LeVeque (1983), so that features far from the origin lose no digits.

    As long as there are no more vectors than features, the vectors themselves are kept:
    they are smaller than a covariance, and an exact square root of it.

    Args:
        size: F, the length of a feature vector.

    Attributes:
        count: how many vectors have been seen.
        mean: ``(F,)`` of float64, on the device of the features.
    """

    def __init__(self, size: int) -> None:
        self.size, self.count = size, 0
        self.mean: Tensor = torch.zeros(size, dtype=torch.float64)
        self._rows: Tensor | None = self.mean.new_empty(0, size)
        self._scatter: Tensor | None = None

    @classmethod
    def of(cls, features: Tensor) -> Moments:
        """The moments of ``(N, F)`` features of any floating dtype.

        Raises:
            ShapeMismatch: another shape, or fewer than two samples.
            BadData: NaN or infinite elements.
        """
        check_features(features, "given")
        return cls(features.shape[1]).update(features)

    @property
    def covariance(self) -> Tensor:
        """``(F, F)`` of float64, unbiased.

        Raises:
            ShapeMismatch: of fewer than two vectors.
        """
        if self.count < 2:
            raise ShapeMismatch(f"a covariance needs at least 2 samples; found {self.count}")
        scatter = self._scatter
        if scatter is None:
            assert self._rows is not None
            scatter = gram(self._rows - self.mean)
        return scatter / (self.count - 1)

    @property
    def root(self) -> Tensor | None:
        """``(count, F)`` of float64 whose transpose times itself is the covariance, as long
        as there are no more vectors than features; None from then on.
        """
        if self._rows is None or self.count < 2:
            return None
        return (self._rows - self.mean) / math.sqrt(self.count - 1)

    def update(self, features: Tensor) -> Moments:
        """Add ``(N, F)`` features, N of 0 or more; gives the moments themselves.

        Raises:
            ShapeMismatch: features of another length.
        """
        if features.ndim != 2 or features.shape[1] != self.size:
            raise ShapeMismatch(
                f"these moments take features (N, {self.size}); found {tuple(features.shape)}"
            )
        for part in features.split(_ROWS):
            if len(part):
                self._add(wide(part))
        return self

    def merge(self, other: Moments) -> Moments:
        """Add what another has seen, of the same size; gives the moments themselves."""
        if other._rows is not None:
            return self.update(other._rows)
        assert other._scatter is not None
        if self.size != other.size:
            raise ShapeMismatch(f"moments of {self.size} and of {other.size} features do not merge")
        self._fold()
        self._merge(other.count, other.mean, other._scatter)
        return self

    def _add(self, rows: Tensor) -> None:
        if self._rows is not None:
            self._rows = torch.cat([self._rows.to(rows.device), rows])
            if self.count + len(rows) <= self.size:
                self.count += len(rows)
                self.mean = self._rows.mean(0)
                return
            self.count += len(rows)
            self._fold()
            return
        mean = rows.mean(0)
        self._merge(len(rows), mean, gram(rows - mean))

    def _fold(self) -> None:
        """Give up the vectors for their scatter."""
        if self._rows is None:
            return
        rows, self._rows = self._rows, None
        self.mean = rows.mean(0) if len(rows) else self.mean
        self._scatter = gram(rows - self.mean.to(rows.device))

    def _merge(self, count: int, mean: Tensor, scatter: Tensor) -> None:
        assert self._scatter is not None
        total = self.count + count
        step = mean - self.mean.to(mean.device)
        between = torch.outer(step, step) * (self.count * count / total)
        self._scatter = self._scatter.to(mean.device) + scatter + between
        self.mean = self.mean.to(mean.device) + step * (count / total)
        self.count = total
