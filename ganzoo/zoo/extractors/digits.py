"""A small classifier of digits with fixed weights that ship with the package."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from ganzoo.errors import BadData, BadOption, MissingData, ShapeMismatch
from ganzoo.evaluate.extractor import Extractor

__all__ = ["FEATURES", "WEIGHTS", "DigitNetwork", "Digits", "digits", "stacked_digits"]

FEATURES = 64
WEIGHTS = Path(__file__).with_name("digits.safetensors")
_BLOCK = 2048  # digits that go through the network at once


class DigitNetwork(nn.Module):
    """Three convolutions and two linear layers: 72,842 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(256, FEATURES),
            nn.ReLU(),
        )
        self.head = nn.Linear(FEATURES, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(N, 10)`` of images ``(N, 1, 8, 8)`` in -1 .. 1."""
        logits: Tensor = self.head(self.body(x))
        return logits


class Digits(Extractor):
    """Features and classes of images whose channels are one digit each.

    Args:
        network: the classifier of one digit.
        channels: digits in an image; ``classes`` is 10 to that power.
    """

    def __init__(self, network: DigitNetwork, channels: int) -> None:
        self.network = network.eval().requires_grad_(False)
        self.channels, self.classes = channels, 10**channels

    def _single(self, x: Tensor) -> Tensor:
        """One digit a row, ``(N * channels, 1, 8, 8)``."""
        if x.ndim != 4 or x.shape[1] != self.channels:
            raise ShapeMismatch(
                f"this extractor of digits reads images (N, {self.channels}, H, W), one digit "
                f"a channel, and was given {tuple(x.shape)}; digits(channels=C) reads C channels"
            )
        x = x.detach().float().reshape(-1, 1, *x.shape[2:])
        frame = x.shape[2] % 8 // 2  # of background, around squares: as the data set has it
        if frame:
            x = x[:, :, frame:-frame, frame:-frame]
        return x if x.shape[2:] == (8, 8) else adaptive_avg_pool2d(x, 8)

    def _run(self, layers: nn.Module, x: Tensor) -> Tensor:
        # Moving a module that is already there is free.
        layers.to(x.device)
        with torch.no_grad():
            return torch.cat([layers(block) for block in x.split(_BLOCK)])

    def features(self, x: Tensor) -> Tensor:
        """``(N, 64 * channels)``, float32, none below 0: the layer before the classes.

        Args:
            x: ``(N, channels, H, W)`` in -1 .. 1; another size than 8 x 8 is averaged to
                it, without the frame that the data set puts around it (28: 2 pixels).

        Raises:
            ShapeMismatch: another shape.
        """
        return self._run(self.network.body, self._single(x)).view(-1, FEATURES * self.channels)

    def predict(self, x: Tensor) -> Tensor:
        """The number that the channels spell, the first its highest digit, ``(N,)``.

        Raises:
            ShapeMismatch: as :meth:`features`.
        """
        return self.classify(self.features(x))

    def classify(self, features: Tensor) -> Tensor:
        """The same of features ``(N, 64 * channels)``."""
        logits = self._run(self.network.head, features.reshape(-1, FEATURES))
        single = logits.argmax(1).view(-1, self.channels)
        powers = [10**place for place in reversed(range(self.channels))]
        return (single * torch.tensor(powers, device=features.device)).sum(1)

    def probabilities(self, x: Tensor) -> Tensor:
        """How likely each number is, ``(N, classes)``: the product over its digits.

        Raises:
            ShapeMismatch: as :meth:`features`.
        """
        single = (
            self._run(self.network, self._single(x)).softmax(1).unflatten(0, (-1, self.channels))
        )
        joint: Tensor = single[:, 0]
        for channel in range(1, self.channels):
            joint = (joint[:, :, None] * single[:, channel, None]).flatten(1)
        return joint


def digits(*, channels: int = 1) -> Digits:
    """A convolutional classifier of scikit-learn's digits, trained on the 1297 training
    images of the data set ``digits``; see :mod:`ganzoo.zoo.extractors.digits_training`.

    Args:
        channels: digits in an image, each a channel; their features are concatenated.

    Raises:
        BadOption: ``channels`` is not in 1 .. 18.
        MissingData: the weights are not in the package.
        BadData: they are damaged.
    """
    if not 1 <= channels <= 18:  # ten to the 19 is no int64
        raise BadOption(f"channels={channels}: 1 to 18")
    with torch.random.fork_rng(devices=[]):  # the initial weights, soon to be overwritten
        network = DigitNetwork()
    if not WEIGHTS.is_file():
        raise MissingData(
            f"the weights of the extractor 'digits' are not at {WEIGHTS}; reinstall ganzoo, or "
            f"make them with 'python -m ganzoo.zoo.extractors.digits_training {WEIGHTS.name}'"
        )
    try:
        # Loading copies into the float32 parameters what is stored in half precision.
        network.load_state_dict(load_file(WEIGHTS))
    except (SafetensorError, RuntimeError) as error:
        raise BadData(f"{WEIGHTS} does not hold the weights of 'digits': {error}") from error
    return Digits(network, channels)


def stacked_digits(*, channels: int = 3) -> Digits:
    """The extractor ``digits`` for images of several digits: 1000 classes with three.

    Args:
        channels: digits in an image.

    Raises:
        BadOption, MissingData, BadData: as :func:`digits`.
    """
    return digits(channels=channels)
