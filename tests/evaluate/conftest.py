from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from ganzoo.evaluate import Evaluator, Extractor, Metric, Samples
from ganzoo.game.source import Mixture, Source, TensorSource
from ganzoo.game.spec import Spec
from ganzoo.zoo.metrics.classes import class_kl, class_modes
from ganzoo.zoo.metrics.distance import energy_distance
from ganzoo.zoo.metrics.frechet import frechet_distance
from ganzoo.zoo.metrics.kernel import kid
from ganzoo.zoo.metrics.manifold import precision, recall
from ganzoo.zoo.metrics.mixture import mode_kl, modes, quality


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.fixture
def normal(generator):
    """normal(*shape): float64 standard normal numbers, other ones at each call."""

    def draw(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    return draw


class _Largest(TorchDispatchMode):
    bytes = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        parts = out if isinstance(out, tuple | list) else [out]
        sizes = [part.untyped_storage().nbytes() for part in parts if isinstance(part, Tensor)]
        self.bytes = max([self.bytes, *sizes])
        return out


@pytest.fixture
def largest():
    """A context that knows the bytes of the largest tensor made within it."""
    return _Largest()


class Corners(Source):
    """Four modes at the corners of a square; unlimited."""

    def __init__(self) -> None:
        self.spec = Spec((2,), 4)
        corners = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
        self.mixture = Mixture(corners, 0.1)

    def draw(self, count, stream):
        mode = stream.integers(4, count)
        return self.mixture.centres.to(stream.device)[mode] + 0.1 * stream.normal(count, 2), None

    held_out = draw


class Blots(TensorSource):
    """200 grey images of 4 x 4 pixels of 5 levels, 120 of them for training."""

    levels = 5

    def __init__(self) -> None:
        dice = torch.Generator().manual_seed(5)
        bright = torch.randint(0, 2, (200, 1, 2, 1), generator=dice).repeat_interleave(2, 2)
        noise = torch.randint(0, 3, (200, 1, 4, 4), generator=dice)
        x = (2 * bright + noise) / 2.0 - 1
        super().__init__(x[:120], x[120:], latent=4, classes=4)


class Halves(Extractor):
    """The mean of the upper and of the lower half, and which of the two are bright."""

    classes = 4

    def __init__(self) -> None:
        self.seen: list[int] = []

    def features(self, x):
        self.seen.append(len(x))
        return x.flatten(1).unflatten(1, (2, -1)).mean(2)

    def predict(self, x):
        bright = (x.flatten(1).unflatten(1, (2, -1)).mean(2) > 0).long()
        return 2 * bright[:, 0] + bright[:, 1]


@pytest.fixture
def corners():
    return Corners()


@pytest.fixture
def blots():
    return Blots()


@pytest.fixture
def halves():
    return Halves()


class Seen(Metric):
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.fake: list[Samples] = []
        self.real: list[Samples] = []

    def __call__(self, fake, real):
        self.fake.append(fake)
        self.real.append(real)
        return float(len(fake))


@pytest.fixture
def seen():
    return Seen()


@pytest.fixture
def images():
    """images(count): images of 4 x 4 pixels, uniform in -1 .. 1; always the same ones."""

    def draw(count: int) -> Tensor:
        dice = torch.Generator().manual_seed(1)
        return 2 * torch.rand(count, 1, 4, 4, generator=dice) - 1

    return draw


@pytest.fixture
def of_points(corners):
    metrics = {
        "modes": modes(),
        "quality": quality(),
        "mode-kl": mode_kl(),
        "energy-distance": energy_distance(),
    }
    return Evaluator(corners, metrics, count=500)


@pytest.fixture
def of_images(blots, halves):
    metrics = {
        "frechet-distance": frechet_distance(),
        "kid": kid(),
        "precision": precision(),
        "recall": recall(),
        "class-modes": class_modes(),
        "class-kl": class_kl(),
    }
    return Evaluator(blots, metrics, extractor=halves)
