"""Modes, quality and mode-kl: samples of a Gaussian mixture against the known truth."""

from __future__ import annotations

from abc import abstractmethod

import torch

from ganzoo.errors import BadOption, Incompatible
from ganzoo.evaluate.histogram import reverse_kl
from ganzoo.evaluate.metric import Metric, Samples
from ganzoo.evaluate.modes import ModeCounts, count_modes, covered_modes, high_quality_share
from ganzoo.game.source import Mixture

__all__ = ["mode_kl", "modes", "quality"]


class _OfModes(Metric):
    def __init__(self, radius: float = 3.0) -> None:
        if not radius > 0:
            raise BadOption(f"radius={radius}: above 0, in scales of the mixture")
        self.radius = radius

    def __call__(self, fake: Samples, real: Samples) -> float:
        mixture = fake.mixture or real.mixture
        if mixture is None:
            raise Incompatible(
                "this metric needs data that are a mixture of known modes; these are not. "
                "energy-distance needs no truth but the samples."
            )
        counts = fake.remember(
            f"modes {self.radius}",
            lambda: count_modes(fake.x.flatten(1), mixture, radius=self.radius),
        )
        return self.value(counts)

    @abstractmethod
    def value(self, counts: ModeCounts) -> float: ...


class _Modes(_OfModes):
    def __init__(self, radius: float, share: float) -> None:
        super().__init__(radius)
        if not share >= 0:
            raise BadOption(f"share={share}: 0 or more")
        self.share = share

    def value(self, counts: ModeCounts) -> float:
        return float(covered_modes(counts, share=self.share))


class _Quality(_OfModes):
    def value(self, counts: ModeCounts) -> float:
        return high_quality_share(counts)

    def expected(self, fake: Samples, real: Samples) -> float | None:
        mixture = fake.mixture or real.mixture
        return None if mixture is None else _share_within(self.radius, mixture)


class _ModeKl(_OfModes):
    def value(self, counts: ModeCounts) -> float:
        return reverse_kl(counts.nearest)

    def expected(self, fake: Samples, real: Samples) -> float | None:
        mixture = fake.mixture or real.mixture
        return None if mixture is None else (len(mixture.centres) - 1) / (2 * len(fake))


def _share_within(radius: float, mixture: Mixture) -> float:
    """The share of a perfect sampler's points within so many scales of their own mode."""
    dimension = mixture.centres.shape[1]
    half = torch.tensor([dimension / 2, radius**2 / 2], dtype=torch.float64)
    return float(torch.special.gammainc(half[0], half[1]))


def modes(*, radius: float = 3.0, share: float = 0.2) -> Metric:
    """How many modes of a mixture are covered; higher is better, all K of them at best.

    A mode counts when at least ``share`` of what is due to it, N / K of N samples, lies within
    ``radius`` scales of its centre. One stray sample is no mode, and neither is a mode whose
    samples are all blurred.

    Args:
        radius: in scales (standard deviations) of the mixture.
        share: of N / K.
    """
    return _Modes(radius, share)


def quality(*, radius: float = 3.0) -> Metric:
    """The share of samples within ``radius`` scales of a mode, 0 .. 1; higher is better.

    A perfect sampler in the plane gets ``1 - exp(-radius^2 / 2)``, 0.98889 at 3 scales, and a
    generator that gives one good sample for ever gets 1: do not rank by it.

    Args:
        radius: in scales (standard deviations) of the mixture.
    """
    return _Quality(radius)


def mode_kl() -> Metric:
    """KL(generated || real) in nats of the histogram over the K modes; lower is better.

    All samples count, each for the mode nearest to it, against the uniform law that the
    mixture has. A perfect sampler of n samples gets about ``(K - 1) / (2 n)``, one that knows
    a single mode ``ln K``.
    """
    return _ModeKl()
