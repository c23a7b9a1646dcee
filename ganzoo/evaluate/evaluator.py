"""Evaluator: several metrics of one generator on one data set."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress

import torch
from torch import Tensor

from ganzoo.errors import BadData, BadOption, Incompatible, ShapeMismatch
from ganzoo.evaluate.extractor import Extractor
from ganzoo.evaluate.levels import to_levels
from ganzoo.evaluate.metric import Metric, Samples
from ganzoo.evaluate.reference import Reference, sensible_count
from ganzoo.evaluate.sharing import share
from ganzoo.evaluate.surrogate import gaussian_like
from ganzoo.game.source import Source
from ganzoo.game.stream import Stream

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
        parted: set a part of the held-out samples aside, for :meth:`validate` alone; see
            :class:`Reference`.

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
        parted: bool = False,
    ) -> None:
        if count < 0 or count == 1:
            raise BadOption(f"count={count}: at least 2 samples, or 0 for a sensible number")
        for name, metric in metrics.items():
            if not isinstance(metric, Metric):
                raise BadOption(f"metric {name!r} is a {type(metric).__name__}, and not a Metric")
        self.source, self.metrics = source, dict(metrics)
        self.count = count or sensible_count(source, extractor)
        self.reference = Reference(
            source, self.count, extractor=extractor, seed=seed, device=device, parted=parted
        )
        self.parted = parted
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
        fake = self.prepared(draw)
        return self.measure(fake, self.reference.held_out)

    def validate(self, draw: Callable[[int], Drawn]) -> dict[str, float]:
        """Every metric of a generator against the samples set apart to choose by.

        Args, raises: see :meth:`evaluate`.

        Raises:
            BadOption: none were set apart.
        """
        return self.measure(self.prepared(draw), self.reference.validation)

    def prepared(self, draw: Callable[[int], Drawn]) -> Samples | None:
        """Generated samples as metrics take them; None where some are not finite.

        Args, raises: see :meth:`evaluate`.
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
            return None
        return self.reference.wrap(self._as_data(x), labels)

    def measure(self, fake: Samples | None, real: Samples) -> dict[str, float]:
        """Every metric of prepared samples, NaN where they are None, against some of the
        reference.
        """
        if fake is None:
            return dict.fromkeys(self.metrics, math.nan)
        share(self.metrics.values(), fake, real)
        return {name: _value(metric, fake, real) for name, metric in self.metrics.items()}

    def floor(self) -> dict[str, float]:
        """What a perfect sampler gets of so many samples: what theory says where it does, else
        the same metrics with training samples in the generator's place. Computed once.
        """
        if self._floor is None:
            fake, real = self.reference.training(), self.reference.held_out
            known = {name: each.expected(fake, real) for name, each in self.metrics.items()}
            share([self.metrics[n] for n, value in known.items() if value is None], fake, real)
            self._floor = {
                name: _value(self.metrics[name], fake, real) if value is None else value
                for name, value in known.items()
            }
        return dict(self._floor)

    def baseline(self) -> dict[str, float]:
        """The same metrics of what has learned no more than the mean and the covariance of the
        training images: see :func:`gaussian_like`. Empty where the data are no images, and of
        which a Gaussian may be a fair model; metrics that ask what each sample was asked to be
        are left out, since nobody asked it.
        """
        if not self.source.image:
            return {}
        stream = Stream(self.reference.seed, "evaluate/baseline").seek(0)
        x = self.reference.training().x
        made = gaussian_like(x, self.count, stream)
        fake, values = self.prepared(lambda _: made), {}
        assert fake is not None  # a covariance of finite samples makes finite ones
        share(self.metrics.values(), fake, self.reference.held_out)
        for name, metric in self.metrics.items():
            with suppress(Incompatible):
                values[name] = _value(metric, fake, self.reference.held_out)
        return values

    def _as_data(self, x: Tensor) -> Tensor:
        x = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
        if self.source.levels:
            return to_levels(x, self.source.levels)
        return x.clamp(-1, 1) if self.source.image else x


def _value(metric: Metric, fake: Samples, real: Samples) -> float:
    try:
        return float(metric(fake, real))
    except BadData:
        # Finite samples may be so far out that their features are not.
        if "features" in vars(fake) and not bool(torch.isfinite(fake.features).all()):
            return math.nan
        raise
