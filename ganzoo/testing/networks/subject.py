"""The networks that the checks examine, and what they are asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ganzoo.errors import GanzooError
from ganzoo.game import Architecture, DiscriminatorOutput, Spec
from ganzoo.registry import Found, default_registry, get_architecture
from ganzoo.testing.losses.bench import seeded

__all__ = [
    "CLASSES",
    "COUNT",
    "FIELDS",
    "Subject",
    "each_network",
    "inputs",
    "parts_of",
    "same",
    "settled",
]

COUNT, CLASSES = 3, 3
FIELDS = ("score", "features", "reconstruction")
_POINTS = (Spec((2,), 4, CLASSES),)
_IMAGES = tuple(
    Spec(shape, 4, CLASSES) for shape in ((1, 8, 8), (3, 16, 16), (3, 32, 32), (3, 64, 64))
)


class Subject:
    """Networks under examination.

    Args:
        networks: a registered name, or an :class:`ganzoo.Architecture`.
        spec: what they are for; where none is given, points or the smallest images that they
            take.
        options: of the registered networks; without any, a small width where they have one.
    """

    excused = ""
    waived: Mapping[str, str]

    def __init__(
        self, networks: str | Architecture, *, spec: Spec | None = None, **options: Any
    ) -> None:
        self._given, self.options = networks, options
        self.waived = {}
        self.found: Found | None = None
        self.known: set[str] = set()
        self.specs: tuple[Spec, ...] = (spec,) if spec else _POINTS
        if isinstance(networks, str):
            self.found = default_registry().find("architectures", networks)
            told = default_registry().describe(self.found).options
            self.known = {option.name for option in told}
            self.specs = (spec,) if spec else tuple(self._suited())

    def remade(self, **options: Any) -> Subject:
        """The same with some options changed."""
        assert self.found is not None
        return Subject(self.found.id, **{**self.options, **options})

    def architecture(self, spec: Spec, **options: Any) -> Architecture:
        """The networks for samples of a spec."""
        if isinstance(self._given, Architecture):
            return self._given
        small = {"width": 4} if "width" in self.known and not self.options else {}
        return get_architecture(self._given, spec, **{**small, **self.options, **options})

    def _suited(self) -> Iterator[Spec]:
        """Points, and the smallest images, as far as they take them."""
        assert self.found is not None
        kind = getattr(self.found.entry, "samples", "any")
        suited: dict[str, list[tuple[Spec, ...]]] = {"points": [_POINTS], "images": [_IMAGES]}
        wanted = suited.get(kind, [_POINTS, _IMAGES])
        refused: GanzooError | None = None
        for specs in wanted:
            for spec in specs:
                try:
                    self.architecture(spec).generator()
                except GanzooError as error:
                    refused = error
                    continue
                yield spec
                break
            else:
                assert refused is not None
                raise refused

    def built(self, spec: Spec, *, seed: int = 0, **options: Any) -> dict[str, nn.Module]:
        """The networks by their roles, in float64, a function of the seed."""
        made = self.architecture(spec, **options)
        roles = {role: getattr(made, role) for role in ("generator", "discriminator", "encoder")}
        with seeded():
            torch.default_generator.manual_seed(seed)
            return {role: build().double() for role, build in roles.items() if build}


def inputs(spec: Spec, role: str, count: int = COUNT) -> Tensor:
    """What a network of this role is called with, always the same, in float64."""
    dice = torch.Generator().manual_seed(1)
    shape = (spec.latent,) if role == "generator" else spec.shape
    x = torch.randn(count, *shape, generator=dice, dtype=torch.float64)
    return x if role == "generator" else x.tanh()


def parts_of(said: Any) -> list[Tensor]:
    """Everything that a network gave, as tensors."""
    if isinstance(said, DiscriminatorOutput):
        return [getattr(said, name) for name in FIELDS if getattr(said, name) is not None]
    return list(said) if isinstance(said, tuple) else [said]


def each_network(subject: Subject, **options: Any) -> Iterator[tuple[Spec, str, nn.Module, Tensor]]:
    """Every network, newly built: what for, its role, itself, and an input."""
    for spec in subject.specs:
        for role, network in subject.built(spec, **options).items():
            yield spec, role, network, inputs(spec, role)


def settled(network: nn.Module, x: Tensor) -> list[Tensor]:
    """What a network gives in evaluation mode, without a graph."""
    with torch.no_grad(), seeded():
        return parts_of(network.eval()(x))


def same(one: list[Tensor], other: list[Tensor]) -> bool:
    """Whether two outputs are equal to the last bit."""
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
