"""The networks of InfoGAN for MNIST (arXiv 1606.03657, appendix C.1), for square images."""

from __future__ import annotations

from functools import partial

from torch import Tensor, nn

from ganzoo.errors import Incompatible
from ganzoo.game import (
    Architecture,
    Generator,
    Spec,
)
from ganzoo.zoo.architectures.activation import LeakyReLU
from ganzoo.zoo.architectures.blocks import (
    NORMS,
    check_one_of,
    check_size,
    named_norm,
)
from ganzoo.zoo.architectures.labels import Labels, labelling, with_planes
from ganzoo.zoo.architectures.trunks import Trunk, TrunkDiscriminator, TrunkEncoder

__all__ = ["InfoDiscriminator", "InfoEncoder", "InfoGenerator", "InfoTrunk", "infogan_conv"]

_SLOPE = 0.1


def _side(spec: Spec) -> int:
    """The side of the smallest map, a quarter of the image's.

    Raises:
        Incompatible: images of another shape.
    """
    side = spec.shape[-1] if len(spec.shape) == 3 else 0
    if len(spec.shape) != 3 or spec.shape[1] != side or side < 8 or side % 4:
        raise Incompatible(
            f"'infogan-conv' makes square images (channels, side, side) with a side of 8, 12, 16, "
            f"... 28, ...; these data have the shape {tuple(spec.shape)}. 'mlp' takes any shape."
        )
    return side // 4


def _initialised(module: nn.Module) -> None:
    """Weights N(0, 0.02), biases 0."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d) or type(part) is nn.Linear:
            nn.init.normal_(part.weight, 0.0, 0.02)
            if part.bias is not None:
                nn.init.zeros_(part.bias)


class InfoGenerator(Generator):
    """Two linear layers up to a map of a quarter of the side, two transposed convolutions;
    batch norm and ReLU between, a tanh at the end.

    Args:
        spec: of the game.
        width: channels before the last convolution.
        hidden: of the first layer.
        classes: with some, a one-hot label joins the latent vector.
    """

    def __init__(self, spec: Spec, *, width: int, hidden: int, classes: int = 0) -> None:
        super().__init__()
        self.conditional, self.side = classes > 0, _side(spec)
        inner = 2 * width * self.side**2
        self.start = nn.Linear(spec.latent, hidden, bias=False)
        self.labels = Labels(classes, hidden) if classes else None
        self.norm_start = nn.BatchNorm1d(hidden)
        self.middle = nn.Sequential(
            nn.Linear(hidden, inner, bias=False), nn.BatchNorm1d(inner), nn.ReLU(inplace=True)
        )
        self.up = nn.Sequential(
            nn.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, spec.shape[0], 4, 2, 1),
        )
        _initialised(self)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, latent)`` to ``(N, channels, side, side)`` in -1 .. 1."""
        h: Tensor = self.start(z)
        if self.labels is not None:
            h = h + self.labels(y).to(h)
        h = self.middle(self.norm_start(h).relu_()).unflatten(1, (-1, self.side, self.side))
        x: Tensor = self.up(h)
        return x.to(z.dtype).tanh()


class InfoTrunk(Trunk):
    """Two convolutions of stride 2 and a linear layer, each with leaky ReLU of slope 0.1 and
    all but the first with a norm.

    Args:
        spec: of the game.
        width: channels after the first convolution; the second has twice as many.
        hidden: the number of features.
        norm: ``"none"``, ``"layer"`` or ``"batch"``.
        joined: classes whose planes are joined to the image.
    """

    def __init__(self, spec: Spec, *, width: int, hidden: int, norm: str, joined: int = 0) -> None:
        super().__init__()
        self.joined, self.features, bias = joined, hidden, norm == "none"
        self.convolutions = nn.Sequential(
            nn.Conv2d(spec.shape[0] + joined, width, 4, 2, 1),
            LeakyReLU(_SLOPE),
            nn.Conv2d(width, 2 * width, 4, 2, 1, bias=bias),
            named_norm(norm, 2 * width),
            LeakyReLU(_SLOPE),
        )
        self.linear = nn.Linear(2 * width * _side(spec) ** 2, hidden, bias=bias)
        # as a map of one pixel, so that the norms are those of the convolutions
        self.norm, self.activation = named_norm(norm, hidden), LeakyReLU(_SLOPE)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, channels, side, side)`` to ``(N, features)``."""
        h = self.linear(self.convolutions(with_planes(x, y, self.joined)).flatten(1))
        h = self.norm(h[:, :, None, None]).flatten(1)
        features: Tensor = self.activation(h).to(x.dtype)
        return features


class InfoDiscriminator(TrunkDiscriminator):
    """An :class:`InfoTrunk` and a linear score.

    Args:
        spec: of the game.
        width, hidden, norm, joined: of the trunk.
        projected: classes of a label that is projected on the features.
    """

    def __init__(
        self,
        spec: Spec,
        *,
        width: int,
        hidden: int,
        norm: str,
        joined: int = 0,
        projected: int = 0,
    ) -> None:
        trunk = InfoTrunk(spec, width=width, hidden=hidden, norm=norm, joined=joined)
        super().__init__(trunk, projected=projected)
        _initialised(self)


class InfoEncoder(TrunkEncoder):
    """An :class:`InfoTrunk` with batch norm, then a Gaussian.

    Args:
        spec: of the game.
        width, hidden: of the trunk.
        classes: with some, a plane for each is joined to the image.
    """

    def __init__(self, spec: Spec, *, width: int, hidden: int, classes: int = 0) -> None:
        trunk = InfoTrunk(spec, width=width, hidden=hidden, norm="batch", joined=classes)
        super().__init__(trunk, spec.latent)
        _initialised(self)


def infogan_conv(
    spec: Spec,
    *,
    width: int = 64,
    hidden: int = 1024,
    discriminator_norm: str = "layer",
    conditional: bool | str = False,
) -> Architecture:
    """The networks of InfoGAN for MNIST (arXiv 1606.03657, appendix C.1), which many a
    collection of GANs uses for all its models: for images of any number of channels and a
    side of 8, 12, ... 28, 32, ... pixels.

    Generator: linear to 1024, linear to 7 x 7 x 128 at 28 pixels, 4 x 4 transposed
    convolutions of stride 2 to 64 channels and to the image; batch norm and ReLU between, a
    tanh at the end. Discriminator: 4 x 4 convolutions of stride 2 to 64 and 128 channels,
    linear to 1024, which are the features, each with leaky ReLU of slope 0.1; a linear score.
    InfoGAN's Q on those features belongs to its loss. An encoder is the same trunk. Weights
    start as N(0, 0.02).

    Departures: the paper's generator ends in a sigmoid, for images in 0 .. 1. Its
    discriminator has batch norm; here layer norm takes its place, which keeps the score of a
    sample apart from the others, as penalties on its gradient need; ``"batch"`` is the
    paper's.

    Args:
        spec: of the game.
        width: channels next to the image.
        hidden: of the linear layers.
        discriminator_norm: ``"none"``, ``"layer"`` or ``"batch"``.
        conditional: whether labels are used: a one-hot label joins the latent vector, and a
            plane for each class the image of discriminator and encoder. ``"generator"`` keeps
            them from the discriminator; ``"projection"`` gives it a projection on its
            features (arXiv 1802.05637) instead; ``"concat"`` is True.

    Raises:
        BadOption: a value out of range.
        Incompatible: another shape, or ``conditional`` for data without classes.
    """
    _side(spec)
    sizes = {"width": check_size("width", width), "hidden": check_size("hidden", hidden)}
    norm = check_one_of("discriminator_norm", discriminator_norm, NORMS)
    known = labelling(spec, conditional, usual="concat")
    judging = {**sizes, "joined": known.joined, "projected": known.projected}
    return Architecture(
        generator=partial(InfoGenerator, spec, classes=known.generator, **sizes),
        discriminator=partial(InfoDiscriminator, spec, norm=norm, **judging),
        encoder=partial(InfoEncoder, spec, classes=known.generator, **sizes),
    )
