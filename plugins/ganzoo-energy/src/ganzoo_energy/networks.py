"""Autoencoders for discriminators, beside the generators of other networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

import ganzoo
from ganzoo_energy.energy import squared

__all__ = ["Autoencoder", "conv_ae", "mlp_ae"]


class Autoencoder(ganzoo.Discriminator):
    """A discriminator that reconstructs what it judges.

    The features are the code, and the score is minus the mean squared error of each sample:
    as any discriminator's, it is higher for what looks real. Losses of energies put their
    own in its place.

    Args:
        encode: from ``(N, channels + classes, side, side)``, or ``(N, size + classes)`` when
            flat, to codes ``(N, code)``.
        decode: from ``(N, code + classes)`` to ``(N, size)`` or ``(N, *shape)``.
        code: elements of the code.
        classes: with some, a one-hot label joins the sample and the code.
        flat: whether samples are encoded as vectors.
    """

    def __init__(
        self, encode: nn.Module, decode: nn.Module, *, code: int, classes: int, flat: bool
    ) -> None:
        super().__init__()
        self.encode, self.decode, self.classes, self.flat = encode, decode, classes, flat
        labels = {"labels", "concat"} if classes else set()
        self.provides = frozenset({"score", "features", "reconstruction"} | labels)
        self.feature_dim = code

    def forward(self, x: Tensor, y: Tensor | None = None) -> ganzoo.DiscriminatorOutput:
        """``(N, *shape)`` to scores ``(N,)``, codes and reconstructions."""
        seen = x.flatten(1) if self.flat else x
        code: Tensor = self.encode(self._labelled(seen, y)).to(x.dtype)
        reconstruction = self.decode(self._labelled(code, y)).to(x.dtype).reshape(x.shape)
        return ganzoo.DiscriminatorOutput(-squared(reconstruction, x), code, reconstruction)

    def _labelled(self, h: Tensor, y: Tensor | None) -> Tensor:
        """``(N, C, ...)`` with one-hot labels, the same everywhere: ``(N, C + classes, ...)``."""
        if not self.classes:
            return h
        if y is None:
            raise ganzoo.Incompatible(
                "this autoencoder is conditional: call it with labels, (N,) of int64, or build "
                "it with conditional=False"
            )
        label = one_hot(y, self.classes).to(h).reshape(len(h), -1, *(1 for _ in h.shape[2:]))
        return torch.cat([h, label.expand(-1, -1, *h.shape[2:])], 1)


def _dense(sizes: list[int]) -> nn.Sequential:
    """Linear layers of these sizes, with leaky ReLU between."""
    layers: list[nn.Module] = []
    for a, b in pairwise(sizes):
        layers += [nn.Linear(a, b), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers[:-1])


def _perceptron(
    spec: ganzoo.Spec, *, width: int, depth: int, code: int, classes: int
) -> Autoencoder:
    hidden = [width] * depth
    return Autoencoder(
        _dense([spec.size + classes, *hidden, code]),
        _dense([code + classes, *hidden, spec.size]),
        code=code,
        classes=classes,
        flat=True,
    )


def _plan(spec: ganzoo.Spec, width: int) -> tuple[int, list[int]]:
    """The side after all halvings, 7 at most, and the channels after each: doubling from
    ``width`` up to 8 times it.
    """
    side = spec.shape[-1] if len(spec.shape) == 3 else 0
    if len(spec.shape) != 3 or spec.shape[1] != side or side < 8 or side % 2:
        raise ganzoo.Incompatible(
            f"'conv-ae' takes square images (channels, side, side) with an even side of 8 or "
            f"more; these data have the shape {tuple(spec.shape)}. 'mlp-ae' takes any shape."
        )
    channels: list[int] = []
    while side > 7 and side % 2 == 0:
        side //= 2
        channels.append(width * min(2 ** len(channels), 8))
    return side, channels


def _convolutional(spec: ganzoo.Spec, *, width: int, code: int, classes: int) -> Autoencoder:
    side, channels = _plan(spec, width)
    down: list[nn.Module] = []
    for a, b in pairwise([spec.shape[0] + classes, *channels]):
        down += [nn.Conv2d(a, b, 4, 2, 1), nn.LeakyReLU(0.2)]
    inner = channels[-1] * side**2
    up: list[nn.Module] = [nn.Linear(code + classes, inner), nn.LeakyReLU(0.2)]
    up.append(nn.Unflatten(1, (channels[-1], side, side)))
    for a, b in pairwise([*channels[::-1], spec.shape[0]]):
        up += [nn.ConvTranspose2d(a, b, 4, 2, 1), nn.LeakyReLU(0.2)]
    encode = nn.Sequential(*down, nn.Flatten(), nn.Linear(inner, code))
    decode = nn.Sequential(*up[:-1])
    return Autoencoder(encode, decode, code=code, classes=classes, flat=False)


_LABELS = (False, True, "generator", "concat")


def _beside(
    spec: ganzoo.Spec,
    discriminator: Callable[..., Autoencoder],
    *,
    code: int,
    conditional: bool | str,
    generator: tuple[str, Mapping[str, Any]],
    sizes: Mapping[str, int],
) -> ganzoo.Architecture:
    """The networks of another architecture, their discriminator replaced."""
    for name, value in {**sizes, "code": code}.items():
        least = 0 if name == "code" else 1
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ganzoo.BadOption(f"{name}={value!r}: a whole number, at least {least}")
    if conditional not in _LABELS:
        raise ganzoo.BadOption(f"conditional={conditional!r}: one of {_LABELS}")
    name, options = generator
    extra = {"conditional": "generator"} if conditional else {}
    networks = ganzoo.get_architecture(name, spec, **{**options, **extra})
    built = partial(
        discriminator,
        spec,
        code=code or max(2, min(64, spec.size // 4)),
        classes=spec.classes if conditional in (True, "concat") else 0,
        **sizes,
    )
    return replace(networks, discriminator=built)


def mlp_ae(
    spec: ganzoo.Spec,
    *,
    width: int = 128,
    depth: int = 2,
    code: int = 0,
    generator: str = "mlp",
    generator_options: Mapping[str, Any] | None = None,
    conditional: bool | str = False,
) -> ganzoo.Architecture:
    """An autoencoder of fully connected layers for a discriminator, for any samples.

    Hidden layers, a code, the hidden layers in reverse, leaky ReLUs of slope 0.2 between and
    nothing at the end. It provides score (minus the mean squared error), features (the code)
    and reconstruction. The generator, and the encoder where one is needed, are those of
    another architecture.

    Args:
        spec: of the game.
        width: of the hidden layers.
        depth: how many hidden layers on either side of the code.
        code: elements of the code; 0 for a quarter of a sample's, between 2 and 64.
        generator: the architecture that the other networks come from.
        generator_options: its options; where there are none, the width and the depth.
        conditional: whether labels are used: a one-hot label joins the sample and the code,
            and the generator looks at it too. ``"generator"`` keeps it from the autoencoder;
            ``"concat"`` is True.

    Raises:
        BadOption: a value out of range.
        Incompatible: ``conditional`` for data without classes.
    """
    sizes = {"width": width, "depth": depth}
    return _beside(
        spec,
        _perceptron,
        code=code,
        conditional=conditional,
        generator=(generator, sizes if generator_options is None else generator_options),
        sizes=sizes,
    )


def conv_ae(
    spec: ganzoo.Spec,
    *,
    width: int = 64,
    code: int = 0,
    generator: str = "dcgan",
    generator_options: Mapping[str, Any] | None = None,
    conditional: bool | str = False,
) -> ganzoo.Architecture:
    """A convolutional autoencoder for a discriminator, for square images of an even side.

    4 x 4 convolutions of stride 2 down to 7 pixels or fewer, a linear code, and the way back
    with transposed ones; leaky ReLUs of slope 0.2 between, no norms, nothing at the end. It
    provides score (minus the mean squared error), features (the code) and reconstruction.
    The generator, and the encoder where one is needed, are those of another architecture.

    Args:
        spec: of the game.
        width: channels next to the image; they double with each halving, up to 8 times.
        code: elements of the code; 0 for a quarter of a sample's, between 2 and 64.
        generator: the architecture that the other networks come from.
        generator_options: its options; where there are none, the width.
        conditional: see :func:`mlp_ae`; labels join the sample as channels.

    Raises:
        BadOption: a value out of range.
        Incompatible: another shape, or ``conditional`` for data without classes.
    """
    sizes = {"width": width}
    _plan(spec, width)
    return _beside(
        spec,
        _convolutional,
        code=code,
        conditional=conditional,
        generator=(generator, sizes if generator_options is None else generator_options),
        sizes=sizes,
    )
