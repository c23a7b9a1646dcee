"""Mixtures of Gaussians in the plane: eight modes on a ring, 25 on a grid."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import BadOption
from ganzoo.game import Mixture, Source, Spec, Stream, Task

__all__ = ["POINT_OPTIONS", "POINT_SETTINGS", "MixtureSource", "grid25", "ring8"]

#: Networks and training settings that resolve modes 10 to 15 widths apart within seconds.
POINT_OPTIONS: Mapping[str, Any] = {
    "width": 128,
    "fourier": 16,
    "fourier_scale": 0.25,
    "bias_range": 1.5,
}
POINT_SETTINGS: Mapping[str, Any] = {
    "batch": 128,
    "generator_lr": 2e-3,
    "discriminator_lr": 3e-3,
    "betas": (0.0, 0.99),
    "schedule": "cosine",
    "final_lr": 0.02,
    "ema": 0.998,
}


class MixtureSource(Source):
    """A balanced Gaussian mixture in the plane; every batch is drawn anew, on the device.

    The label of a sample is the index of its mode. There is no finite training set, so
    held-out samples are simply others.

    Args:
        centres: ``(K, 2)``; their mean is subtracted.
        scale: the standard deviation of every mode along every axis, in the same units.
        steps: the suggested length of a training run.
        standardise: divide everything by the standard deviation of the mixture, so that
            samples have variance 1 averaged over the axes.
        latent: the suggested size of the latent vector.
    """

    mixture: Mixture

    recordable = True

    def __init__(
        self,
        centres: Tensor,
        scale: float,
        *,
        steps: int,
        standardise: bool = True,
        latent: int = 4,
    ) -> None:
        centres = centres.double() - centres.double().mean(0)
        unit = 1.0
        if standardise:
            # The law of total variance: that of the centres and that within a mode.
            unit = math.sqrt(float(centres.square().mean()) + scale**2)
        self.mixture = Mixture((centres / unit).float(), scale / unit)
        self.spec = Spec((2,), latent, len(centres))
        metrics = ("mode-kl", "energy-distance", "modes", "quality")
        self.task = Task("mlp", POINT_OPTIONS, {**POINT_SETTINGS, "steps": steps}, metrics)

    def draw(self, count: int, stream: Stream) -> tuple[Tensor, Tensor]:
        """``(count, 2)`` points and the modes they come from, ``(count,)``."""
        centres = self.mixture.centres.to(stream.device)
        modes = stream.integers(len(centres), count)
        return centres[modes] + self.mixture.scale * stream.normal(count, 2), modes

    def held_out(self, count: int, stream: Stream) -> tuple[Tensor, Tensor]:
        """``count`` points; the stream must be another than the one of training."""
        return self.draw(count, stream)

    def to(self, device: torch.device | str) -> MixtureSource:
        """Keep the centres on a device; gives the source itself."""
        self.mixture = Mixture(self.mixture.centres.to(device), self.mixture.scale)
        return self


def _positive(**values: float) -> None:
    for name, value in values.items():
        if not 0 < value < math.inf:
            raise BadOption(f"{name}={value}: a finite number above 0")


def ring8(
    *,
    radius: float = 2.0,
    scale: float = 0.1,
    strict: bool = False,
    standardise: bool = True,
) -> MixtureSource:
    """Eight Gaussians on a circle.

    The literature's modes (Metz et al., arXiv 1611.02163; ``strict``) are 77 widths apart,
    which takes long runs to fill. The default ones are 15 apart, and tell collapsing
    objectives from others within 1500 steps. With the default sizes and 3 widths as the
    bound of a good sample, a perfect sampler has 98.9 % good ones.

    Args:
        radius: of the circle.
        scale: the standard deviation of a mode, in the units of ``radius``.
        strict: take the literature's width, 0.01 times the radius, in place of ``scale``,
            and suggest 5000 steps.
        standardise: deal the points divided by the standard deviation of the whole (1.42
            with the default sizes), as the suggested networks and penalty weights expect.
            Distances are then in that unit. False keeps the radius.

    Returns:
        A source of points ``(N, 2)`` with 8 labels, counter-clockwise from the right.

    Raises:
        BadOption: a size that is not a finite number above 0.
    """
    _positive(radius=radius, scale=scale)
    angles = torch.arange(8, dtype=torch.float64) * (math.tau / 8)
    centres = radius * torch.stack([angles.cos(), angles.sin()], 1)
    width = 0.01 * radius if strict else scale
    return MixtureSource(centres, width, steps=5000 if strict else 1500, standardise=standardise)


def grid25(
    *,
    spacing: float = 2.0,
    scale: float = 0.2,
    strict: bool = False,
    standardise: bool = True,
) -> MixtureSource:
    """25 Gaussians on a square grid.

    As with :func:`ring8`, the default modes are wider than the literature's (Dumoulin et
    al., arXiv 1606.00704; ``strict``): 10 widths apart and not 40.

    Args:
        spacing: between neighbours.
        scale: the standard deviation of a mode, in the units of ``spacing``.
        strict: take the literature's width, 0.025 times the spacing, in place of
            ``scale``, and suggest 5000 steps.
        standardise: deal the points divided by the standard deviation of the whole (2.84
            with the default sizes). False keeps the spacing.

    Returns:
        A source of points ``(N, 2)`` with 25 labels, row by row from the lower left.

    Raises:
        BadOption: a size that is not a finite number above 0.
    """
    _positive(spacing=spacing, scale=scale)
    line = spacing * torch.arange(-2, 3, dtype=torch.float64)
    rows, columns = torch.meshgrid(line, line, indexing="ij")
    centres = torch.stack([columns.flatten(), rows.flatten()], 1)
    width = 0.025 * spacing if strict else scale
    return MixtureSource(centres, width, steps=5000 if strict else 2000, standardise=standardise)
