"""Features of images by convolutions with random weights: no data, no download."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import conv2d, leaky_relu

from ganzoo.errors import BadOption, ShapeMismatch
from ganzoo.evaluate.extractor import Extractor

__all__ = ["RandomConv", "random_conv"]

_WIDTHS = (32, 64, 128)
_BLOCK = 1 << 22  # elements of the first layer's result that are in memory at once


class RandomConv(Extractor):
    """The means over the image of every channel of three layers of convolutions.

    Args:
        seed: of the weights, which are made for the number of channels that come.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._weights: dict[tuple[int, torch.device], list[tuple[Tensor, Tensor]]] = {}

    def _layers(self, channels: int, device: torch.device) -> list[tuple[Tensor, Tensor]]:
        if (channels, device) not in self._weights:
            # Made on the CPU whatever the device: the same weights everywhere.
            generator = torch.Generator().manual_seed(self.seed)
            layers, inputs = [], channels
            for width in _WIDTHS:
                weight = torch.randn(width, inputs, 3, 3, generator=generator)
                bias = 0.5 * torch.randn(width, generator=generator)
                layers.append(((weight * math.sqrt(2 / (9 * inputs))).to(device), bias.to(device)))
                inputs = width
            self._weights[channels, device] = layers
        return self._weights[channels, device]

    def features(self, x: Tensor) -> Tensor:
        """``(N, 224)``, float32; no graph.

        Args:
            x: ``(N, C, H, W)`` in -1 .. 1, of any size.

        Raises:
            ShapeMismatch: no images.
        """
        if x.ndim != 4:
            raise ShapeMismatch(
                f"random-conv reads images (N, C, H, W) and was given {tuple(x.shape)}; "
                "'pixels' takes samples of any shape"
            )
        layers = self._layers(x.shape[1], x.device)
        block = max(1, _BLOCK // (_WIDTHS[0] * x.shape[2] * x.shape[3]))
        with torch.no_grad():
            return torch.cat([_means(part.float(), layers) for part in x.split(block)])


def _means(x: Tensor, layers: list[tuple[Tensor, Tensor]]) -> Tensor:
    found = []
    for number, (weight, bias) in enumerate(layers):
        x = leaky_relu(conv2d(x, weight, bias, stride=2 if number else 1, padding=1), 0.2)
        found.append(x.mean((2, 3)))
    return torch.cat(found, 1)


def random_conv(*, seed: int = 0) -> RandomConv:
    """Random convolutional features, for images that no classifier here knows.

    They see texture and shape where pixels see mean and covariance alone, and are coarser
    than those of a classifier of the same images.

    Args:
        seed: of the weights; values under different seeds are not comparable.

    Raises:
        BadOption: a negative seed.
    """
    if seed < 0:
        raise BadOption(f"seed={seed}: 0 or more")
    return RandomConv(seed)
