"""The comparison: many recipes become records, and records become statistics.

Nothing here imports torch before a comparison runs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganzoo.compare.comparison import Comparison, compare
    from ganzoo.compare.plan import Plan

__all__ = ["Comparison", "Plan", "compare"]

_HOMES = {"Comparison": "comparison", "Plan": "plan", "compare": "comparison"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
