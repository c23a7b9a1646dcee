"""Multilayer perceptrons, for samples of any shape."""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise

import torch
from torch import Tensor, nn

from ganzoo.game import (
    Architecture,
    Discriminator,
    DiscriminatorOutput,
    Encoder,
    Generator,
    Spec,
)
from ganzoo.zoo.architectures.activation import leaky_relu
from ganzoo.zoo.architectures.blocks import (
    GaussianHead,
    ScoreHead,
    check_number,
    check_size,
    set_provided,
)
from ganzoo.zoo.architectures.labels import Labels, labelling

__all__ = ["Fourier", "MLPDiscriminator", "MLPEncoder", "MLPGenerator", "Perceptron", "mlp"]


class Fourier(nn.Module):
    """Vectors, followed by sines and cosines of random projections of them (random Fourier
    features, arXiv 2006.10739): what lets a small network tell modes that are close together.

    Args:
        inputs: elements of a vector.
        count: projections; each gives a cosine and a sine.
        scale: standard deviation of the frequencies, in cycles per unit of the input. They
            are drawn once, and are a buffer.
    """

    frequencies: Tensor
    phases: Tensor

    def __init__(self, inputs: int, count: int, scale: float) -> None:
        super().__init__()
        frequencies = 2 * math.pi * scale * torch.randn(inputs, count)
        # cos(t) = sin(t + pi / 2): one product and one sine for both halves
        self.register_buffer("frequencies", torch.cat([frequencies, frequencies], 1))
        phases = torch.cat([torch.full((count,), math.pi / 2), torch.zeros(count)])
        self.register_buffer("phases", phases)

    def forward(self, x: Tensor) -> Tensor:
        """``(N, inputs)`` to ``(N, inputs + 2 count)``."""
        x = x.to(self.frequencies.dtype)
        if not torch.is_autocast_enabled(x.device.type):
            return self._joined(x)
        # bfloat16 would round angles of a few turns by hundredths of a radian
        with torch.autocast(x.device.type, enabled=False):
            return self._joined(x)

    def _joined(self, x: Tensor) -> Tensor:
        return torch.cat([x, torch.addmm(self.phases, x, self.frequencies).sin()], 1)


class Perceptron(nn.Module):
    """Linear layers, each followed by a leaky ReLU of slope 0.2.

    Args:
        inputs: elements of an input vector.
        width: of every layer.
        depth: the number of layers.
        classes: with some, a one-hot label is joined to the input.
        bias_range: the first layer's biases are uniform in ``-bias_range .. bias_range``; 0
            for torch's own.
    """

    def __init__(
        self, inputs: int, width: int, depth: int, *, classes: int = 0, bias_range: float = 0.0
    ) -> None:
        super().__init__()
        sizes = [inputs] + [width] * depth
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sizes))
        # A one-hot label adds a row of the first weight matrix: looked up, not multiplied.
        self.labels = Labels(classes, width) if classes else None
        if bias_range:
            first = self.layers[0]
            assert isinstance(first, nn.Linear)
            nn.init.uniform_(first.bias, -bias_range, bias_range)

    def forward(self, h: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, inputs)`` to ``(N, width)``."""
        for position, layer in enumerate(self.layers):
            h = layer(h)
            if position == 0 and self.labels is not None:
                h = h + self.labels(y).to(h)
            h = leaky_relu(h, 0.2)
        return h


class MLPGenerator(Generator):
    """Hidden layers, a linear one, and for images a tanh.

    Args:
        spec: of the game.
        width, depth: of the hidden layers.
        classes, bias_range: see :class:`Perceptron`.
    """

    def __init__(
        self, spec: Spec, *, width: int, depth: int, classes: int = 0, bias_range: float = 0.0
    ) -> None:
        super().__init__()
        self.shape, self.image, self.conditional = spec.shape, len(spec.shape) == 3, classes > 0
        self.hidden = Perceptron(spec.latent, width, depth, classes=classes, bias_range=bias_range)
        self.out = nn.Linear(width, spec.size)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, latent)`` to ``(N, *shape)``, images in -1 .. 1."""
        x: Tensor = self.out(self.hidden(z, y)).to(z.dtype)
        return (x.tanh() if self.image else x).reshape(-1, *self.shape)


class MLPDiscriminator(Discriminator):
    """Fourier features where asked for, hidden layers, a linear score.

    Args:
        spec: of the game.
        width, depth: of the hidden layers; the last one is the features.
        fourier: a module in front of the hidden layers, and the number of its outputs.
        joined: classes of a one-hot label that is joined to the input.
        projected: classes of a label that is projected on the features.
        bias_range: see :class:`Perceptron`.
    """

    def __init__(
        self,
        spec: Spec,
        *,
        width: int,
        depth: int,
        fourier: tuple[int, float] = (0, 0.0),
        joined: int = 0,
        projected: int = 0,
        bias_range: float = 0.0,
    ) -> None:
        super().__init__()
        set_provided(self, width, joined=joined, projected=projected)
        count, scale = fourier
        self.fourier = Fourier(spec.size, count, scale) if count else None
        inputs = spec.size + 2 * count
        self.hidden = Perceptron(inputs, width, depth, classes=joined, bias_range=bias_range)
        self.head = ScoreHead(width, projected)

    def forward(self, x: Tensor, y: Tensor | None = None) -> DiscriminatorOutput:
        """``(N, *shape)`` to scores ``(N,)`` and features ``(N, width)``."""
        h = x.flatten(1)
        h = self.hidden(h if self.fourier is None else self.fourier(h), y).to(x.dtype)
        output: DiscriminatorOutput = self.head(h, y)
        return output


class MLPEncoder(Encoder):
    """Hidden layers, then a Gaussian.

    Args:
        spec: of the game.
        width, depth: of the hidden layers.
        classes, bias_range: see :class:`Perceptron`.
    """

    def __init__(
        self, spec: Spec, *, width: int, depth: int, classes: int = 0, bias_range: float = 0.0
    ) -> None:
        super().__init__()
        self.conditional = classes > 0
        self.hidden = Perceptron(spec.size, width, depth, classes=classes, bias_range=bias_range)
        self.head = GaussianHead(width, spec.latent)

    def forward(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """``(N, *shape)`` to mean and log-variance, each ``(N, latent)``."""
        mean, log_variance = self.head(self.hidden(x.flatten(1), y).to(x.dtype))
        return mean, log_variance


def mlp(
    spec: Spec,
    *,
    width: int = 128,
    depth: int = 2,
    discriminator_width: int | None = None,
    discriminator_depth: int | None = None,
    fourier: int = 0,
    fourier_scale: float = 0.25,
    bias_range: float = 0.0,
    conditional: bool | str = False,
) -> Architecture:
    """Networks of fully connected layers with leaky ReLUs of slope 0.2, for any samples.

    The generator ends in a tanh for images, shapes ``(channels, height, width)``, and in
    nothing for other shapes. The discriminator provides score and features (its last hidden
    layer), and labels when conditional. Layers start as torch makes them.

    Args:
        spec: of the game.
        width, depth: of the hidden layers, and how many there are.
        discriminator_width, discriminator_depth: the discriminator's, where they differ.
        fourier: so many random projections of a sample, as cosines and sines, join it in
            front of the discriminator; see :class:`Fourier`. 16 for close modes in the plane.
        fourier_scale: standard deviation of their frequencies, in cycles per unit of the data.
        bias_range: biases of every first layer are uniform up to it either way, 0 for
            torch's own. With 1.5 the kinks of the layer cover data of unit scale.
        conditional: whether labels are used: a one-hot label joins the input of each network.
            ``"generator"`` keeps them from the discriminator; ``"projection"`` gives it a
            projection on its features (arXiv 1802.05637) instead; ``"concat"`` is True.

    Raises:
        BadOption: a value out of range.
        Incompatible: ``conditional`` for data without classes.
    """
    known = labelling(spec, conditional, usual="concat")
    hidden = {"width": check_size("width", width), "depth": check_size("depth", depth)}
    judging = {**hidden, "joined": known.joined, "projected": known.projected}
    hidden["classes"] = known.generator
    if discriminator_width is not None:
        judging["width"] = check_size("discriminator_width", discriminator_width)
    if discriminator_depth is not None:
        judging["depth"] = check_size("discriminator_depth", discriminator_depth)
    bias = check_number("bias_range", bias_range)
    waves = (check_size("fourier", fourier, 0), check_number("fourier_scale", fourier_scale))
    return Architecture(
        generator=partial(MLPGenerator, spec, bias_range=bias, **hidden),
        discriminator=partial(MLPDiscriminator, spec, fourier=waves, bias_range=bias, **judging),
        encoder=partial(MLPEncoder, spec, bias_range=bias, **hidden),
    )
