"""What the built-in networks share: checks of options, norms, heads."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ganzoo.errors import BadOption, Incompatible, closest
from ganzoo.game import Discriminator, DiscriminatorOutput, Spec
from ganzoo.zoo.architectures.labels import Labels

__all__ = [
    "NORMS",
    "ClassBatchNorm",
    "GaussianHead",
    "ScoreHead",
    "check_flag",
    "check_number",
    "check_one_of",
    "check_size",
    "image_size",
    "named_norm",
    "set_provided",
]

NORMS = ("none", "layer", "batch")
"""The norms that a convolutional discriminator can have."""


def check_size(name: str, value: int, low: int = 1) -> int:
    """A whole number of at least ``low``, or :class:`BadOption`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise BadOption(f"{name}={value!r}: a whole number, at least {low}")
    return value


def check_number(name: str, value: float) -> float:
    """A finite number of at least 0, or :class:`BadOption`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadOption(f"{name}={value!r}: a number, at least 0")
    if not 0 <= value < float("inf"):
        raise BadOption(f"{name}={value!r}: a finite number, at least 0")
    return float(value)


def check_one_of(name: str, value: str, known: Sequence[str]) -> str:
    """One of the known words, or :class:`BadOption`."""
    if value not in known:
        near = closest(str(value), known)
        raise BadOption(f"{name}={value!r}: one of {', '.join(map(repr, known))}.{near}")
    return value


def check_flag(name: str, value: bool) -> bool:
    """True or False, or :class:`BadOption`."""
    if not isinstance(value, bool):
        raise BadOption(f"{name}={value!r}: True or False")
    return value


def image_size(name: str, spec: Spec, low: int, high: int | None = None) -> int:
    """The side of square images that an architecture can make, a power of two.

    Raises:
        Incompatible: any other shape.
    """
    shape = spec.shape
    size = shape[-1] if shape else 0
    power = size > 0 and size & (size - 1) == 0
    fits = power and low <= size and (high is None or size <= high)
    if len(shape) != 3 or shape[1] != size or not fits:
        sides = [str(low << k) for k in range(3)] + [f"... {high}" if high else "..."]
        raise Incompatible(
            f"{name!r} makes square images (channels, side, side) with a side of "
            f"{', '.join(sides)}; these data have the shape {tuple(shape)}. "
            f"'mlp' takes any shape."
        )
    return size


def set_provided(
    discriminator: Discriminator, features: int, *, joined: int = 0, projected: int = 0
) -> None:
    """Say what a discriminator with a :class:`ScoreHead` provides."""
    ways = {"concat": joined, "projection": projected}
    seen = {way for way, classes in ways.items() if classes}
    provided = {"score", "features"} | seen | ({"labels"} if seen else set())
    discriminator.provides, discriminator.feature_dim = frozenset(provided), features


def named_norm(name: str, channels: int) -> nn.Module:
    """One of :data:`NORMS` for ``(N, channels, H, W)``. Layer norm takes the statistics of
    each sample, over its channels and pixels.
    """
    if name == "batch":
        return nn.BatchNorm2d(channels)
    return nn.GroupNorm(1, channels) if name == "layer" else nn.Identity()


class ClassBatchNorm(nn.Module):
    """Batch norm of ``(N, C, H, W)``; with classes, each has a gain and a shift of its own
    (arXiv 1610.07629, 1802.05957).

    Args:
        channels: C.
        classes: 0 for one gain and one shift.
    """

    def __init__(self, channels: int, classes: int = 0) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=not classes)
        self.gain = Labels(classes, channels) if classes else None
        self.shift = Labels(classes, channels) if classes else None
        if self.gain is not None and self.shift is not None:
            nn.init.ones_(self.gain.weight)
            nn.init.zeros_(self.shift.weight)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """The same shape as ``x``; y is ``(N,)`` of int64."""
        x = self.norm(x)
        if self.gain is None or self.shift is None:
            return x
        gain, shift = self.gain(y)[:, :, None, None], self.shift(y)[:, :, None, None]
        return torch.addcmul(shift.to(x), x, gain.to(x))


class ScoreHead(nn.Module):
    """A linear score of features, and with classes the projection of the label on them:
    ``w . h + b + v_y . h`` (arXiv 1802.05637, eq. 3).

    Args:
        features: F.
        classes: 0 for no projection.
    """

    def __init__(self, features: int, classes: int = 0) -> None:
        super().__init__()
        self.score = nn.Linear(features, 1)
        self.labels = Labels(classes, features) if classes else None

    def forward(self, features: Tensor, y: Tensor | None = None) -> DiscriminatorOutput:
        """From ``(N, F)``: the score ``(N,)``, with the features, in the features' dtype."""
        score = self.score(features).squeeze(1).to(features.dtype)
        if self.labels is not None:
            score = score + (self.labels(y) * features).sum(1)
        return DiscriminatorOutput(score, features)


class GaussianHead(nn.Module):
    """Mean and log-variance of a Gaussian over latent vectors, linear in features.

    Args:
        features: F.
        latent: the number of latent elements.
    """

    def __init__(self, features: int, latent: int) -> None:
        super().__init__()
        self.both = nn.Linear(features, 2 * latent)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """From ``(N, F)``: mean and log-variance, each ``(N, latent)``."""
        mean, log_variance = self.both(features).to(features.dtype).chunk(2, dim=1)
        return mean, log_variance
