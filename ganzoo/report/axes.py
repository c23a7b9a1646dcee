"""Scales of a figure: where a value stands, and which values deserve a tick."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Axis", "spanning"]

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LOG_FROM = 25.0  # a log scale where the largest value is this many times the smallest


@dataclass(frozen=True)
class Axis:
    """A scale from ``low`` to ``high``, in powers of ten where ``log``."""

    low: float
    high: float
    log: bool = False

    def place(self, value: float) -> float:
        """Where a value stands, 0 at the low end and 1 at the high one."""
        if self.log:
            low, high = math.log10(self.low), math.log10(self.high)
            return (math.log10(max(value, 1e-300)) - low) / (high - low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int = 5) -> list[tuple[float, str]]:
        """Round values within the scale, at most about ``most``, and what to write there."""
        values = self._decades(most) if self.log else self._steps(most)
        return [(value, _written(value)) for value in values]

    def _steps(self, most: int) -> list[float]:
        rough = (self.high - self.low) / max(most, 1)
        unit = 10.0 ** math.floor(math.log10(rough))
        step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= rough)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(place * step, 12) for place in range(first, last + 1)]

    def _decades(self, most: int) -> list[float]:
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        for factors in ((1, 2, 5), (1, 3), (1,)):
            listed = [f * 10.0**power for power in range(first, last + 1) for f in factors]
            inside = [v for v in listed if self.low * 0.999 <= v <= self.high * 1.001]
            if len(inside) <= most + 1:
                return inside
        return inside[:: math.ceil(len(inside) / most)]


def spanning(values: Iterable[float], *, room: float = 0.1, log: bool | None = False) -> Axis:
    """The scale that shows all of these values with some room at either end.

    Args:
        values: finite numbers.
        room: the share of the span that is left free at either end.
        log: whether by powers of ten, which needs values above 0; None to let the values
            decide.
    """
    listed = sorted(values)
    if not listed:
        return Axis(0.0, 1.0)
    low, high = listed[0], listed[-1]
    if log is None:
        log = low > 0 and high / low >= LOG_FROM
    if log and low > 0:
        ratio = max(high / low, 1.1) ** room
        return Axis(low / ratio, high * ratio, log=True)
    span = high - low or abs(high) or 1.0
    return Axis(low - room * span, high + room * span)


def _written(value: float) -> str:
    if 0 < value < 1e-3 and f"{value:e}".startswith("1.000000"):
        # Shorter than 0.0001, and ticks stand close.
        return "10" + f"{math.log10(value):.0f}".translate(RAISED)
    text = f"{value / 1000:g}k" if 10_000 <= abs(value) < 1e6 else f"{value:g}"
    return text.replace("-", "\u2212")
