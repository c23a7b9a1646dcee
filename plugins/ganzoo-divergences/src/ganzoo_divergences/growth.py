"""What losses that are powers of the score declare of their growth."""

from __future__ import annotations

from typing import Literal

__all__ = ["of_power"]


def of_power(exponent: float) -> Literal["linear", "quadratic", "power", "exponential"]:
    """How a loss that grows with this power of the score is declared.

    From the 9th on float32 overflows at a score of 10000, as it does for exponentials.
    """
    if exponent <= 1:
        return "linear"
    if exponent <= 2:
        return "quadratic"
    return "power" if exponent < 9 else "exponential"
