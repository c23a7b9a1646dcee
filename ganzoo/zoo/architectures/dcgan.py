"""The DCGAN networks (arXiv 1511.06434), for square images of 8 to 128 pixels."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from torch import Tensor, nn

from ganzoo.game import (
    Architecture,
    Generator,
    Spec,
)
from ganzoo.zoo.architectures.activation import LeakyReLU
from ganzoo.zoo.architectures.blocks import (
    NORMS,
    ClassBatchNorm,
    check_one_of,
    check_size,
    image_size,
    named_norm,
)
from ganzoo.zoo.architectures.labels import labelling, with_planes
from ganzoo.zoo.architectures.trunks import Trunk, TrunkDiscriminator, TrunkEncoder

__all__ = [
    "ConvDiscriminator",
    "ConvEncoder",
    "ConvGenerator",
    "ConvTrunk",
    "channel_plan",
    "dcgan",
]


def channel_plan(size: int, width: int) -> list[int]:
    """Channels after each halving of an image down to 4 x 4: doubling from ``width``, at most
    8 times it.
    """
    halvings = size.bit_length() - 3
    return [width * min(2**k, 8) for k in range(halvings)]


def _initialised(module: nn.Module) -> None:
    """Weights N(0, 0.02), gains of batch norm N(1, 0.02), biases 0, as in the paper."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d) or type(part) is nn.Linear:
            nn.init.normal_(part.weight, 0.0, 0.02)
        elif isinstance(part, nn.BatchNorm2d) and part.affine:
            nn.init.normal_(part.weight, 1.0, 0.02)
        bias = getattr(part, "bias", None)
        if isinstance(bias, nn.Parameter):
            nn.init.zeros_(bias)


class ConvGenerator(Generator):
    """A linear map to 4 x 4, then transposed 4 x 4 convolutions of stride 2, with batch norm
    and ReLU between and a tanh at the end.

    Args:
        spec: of the game.
        width: channels before the last convolution.
        classes: with some, gains and shifts of batch norm depend on the label.
    """

    def __init__(self, spec: Spec, *, width: int, classes: int = 0) -> None:
        super().__init__()
        self.conditional = classes > 0
        channels = channel_plan(spec.shape[1], width)[::-1]
        self.start = nn.Linear(spec.latent, channels[0] * 16, bias=False)
        self.norms = nn.ModuleList(ClassBatchNorm(c, classes) for c in channels)
        outs = [*channels[1:], spec.shape[0]]
        self.convolutions = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, 2, 1, bias=k == len(outs) - 1)
            for k, (a, b) in enumerate(zip(channels, outs, strict=True))
        )
        _initialised(self)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, latent)`` to ``(N, channels, side, side)`` in -1 .. 1."""
        h: Tensor = self.start(z).unflatten(1, (-1, 4, 4))
        for norm, convolution in zip(self.norms, self.convolutions, strict=True):
            # Nothing else keeps what the norm gives, so the ReLU may overwrite it.
            h = convolution(norm(h, y).relu_())
        return h.to(z.dtype).tanh()


class ConvTrunk(Trunk):
    """4 x 4 convolutions of stride 2 down to 4 x 4, each with leaky ReLU of slope 0.2 and all
    but the first with a norm.

    Args:
        spec: of the game.
        width: channels after the first convolution.
        norm: ``"none"``, ``"layer"`` or ``"batch"``.
        joined: classes whose planes are joined to the image.
    """

    def __init__(self, spec: Spec, *, width: int, norm: str, joined: int = 0) -> None:
        super().__init__()
        self.joined, plan = joined, channel_plan(spec.shape[1], width)
        layers: list[nn.Module] = []
        for position, (a, b) in enumerate(pairwise([spec.shape[0] + joined, *plan])):
            kind = norm if position else "none"
            layers.append(nn.Conv2d(a, b, 4, 2, 1, bias=kind == "none"))
            layers += [named_norm(kind, b), LeakyReLU(0.2)]
        self.layers, self.features = nn.Sequential(*layers), plan[-1] * 16

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, channels, side, side)`` to ``(N, features)``."""
        h: Tensor = self.layers(with_planes(x, y, self.joined))
        return h.flatten(1).to(x.dtype)


class ConvDiscriminator(TrunkDiscriminator):
    """A :class:`ConvTrunk` and a linear score.

    Args:
        spec: of the game.
        width, norm, joined: of the trunk.
        projected: classes of a label that is projected on the features.
    """

    def __init__(
        self,
        spec: Spec,
        *,
        width: int,
        norm: str = "none",
        joined: int = 0,
        projected: int = 0,
    ) -> None:
        trunk = ConvTrunk(spec, width=width, norm=norm, joined=joined)
        super().__init__(trunk, projected=projected)
        _initialised(self)


class ConvEncoder(TrunkEncoder):
    """A :class:`ConvTrunk` with batch norm, then a Gaussian.

    Args:
        spec: of the game.
        width: of the trunk.
        classes: with some, a plane for each is joined to the image.
    """

    def __init__(self, spec: Spec, *, width: int, classes: int = 0) -> None:
        trunk = ConvTrunk(spec, width=width, norm="batch", joined=classes)
        super().__init__(trunk, spec.latent)
        _initialised(self)


def dcgan(
    spec: Spec,
    *,
    width: int = 64,
    discriminator_norm: str = "none",
    conditional: bool | str = False,
) -> Architecture:
    """The convolutional networks of DCGAN (arXiv 1511.06434) for images of any number of
    channels and a side of 8, 16, 32, 64 or 128 pixels, with its initialisation.

    The generator has batch norm; the discriminator has none unless asked: batch statistics
    make the score of one sample depend on the others, which the penalties on the gradient of
    a sample's score (WGAN-GP, R1, ...) do not allow for (arXiv 1704.00028, section 4), and
    real and generated batches would be normalised apart. The paper's is ``"batch"``; layer
    norm is the substitute that keeps samples apart. The discriminator provides score and
    features (the flattened 4 x 4 map), and labels when conditional. An encoder mirrors the
    generator.

    Args:
        spec: of the game.
        width: channels next to the image; they double with each halving, up to 8 times.
        discriminator_norm: ``"none"``, ``"layer"`` or ``"batch"``.
        conditional: whether labels are used: gains and shifts of the generator's batch norm
            and a projection in the discriminator (arXiv 1802.05637). ``"generator"`` keeps
            them from the discriminator; ``"concat"`` joins a plane for each class to its
            image instead; ``"projection"`` is True. The encoder has such planes too.

    Raises:
        BadOption: a value out of range.
        Incompatible: another shape, or ``conditional`` for data without classes.
    """
    image_size("dcgan", spec, 8, 128)
    check_size("width", width)
    norm = check_one_of("discriminator_norm", discriminator_norm, NORMS)
    known = labelling(spec, conditional, usual="projection")
    judging = {"joined": known.joined, "projected": known.projected}
    return Architecture(
        generator=partial(ConvGenerator, spec, width=width, classes=known.generator),
        discriminator=partial(ConvDiscriminator, spec, width=width, norm=norm, **judging),
        encoder=partial(ConvEncoder, spec, width=width, classes=known.generator),
    )
