"""How names are compared: case, ``-`` and ``_`` do not matter."""

from __future__ import annotations

import re

__all__ = ["canonical", "normal", "one_of", "split"]


def normal(name: str) -> str:
    """The form in which the names of losses, networks, ... are compared.

    Example:
        >>> normal("WGAN_GP") == normal("wgan-gp")
        True
    """
    return re.sub(r"[-_]", "", name).casefold()


def canonical(distribution: str) -> str:
    """The form in which the names of distributions are compared, as pip compares them."""
    return re.sub(r"[-_.]+", "-", distribution).casefold()


def split(name: str) -> tuple[str, str]:
    """``"distribution:name"`` in its two parts; the first is empty for a bare name."""
    distribution, _, bare = name.strip().rpartition(":")
    return distribution.strip(), bare.strip()


def one_of(noun: str) -> str:
    """The noun with its article: ``"a loss"``, ``"an extractor"``."""
    return f"{'an' if noun[0] in 'AEIOUaeiou' else 'a'} {noun}"
