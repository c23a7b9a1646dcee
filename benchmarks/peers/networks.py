"""The networks of the benchmark as a script would write them: torch's own layers, one after
the other, with the weights of ganzoo's.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

import ganzoo

__all__ = ["plain"]

KINDS = (nn.Linear, nn.BatchNorm2d, nn.Conv2d, nn.ConvTranspose2d)


def plain(network: str, games: ganzoo.Game, spec: ganzoo.Spec) -> tuple[nn.Module, nn.Module]:
    """A generator and a discriminator of plain layers with the same weights as a game's.

    The discriminator gives scores ``(N, 1)``.
    """
    made = {"mlp": _perceptrons, "dcgan": _convolutional, "resnet": _residual}[network](games, spec)
    for own, other in zip(made, (games.generator, games.discriminator), strict=True):
        for kind in KINDS:
            pairs = zip(_parts(own, kind), _parts(other, kind), strict=True)
            for part, source in pairs:
                part.load_state_dict(source.state_dict())
    return made


def _parts(network: nn.Module, kind: type[nn.Module]) -> list[nn.Module]:
    return [part for part in network.modules() if isinstance(part, kind)]


def _widths(network: nn.Module) -> list[tuple[int, int]]:
    return [(p.in_features, p.out_features) for p in _parts(network, nn.Linear)]


def _perceptrons(game: ganzoo.Game, spec: ganzoo.Spec) -> tuple[nn.Module, nn.Module]:
    networks = []
    for network in (game.generator, game.discriminator):
        *hidden, last = _widths(network)
        layers: list[nn.Module] = []
        for sizes in hidden:
            layers += [nn.Linear(*sizes), nn.LeakyReLU(0.2)]
        networks.append([*layers, nn.Linear(*last)])
    generator = nn.Sequential(*networks[0], nn.Tanh(), nn.Unflatten(1, spec.shape))
    return generator, nn.Sequential(nn.Flatten(), *networks[1])


def _convolutional(game: ganzoo.Game, spec: ganzoo.Spec) -> tuple[nn.Module, nn.Module]:
    del spec
    (sizes,) = _widths(game.generator)
    layers: list[nn.Module] = [nn.Linear(*sizes, bias=False), nn.Unflatten(1, (-1, 4, 4))]
    for part in _parts(game.generator, nn.ConvTranspose2d):
        channels = part.in_channels, part.out_channels
        up = nn.ConvTranspose2d(*channels, 4, 2, 1, bias=part.bias is not None)
        layers += [nn.BatchNorm2d(part.in_channels), nn.ReLU(), up]
    generator = nn.Sequential(*layers, nn.Tanh())
    layers = []
    for part in _parts(game.discriminator, nn.Conv2d):
        channels = part.in_channels, part.out_channels
        layers += [nn.Conv2d(*channels, 4, 2, 1), nn.LeakyReLU(0.2)]
    (last,) = _widths(game.discriminator)
    return generator, nn.Sequential(*layers, nn.Flatten(), nn.Linear(*last))


def _convolution(source: nn.Conv2d) -> nn.Conv2d:
    padding = source.kernel_size[0] // 2
    return nn.Conv2d(
        source.in_channels, source.out_channels, source.kernel_size[0], padding=padding
    )


class Up(nn.Module):
    """A residual block that doubles an image, step by step."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        first, second, beside = _parts(block, nn.Conv2d)
        self.norm_first, self.first = nn.BatchNorm2d(first.in_channels), _convolution(first)
        self.norm_second, self.second = nn.BatchNorm2d(second.in_channels), _convolution(second)
        self.shortcut = _convolution(beside)

    def forward(self, x: Tensor) -> Tensor:
        h = functional.interpolate(functional.relu(self.norm_first(x)), scale_factor=2)
        h = self.second(functional.relu(self.norm_second(self.first(h))))
        return h + self.shortcut(functional.interpolate(x, scale_factor=2))


class Down(nn.Module):
    """A residual block that halves an image, or keeps its size, step by step."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        first, second, *beside = _parts(block, nn.Conv2d)
        self.first, self.second = _convolution(first), _convolution(second)
        self.shortcut = _convolution(beside[0]) if beside else nn.Identity()
        self.opening, self.halving = block.opening, block.halving

    def forward(self, x: Tensor) -> Tensor:
        h = self.first(x if self.opening else functional.relu(x))
        h, beside = self.second(functional.relu(h)), self.shortcut(x)
        if self.halving:
            h, beside = functional.avg_pool2d(h, 2), functional.avg_pool2d(beside, 2)
        return h + beside


class Summed(nn.Module):
    """Features: a sum over the pixels."""

    def forward(self, x: Tensor) -> Tensor:
        return x.sum((2, 3))


def _residual(game: ganzoo.Game, spec: ganzoo.Spec) -> tuple[nn.Module, nn.Module]:
    del spec
    source = game.generator
    out = _convolution(source.out)
    generator = nn.Sequential(
        nn.Linear(source.start.in_features, source.start.out_features),
        nn.Unflatten(1, (-1, 4, 4)),
        *(Up(block) for block in source.blocks),
        nn.BatchNorm2d(out.in_channels),
        nn.ReLU(),
        out,
        nn.Tanh(),
    )
    blocks = [Down(block) for block in game.discriminator.trunk.blocks]
    (last,) = _widths(game.discriminator)
    return generator, nn.Sequential(*blocks, nn.ReLU(), Summed(), nn.Linear(*last))
