"""What a set of samples gets: metrics with their errors and what a perfect sampler would get."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Score", "Scores"]


@dataclass(frozen=True)
class Score:
    """One metric.

    Attributes:
        name: of the metric.
        value: None where it could not be computed, or is not finite.
        error: its standard error over new samples, where the metric knows it.
        perfect: what a perfect sampler gets of as many samples; None where nobody can tell.
        better: ``"lower"`` or ``"higher"``.
        ranks: whether it may decide which generator is better.
        reason: why there is no value.
    """

    name: str
    value: float | None
    error: float | None = None
    perfect: float | None = None
    better: str = "lower"
    ranks: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Scores:
    """All metrics of one set of samples.

    Attributes:
        samples, reference: what was compared with what, as it was asked for.
        counts: how many samples of each.
        extractor: what features are of; empty for the samples themselves.
        scores: one for each metric.
        notes: what a reader must know of the samples and of the values.
    """

    samples: str
    reference: str
    counts: tuple[int, int]
    extractor: str = ""
    scores: tuple[Score, ...] = ()
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def metrics(self) -> dict[str, float]:
        """Values by name; NaN where there is none."""
        return {s.name: math.nan if s.value is None else s.value for s in self.scores}

    def as_json(self) -> dict[str, Any]:
        """The same as data for JSON."""
        return asdict(self)
