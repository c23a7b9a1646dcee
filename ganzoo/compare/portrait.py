"""Portrait of an objective: its losses against the score, asked of the objective itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from ganzoo.game import Objective, Term
from ganzoo.records.record import Portrait
from ganzoo.registry import Found, default_registry

__all__ = ["AXIS", "portray"]

AXIS = tuple(round(-8 + 0.1 * place, 1) for place in range(161))
"""The scores at which an objective is drawn."""

_FAR = (-1000.0, -100.0, -30.0, 30.0, 100.0, 1000.0)
_PROBES = ((0.0, 0.0), (1.5, 0.0), (0.0, 1.5), (-2.5, 0.5), (0.5, -2.5))


def portray(objective: Objective, found: Found) -> Portrait:
    """The portrait of a loss that was just built from its registry entry.

    An objective of which nothing depends on the score alone keeps its text and has no curves.

    Args:
        objective: on the CPU, in its initial state; it is left so.
        found: its entry, for the words.
    """
    # One for all scores: forking at each of them costs more than the losses do.
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        curves = _curves(objective)
    return Portrait(
        title=found.entry.name,
        summary=found.entry.summary,
        formulas=default_registry().describe(found).doc,
        paper=getattr(found.entry, "paper", ""),
        year=getattr(found.entry, "year", 0),
        family=getattr(found.entry, "family", ""),
        score=AXIS if any(curves.values()) else (),
        **curves,
    )


def _curves(objective: Objective) -> dict[str, tuple[float, ...]]:
    terms = [term for term in objective.terms if isinstance(term, Term) and _speaks(term)]
    if not terms:
        return {}
    drawn = Objective(*terms)

    def judged(real: float, fake: float) -> float:
        return _value(drawn, "discriminator", real, fake)[0]

    generator = [_value(drawn, "generator", 0.0, score) for score in AXIS]
    real, fake = _parts(judged)
    return {
        "discriminator_real": _finite(real),
        "discriminator_fake": _finite(fake),
        "generator": _finite([value for value, _ in generator]),
        "generator_gradient": _finite([slope for _, slope in generator]),
    }


def _speaks(term: Term) -> bool:
    """Whether the term says something of the score by itself.

    The discriminator of a portrait is the identity on samples of one element, so that the
    gradient of the score is 1 everywhere, and a penalty on it constant: it has no place in
    the picture. Nor has a term that asks for features, labels or another network.
    """
    if term.needs - {"score"} or term.conditional or "discriminator" not in term.roles:
        return False
    alone = Objective(term)
    try:
        said = [
            [_value(alone, player, real, fake)[0] for real, fake in _PROBES]
            for player in ("discriminator", "generator")
        ]
    except Exception:
        # A term may ask a play for anything; what a score cannot answer cannot be drawn.
        return False
    return any(abs(value - column[0]) > 1e-9 for column in said for value in column)


def _value(objective: Objective, player: str, real: float, fake: float) -> tuple[float, float]:
    """A loss on one real and one generated score, and its derivative by the latter."""
    real_x = torch.tensor([[real]], dtype=torch.float64)
    fake_x = torch.tensor([[fake]], dtype=torch.float64, requires_grad=True)
    # A term that draws noise draws the same at every score.
    torch.default_generator.manual_seed(0)
    if player == "discriminator":
        loss = objective.discriminator_loss(_identity, real_x, fake_x, step=0)
        return float(loss.detach()), 0.0
    loss = objective.generator_loss(_identity, fake_x, real_x, step=0)
    (slope,) = torch.autograd.grad(loss, fake_x, allow_unused=True)
    return float(loss.detach()), 0.0 if slope is None else float(slope)


def _identity(x: Tensor) -> Tensor:
    return x * 1.0


def _parts(loss: Callable[[float, float], float]) -> tuple[list[float], list[float]]:
    """What the discriminator pays for a real score and for a generated one.

    Only their sum can be asked for. Each part is what it is above its least value, which is 0
    for every loss that reaches its aim; what that leaves over, or the whole value at (0, 0)
    where a part has no least value, they share. Of a loss on pairs, which is no such sum, a
    part is the loss with the other score at 0.
    """
    origin = loss(0.0, 0.0)
    real = [loss(score, 0.0) for score in AXIS]
    fake = [loss(0.0, score) for score in AXIS]
    if not (math.isfinite(origin) and _additive(loss, origin)):
        return real, fake
    depths = []
    for near, far in (
        (real, [loss(score, 0.0) for score in _FAR]),
        (fake, [loss(0.0, score) for score in _FAR]),
    ):
        depths.append(origin - min(v for v in (*near, *far) if math.isfinite(v)))
        if far[0] - far[1] < -1e-6 or far[-1] - far[-2] < -1e-6:
            depths = [0.0, 0.0]
            break
    spare = (origin - sum(depths)) / 2
    return (
        [value - origin + depths[0] + spare for value in real],
        [value - origin + depths[1] + spare for value in fake],
    )


def _additive(loss: Callable[[float, float], float], origin: float) -> bool:
    for real, fake in ((2.0, -1.5), (-1.0, 3.0), (0.7, 0.4)):
        left, right = loss(real, fake) + origin, loss(real, 0.0) + loss(0.0, fake)
        if abs(left - right) > 1e-9 * (1 + abs(left)):
            return False
    return True


def _finite(values: Sequence[float]) -> tuple[float, ...]:
    """The column to six digits, or nothing where a number in it is not finite."""
    if not all(map(math.isfinite, values)):
        return ()
    return tuple(float(f"{value:.6g}") for value in values)
