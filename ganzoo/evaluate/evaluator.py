"""Evaluator: several metrics of one generator on one data set."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from ganzoo.errors import BadData, BadOption, ShapeMismatch
from ganzoo.evaluate.extractor import Extractor
from ganzoo.evaluate.levels import to_levels
from ganzoo.evaluate.metric import Metric, Samples
from ganzoo.evaluate.reference import Reference, sensible_count
from ganzoo.game.source import Source

__all__ = ["Drawn", "Evaluator"]

Drawn = Tensor | tuple[Tensor, Tensor | None]
"""Generated samples, alone or with what each was asked to be."""


class Evaluator:
    """Scores generators against held-out samples of one source, always the same ones.

    Args:
        source: the data.
        metrics: by the names that the results go by.
        extractor: what metrics look at instead of the samples; None for the samples.
        count: how many samples of each kind; 0 for :func:`sensible_count`. Held-out samples
            are as many as the source has, at most.
        seed: chooses the real samples.
        device: where metrics are computed; None for where the source gives its samples.

    Raises:
        BadOption: a count of 1 or below 0, or a metric that is none.
    """

    def __init__(
        self,
        source: Source,
        metrics: Mapping[str, Metric],
        *,
        extractor: Extractor | None = None,
        count: int = 0,
        seed: int = 0,
        device: torch.device | str | None = None,
    ) -> None:
        if count < 0 or count == 1:
            raise BadOption(f"count={count}: at least 2 samples, or 0 for a sensible number")
        for name, metric in metrics.items():
            if not isinstance(metric, Metric):
                raise BadOption(f"metric {name!r} is a {type(metric).__name__}, and not a Metric")
        self.source, self.metrics = source, dict(metrics)
        self.count = count or sensible_count(source, extractor)
        self.reference = Reference(
            source, self.count, extractor=extractor, seed=seed, device=device
        )
        self._floor: dict[str, float] | None = None

    def evaluate(self, draw: Callable[[int], Drawn]) -> dict[str, float]:
        """Every metric of a generator, in float64.

        Images are clamped to -1 .. 1 and rounded to the levels of the real ones first. Every
        value is NaN for a generator that gives NaN or infinite elements: it is a result, and
        not a failure of whoever measures.

        Args:
            draw: gives so many generated samples, ``(count, *shape)``, or a pair of them and
                what class each was asked to be of, ``(count,)`` or None; called once.

        Raises:
            ShapeMismatch: samples of another number or shape than was asked for.
        """
        with torch.no_grad():
            drawn = draw(self.count)
        x, labels = (drawn, None) if isinstance(drawn, Tensor) else drawn
        expected = (self.count, *self.source.spec.shape)
        if tuple(x.shape) != expected:
            raise ShapeMismatch(
                f"asked for samples {expected}; the generator gave {tuple(x.shape)}"
            )
        if not bool(torch.isfinite(x).all()):
            return dict.fromkeys(self.metrics, math.nan)
        return self._measure(self.reference.wrap(self._as_data(x), labels))

    def floor(self) -> dict[str, float]:
        """The same metrics with training samples in the generator's place: what a perfect
        sampler gets of so many samples. Computed once.
        """
        if self._floor is None:
            self._floor = self._measure(self.reference.training())
        return dict(self._floor)

    def _as_data(self, x: Tensor) -> Tensor:
        x = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
        if self.source.levels:
            return to_levels(x, self.source.levels)
        return x.clamp(-1, 1) if self.source.image else x

    def _measure(self, fake: Samples) -> dict[str, float]:
        real = self.reference.held_out
        return {name: _value(metric, fake, real) for name, metric in self.metrics.items()}


def _value(metric: Metric, fake: Samples, real: Samples) -> float:
    try:
        return float(metric(fake, real))
    except BadData:
        # Finite samples may be so far out that their features are not.
        if "features" in vars(fake) and not bool(torch.isfinite(fake.features).all()):
            return math.nan
        raise
