"""Mean and covariance of features that arrive in batches, in float64."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ganzoo.errors import ShapeMismatch
from ganzoo.evaluate.checks import check_features, wide
from ganzoo.evaluate.dense import add_gram, mirrored

__all__ = ["Moments"]

_ROWS = 2048  # bounds the float64 copy of a large batch


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
        self._mirrored = False  # whether its lower half is in order too

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
        if self._rows is not None:
            return mirrored(_scatter(self._rows - self.mean)) / (self.count - 1)
        assert self._scatter is not None
        if not self._mirrored:
            self._scatter, self._mirrored = mirrored(self._scatter), True
        return self._scatter / (self.count - 1)

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
        assert self._scatter is not None
        self._scatter.add_(other._scatter.to(self._scatter.device))
        self._between(other.count, other.mean)
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
        assert self._scatter is not None
        mean = rows.mean(0)
        self._scatter = self._scatter.to(mean.device)
        add_gram(self._scatter, rows - mean)
        self._between(len(rows), mean)

    def _fold(self) -> None:
        """Give up the vectors for their scatter."""
        if self._rows is None:
            return
        rows, self._rows = self._rows, None
        self.mean = rows.mean(0) if len(rows) else self.mean
        self._scatter = _scatter(rows - self.mean.to(rows.device))

    def _between(self, count: int, mean: Tensor) -> None:
        """Take in so many more of this mean, whose own scatter has been added already."""
        assert self._scatter is not None
        total = self.count + count
        step = mean - self.mean.to(mean.device)
        self._scatter.addr_(step, step, alpha=self.count * count / total)
        self._mirrored = False
        self.mean = self.mean.to(mean.device) + step * (count / total)
        self.count = total


def _scatter(centred: Tensor) -> Tensor:
    """What :func:`add_gram` makes of rows ``(N, F)`` alone."""
    total = centred.new_zeros(centred.shape[1], centred.shape[1])
    if len(centred):
        add_gram(total, centred)
    return total
