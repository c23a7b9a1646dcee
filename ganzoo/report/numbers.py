"""Numbers as readers want them: two digits of the uncertainty, one decimal place a column."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ganzoo.records.estimates import Estimate
from ganzoo.records.selection import plain

__all__ = [
    "arrow",
    "count",
    "decimals",
    "duration",
    "half",
    "mean",
    "number",
    "pair",
    "probability",
    "times",
    "title",
]

HUGE = 1e7
ABSENT = "\u2013"
SPELLED = {"fid": "FID", "frechet": "Fréchet", "kid": "KID", "kl": "KL"}


def decimals(estimates: Iterable[Estimate]) -> int:
    """The decimal places of a column: what its surest value deserves (without any interval,
    three digits of the largest), and so many that the least is not 0; up to 5 digits in all.
    """
    shown = [e for e in estimates if e.known]
    sizes = [abs(e.mean) for e in shown if e.mean]
    largest = max(sizes, default=0.0)
    room = 4 - (math.floor(math.log10(largest)) if largest >= 1 else 0)
    halves = [e.half for e in shown if e.half > 0]
    wanted = 3 if not sizes else 2 - math.floor(math.log10(largest))
    wanted = 1 - math.floor(math.log10(min(halves))) if halves else wanted
    if sizes and min(sizes) < 1:
        wanted = max(wanted, -math.floor(math.log10(min(sizes))))
    if shown and not halves and all(v.is_integer() for e in shown for v in e.values):
        wanted = 0
    return max(0, min(wanted, room, 4))


def number(value: float, places: int) -> str:
    """A number with so many decimal places and a real minus sign; a dash for NaN."""
    if math.isnan(value):
        return ABSENT
    if abs(value) >= HUGE:
        digits, power = f"{value:.2e}".split("e")
        return f"{digits}e{int(power)}".replace("-", "\u2212")
    text = f"{value:.{places}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "\u2212")


def mean(estimate: Estimate, places: int) -> str:
    """The mean of an estimate."""
    return number(estimate.mean, places)


def half(estimate: Estimate, places: int) -> str:
    """``"± 0.012"``, or nothing where there is no interval."""
    if math.isnan(estimate.half):
        return ""
    smallest = 10.0**-places
    if 0 < estimate.half < smallest / 2:
        return f"± <{smallest:.{places}f}"
    return f"± {number(estimate.half, places)}"


def pair(estimate: Estimate, places: int) -> str:
    """``"0.120 ± 0.012"``, which no line break parts."""
    parts = [part for part in (mean(estimate, places), half(estimate, places)) if part]
    return " ".join(parts).replace(" ", "\u00a0")


def duration(seconds: float) -> str:
    """Seconds for people: ``"8.2 s"``, ``"4 min 10 s"``, ``"2 h 05 min"``."""
    if math.isnan(seconds):
        return ABSENT
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def count(value: float) -> str:
    """A whole number with its thousands apart by thin spaces; a dash for NaN."""
    return ABSENT if math.isnan(value) else f"{value:,.0f}".replace(",", "\u202f")


def arrow(lower: bool) -> str:
    """Which way is better."""
    return "↓" if lower else "↑"


def times(value: float) -> str:
    """``"1.9 ×"``; a dash for NaN."""
    return ABSENT if math.isnan(value) else f"{value:.2f}\u202f\u00d7"


def factor(value: float) -> str:
    """A ratio above 1 in two digits: ``"1.8"``, ``"23"``, ``"280"``."""
    digits = 1 - math.floor(math.log10(value))
    return f"{round(value, digits):.{max(0, digits)}f}"


def probability(value: float) -> str:
    """A test's p in three decimals; a dash for NaN."""
    if math.isnan(value):
        return ABSENT
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def title(metric: str) -> str:
    """A metric's name in a heading."""
    words = plain(metric).replace("-", " ").replace("_", " ").split()
    return " ".join(SPELLED.get(word, word) for word in words)
