"""Data on which metrics and extractors are examined: a mixture whose classes can be told."""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.evaluate import Extractor, Samples
from ganzoo.game import Mixture

__all__ = ["TRAINING_SEED", "Nearest", "corner_samples", "wrapped"]

TRAINING_SEED = 77
"""Of the corner samples that count as seen in training."""

_CENTRES: Tensor = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 3)
_SCALE = 0.1


class Nearest(Extractor):
    """A point in ten coordinates, and the nearest of the eight corners of a cube."""

    classes = len(_CENTRES)

    def __init__(self) -> None:
        dice = torch.Generator().manual_seed(7)
        self.turn = torch.linalg.qr(torch.randn(10, 10, generator=dice))[0][:3]

    def features(self, x: Tensor) -> Tensor:
        """``(N, 10)``."""
        turned: Tensor = x @ self.turn.to(x)
        return turned + 1

    def predict(self, x: Tensor) -> Tensor:
        """The number of the nearest corner, ``(N,)``."""
        nearest: Tensor = torch.cdist(x, _CENTRES.to(x)).argmin(1)
        return nearest


def corner_samples(seed: int, count: int = 400, spread: float = 0.0) -> Tensor:
    """Points ``(count, 3)`` at the corners, blurred by so much more normal noise."""
    dice = torch.Generator().manual_seed(seed)
    which = torch.randint(len(_CENTRES), (count,), generator=dice)
    scale = (_SCALE**2 + spread**2) ** 0.5
    points: Tensor = _CENTRES[which] + scale * torch.randn(count, 3, generator=dice)
    return points


def wrapped(x: Tensor, asked: Tensor | None = None) -> Samples:
    """Points as a metric gets them, with features, a classifier, the truth, training samples
    (:data:`TRAINING_SEED`), and labels: those of their corners where others are not given.
    """
    extractor, mixture = Nearest(), Mixture(_CENTRES, _SCALE)
    labels = extractor.predict(x.nan_to_num()) if asked is None else asked

    def training() -> Samples:
        return Samples(corner_samples(TRAINING_SEED), extractor, mixture)

    return Samples(x, extractor, mixture, labels=labels, training=training)
