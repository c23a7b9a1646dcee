"""Samples at fixed noise over training: a strip of moments for each objective."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ganzoo.records.selection import plain

__all__ = ["Film", "Moment", "moments"]

KEY = re.compile(r"fake@(\d+)")
MOST = 12  # moments of an objective; of more, some are left out evenly


@dataclass(frozen=True)
class Moment:
    """A picture of what the same noise became at a step."""

    step: int
    image: Markup


@dataclass(frozen=True)
class Film:
    """The moments of one run of an objective, the first step first."""

    label: str
    seed: int
    moments: tuple[Moment, ...]


def moments(found: Mapping[str, Any], paint: Any, label: str, seed: int) -> Film | None:
    """The film of a run whose samples are ``found``; None where there are fewer than two.

    Args:
        found: arrays by name, those of a step as ``fake@STEP``.
        paint: from an array and a description to a picture.
        label: of the objective.
        seed: of the run.
    """
    steps = sorted(int(match[1]) for name in found if (match := KEY.fullmatch(name)))
    if len(steps) < 2:
        return None
    drawn = []
    for step in _evenly(steps):
        about = f"samples of {plain(label)}, seed {seed}, at step {step}"
        drawn.append(Moment(step, paint(found[f"fake@{step}"], about)))
    return Film(label, seed, tuple(drawn))


def _evenly(steps: list[int]) -> list[int]:
    if len(steps) <= MOST:
        return steps
    last = len(steps) - 1
    return [steps[round(place * last / (MOST - 1))] for place in range(MOST)]
