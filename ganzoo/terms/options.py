"""Checks of options: each takes one by its name, and gives back its value or says what is wrong."""

from __future__ import annotations

from ganzoo.errors import BadOption

__all__ = ["above", "at_least", "between", "fraction"]


def above(bound: float, words: str = "", /, **option: float) -> float:
    """The option's value, a number above a bound.

    Args:
        bound: what is too little already.
        words: what would work, where "above 0" does not say it.
        option: the one option, by its name.

    Raises:
        BadOption: another value, NaN too.

    Example:
        >>> above(0, limit=0.01)
        0.01
    """
    ((name, value),) = option.items()
    return _kept(value > bound, name, value, words or f"above {bound:g}")


def at_least(bound: float, words: str = "", /, **option: float) -> float:
    """The option's value, a number that is not below a bound; otherwise as :func:`above`."""
    ((name, value),) = option.items()
    return _kept(value >= bound, name, value, words or f"at least {bound:g}")


def between(low: float, high: float, words: str = "", /, **option: float) -> float:
    """The option's value, from one number to another, both included; otherwise as
    :func:`above`.
    """
    ((name, value),) = option.items()
    return _kept(low <= value <= high, name, value, words or f"{low:g} to {high:g}")


def fraction(words: str = "", /, **option: float) -> float:
    """The option's value, above 0 and 1 at most; otherwise as :func:`above`."""
    ((name, value),) = option.items()
    return _kept(0 < value <= 1, name, value, words or "above 0, 1 at most")


def _kept(fits: bool, name: str, value: float, words: str) -> float:
    if not fits:
        raise BadOption(f"{name}={value}: {words}")
    return float(value)
