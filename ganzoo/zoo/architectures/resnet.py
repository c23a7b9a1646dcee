"""The residual networks of SNGAN (arXiv 1802.05957) and WGAN-GP (arXiv 1704.00028)."""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise
from typing import Any

from torch import Tensor, nn

from ganzoo.game import (
    Architecture,
    Encoder,
    Generator,
    Spec,
)
from ganzoo.terms.constraint import SpectralNorm
from ganzoo.zoo.architectures.activation import sparing_relu
from ganzoo.zoo.architectures.blocks import (
    NORMS,
    GaussianHead,
    check_flag,
    check_one_of,
    check_size,
    image_size,
)
from ganzoo.zoo.architectures.labels import labelling, with_planes
from ganzoo.zoo.architectures.residual import ResidualDown, ResidualUp
from ganzoo.zoo.architectures.trunks import Trunk, TrunkDiscriminator

__all__ = [
    "ResidualDiscriminator",
    "ResidualEncoder",
    "ResidualGenerator",
    "ResidualTrunk",
    "resnet",
]


def _generator_plan(size: int, width: int) -> list[int]:
    """Channels at 4 x 4, 8 x 8, ... up to the image's side."""
    doublings = size.bit_length() - 3
    if size == 32:
        return [2 * width] * (doublings + 1)
    base = max(width // 2, 1)
    return [base * min(2**k, 16) for k in range(doublings, -1, -1)]


def _trunk_plan(size: int, width: int) -> list[tuple[int, bool]]:
    """Channels after each block, and whether it halves the image."""
    if size == 32:
        return [(width, True), (width, True), (width, False), (width, False)]
    base, halvings = max(width // 2, 1), size.bit_length() - 3
    blocks = [(base * min(2**k, 16), True) for k in range(halvings)]
    return [*blocks, (base * 16, False)]


def _initialised(module: nn.Module) -> None:
    """Glorot's uniform weights, times sqrt 2 within residual branches; biases 0."""
    for name, part in module.named_modules():
        if isinstance(part, nn.Conv2d) or type(part) is nn.Linear:
            gain = math.sqrt(2) if name.endswith(("first", "second")) else 1.0
            nn.init.xavier_uniform_(part.weight, gain)
            if part.bias is not None:
                nn.init.zeros_(part.bias)


class ResidualGenerator(Generator):
    """A linear map to 4 x 4, a :class:`ResidualUp` for each doubling, norm, ReLU, 3 x 3, tanh.

    Args:
        spec: of the game.
        width: see :func:`resnet`.
        classes: with some, gains and shifts of batch norm depend on the label.
    """

    def __init__(self, spec: Spec, *, width: int, classes: int = 0) -> None:
        super().__init__()
        self.conditional = classes > 0
        plan = _generator_plan(spec.shape[1], width)
        self.start = nn.Linear(spec.latent, plan[0] * 16)
        self.blocks = nn.ModuleList(ResidualUp(a, b, classes) for a, b in pairwise(plan))
        self.norm = nn.BatchNorm2d(plan[-1])
        self.out = nn.Conv2d(plan[-1], spec.shape[0], 3, padding=1)
        _initialised(self)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, latent)`` to ``(N, channels, side, side)`` in -1 .. 1."""
        h = self.start(z).unflatten(1, (-1, 4, 4))
        for block in self.blocks:
            h = block(h, y)
        x: Tensor = self.out(self.norm(h).relu_())
        return x.to(z.dtype).tanh()


class ResidualTrunk(Trunk):
    """Blocks of :class:`ResidualDown`, a ReLU, and a sum over the pixels.

    Args:
        spec: of the game.
        width: see :func:`resnet`.
        norm: of the blocks.
        joined: classes whose planes are joined to the image.
    """

    def __init__(self, spec: Spec, *, width: int, norm: str = "none", joined: int = 0) -> None:
        super().__init__()
        blocks, before, self.joined = [], spec.shape[0] + joined, joined
        for position, (channels, halving) in enumerate(_trunk_plan(spec.shape[1], width)):
            block = ResidualDown(
                before, channels, halving=halving, opening=position == 0, norm=norm
            )
            blocks.append(block)
            before = channels
        self.blocks, self.features = nn.Sequential(*blocks), before
        self.pixels = (8 if spec.shape[1] == 32 else 4) ** 2

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, channels, side, side)`` to ``(N, features)``."""
        h: Tensor = self.blocks(with_planes(x, y, self.joined))
        return sparing_relu(h).to(x.dtype).sum((2, 3))


class ResidualDiscriminator(TrunkDiscriminator):
    """A :class:`ResidualTrunk` and a linear score.

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
        trunk = ResidualTrunk(spec, width=width, norm=norm, joined=joined)
        super().__init__(trunk, projected=projected)
        _initialised(self)


class ResidualEncoder(Encoder):
    """A :class:`ResidualTrunk`, its sum turned into a mean, then a Gaussian.

    Args:
        spec: of the game.
        width: of the trunk.
        classes: with some, a plane for each is joined to the image.
    """

    def __init__(self, spec: Spec, *, width: int, classes: int = 0) -> None:
        super().__init__()
        self.conditional = classes > 0
        self.trunk = ResidualTrunk(spec, width=width, joined=classes)
        self.head = GaussianHead(self.trunk.features, spec.latent)
        _initialised(self)

    def forward(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """``(N, channels, side, side)`` to mean and log-variance, each ``(N, latent)``."""
        mean, log_variance = self.head(self.trunk(x, y) / self.trunk.pixels)
        return mean, log_variance


def _discriminator(spec: Spec, *, spectral_norm: bool, **options: Any) -> ResidualDiscriminator:
    discriminator = ResidualDiscriminator(spec, **options)
    if spectral_norm:
        SpectralNorm().normalise(discriminator)
    return discriminator


def resnet(
    spec: Spec,
    *,
    width: int = 128,
    discriminator_norm: str = "none",
    spectral_norm: bool = False,
    conditional: bool | str = False,
) -> Architecture:
    """The residual networks of SNGAN (arXiv 1802.05957, appendix B.4) for images of any number
    of channels and a side of 32, 64, ... pixels.

    At 32 pixels these are its CIFAR-10 networks: a generator of ``2 width`` channels, a
    discriminator of ``width`` in four blocks, two of them halving, summed to features over
    8 x 8 pixels. At 64 and more, channels next to the image are ``width / 2``, doubling with
    each halving up to ``8 width``, as in its ImageNet networks. WGAN-GP's (arXiv 1704.00028)
    are of the same blocks, with ``discriminator_norm="layer"``.

    Convolutions beside a mean or a doubling are merged with it, the same function in under
    half the operations (see :mod:`ganzoo.zoo.architectures.resampling`). Weights are uniform
    after Glorot, those of the residual branches sqrt 2 times it; biases 0. The discriminator
    provides score and features, and labels when conditional. The encoder is one, Gaussian.

    Args:
        spec: of the game.
        width: channels, see above.
        discriminator_norm: ``"none"``, ``"layer"`` or ``"batch"``, before each of its ReLUs.
        spectral_norm: spectral normalisation of the discriminator, the term ``spectral-norm``
            built in; a term that is added as well changes nothing more.
        conditional: whether labels are used: gains and shifts of the generator's batch norm
            and a projection in the discriminator (arXiv 1802.05637). ``"generator"`` keeps
            them from the discriminator; ``"concat"`` joins a plane for each class to its
            image instead; ``"projection"`` is True. The encoder has such planes too.

    Raises:
        BadOption: a value out of range.
        Incompatible: another shape, or ``conditional`` for data without classes.
    """
    image_size("resnet", spec, 32)
    check_size("width", width, 2)
    check_flag("spectral_norm", spectral_norm)
    norm = check_one_of("discriminator_norm", discriminator_norm, NORMS)
    known = labelling(spec, conditional, usual="projection")
    judging = {"norm": norm, "joined": known.joined, "projected": known.projected}
    return Architecture(
        generator=partial(ResidualGenerator, spec, width=width, classes=known.generator),
        discriminator=partial(
            _discriminator, spec, width=width, spectral_norm=spectral_norm, **judging
        ),
        encoder=partial(ResidualEncoder, spec, width=width, classes=known.generator),
    )
