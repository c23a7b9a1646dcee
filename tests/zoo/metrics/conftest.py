from __future__ import annotations

import pytest
import torch

from ganzoo.evaluate import Extractor, Samples
from ganzoo.game.source import Mixture


class Nearest(Extractor):
    """The point itself in ten coordinates, and the nearest of eight corners of a cube."""

    classes = 8

    def __init__(self, corners: torch.Tensor) -> None:
        self.corners = corners
        dice = torch.Generator().manual_seed(7)
        self.turn = torch.linalg.qr(torch.randn(10, 10, generator=dice))[0][:3]

    def features(self, x):
        return x @ self.turn + 1

    def predict(self, x):
        return torch.cdist(x, self.corners).argmin(1)


@pytest.fixture
def corners():
    return torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 3)


@pytest.fixture
def wrap(corners):
    """wrap(x): samples of a mixture of eight modes, with features and a classifier."""
    extractor, mixture = Nearest(corners), Mixture(corners, 0.1)
    return lambda x: Samples(x, extractor, mixture)


@pytest.fixture
def sample(corners):
    """sample(seed, count, noise): of the mixture, blurred by normal noise."""

    def draw(seed: int, count: int = 600, noise: float = 0.0):
        dice = torch.Generator().manual_seed(seed)
        mode = torch.randint(8, (count,), generator=dice)
        scale = (0.1**2 + noise**2) ** 0.5
        return corners[mode] + scale * torch.randn(count, 3, generator=dice)

    return draw
