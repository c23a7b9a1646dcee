"""Checks of signs: which way each loss pulls the scores."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor

from ganzoo.terms import ScoreTerm
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.losses.bench import Bench
from ganzoo.testing.losses.subject import FAKE, REAL, Subject, close

__all__ = ["CHECKS"]

_BOTH = ("discriminator", "generator")
_SIGN = (
    "A higher score must mean more real, but of energies, which declare orientation=-1 in their "
    "traits: is there a sign the wrong way round, or real and fake swapped?"
)


def _at(score: float, count: int = 8) -> Tensor:
    return torch.full((count,), score, dtype=torch.float64)


def _slopes(subject: Subject, player: str, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients by the scores of real and of generated samples, each times the number of
    samples, and positive where the loss falls as samples look more real.
    """
    said = subject.say(player, real, fake)
    way = -subject.traits.orientation
    return way * len(real) * said.slopes("real"), way * len(fake) * said.slopes("fake")


def _direction(subject: Subject) -> None:
    if subject.heard.get("generator") and not subject.heard.get("discriminator", True):
        fail(
            "the generator's loss looks at scores, and the discriminator's does not: nobody "
            "teaches it to tell. Is a part of the loss computed, and not added?"
        )
    subject.needs_scores()
    at = subject.neutral
    up, down = _slopes(subject, "discriminator", _at(at), _at(at))
    for slope, kind, way in ((up, "real", "rise"), (-down, "generated", "fall")):
        if not bool((slope > 1e-9).all()):
            fail(
                f"at scores of {at:g} the discriminator's loss does not fall when the scores of "
                f"{kind} samples {_turned(subject, way)}: the pull is {_listed(slope)}. {_SIGN}"
            )


def _turned(subject: Subject, way: str) -> str:
    return way if subject.traits.orientation > 0 else {"rise": "fall", "fall": "rise"}[way]


def _listed(slope: Tensor) -> str:
    low, high = float(slope.min()), float(slope.max())
    return f"{low:.3g}" if close(low, high, 1e-6) else f"{low:.3g} .. {high:.3g}"


def _separation(subject: Subject) -> None:
    subject.needs_scores()
    at, way = subject.neutral, subject.traits.orientation
    apart = (0.0, 0.1, 0.2, 0.3, 0.45)
    values = [subject.value("discriminator", _at(at + way * s), _at(at - way * s)) for s in apart]
    falls = all(after <= before + 1e-12 for before, after in pairwise(values))
    if not falls or not values[1] < values[0]:
        shown = ", ".join(f"{value:.5g}" for value in values)
        fail(
            f"the discriminator's loss does not keep falling as real and generated scores part "
            f"from {at:g} by {', '.join(map(str, apart))} each way; it is {shown}. {_SIGN}"
        )


def _stationary(subject: Subject) -> None:
    subject.needs_scores()
    if subject.traits.neutral is None and not subject.traits.shift_invariant:
        skip("it declares no neutral score")
    at = subject.neutral
    said = subject.say("discriminator", _at(at), _at(at))
    rest = sum(float(g.sum()) for each in said.by_score for g in each if g is not None)
    if abs(rest) > 1e-8:
        if said.others_matter:
            skip("it asks for the scores of other points, which are not neutral")
        real, fake = (-8 * said.slopes(kind) for kind in ("real", "fake"))
        fail(
            f"where data and model agree and every score is {at:g}, declared neutral, real samples "
            f"pull the discriminator with {float(real.mean()):.5g} and generated ones with "
            f"{float(fake.mean()):.5g}, which do not cancel: it would move on from its optimum. "
            f"Either the declared neutral score is wrong, or one side has a factor, a sum for a "
            f"mean, a smoothed label, or a sigmoid that the other has not."
        )


def _generator_direction(subject: Subject) -> None:
    subject.needs_scores("generator")
    at, way = subject.neutral, subject.traits.orientation
    _, lost = _slopes(subject, "generator", _at(at + way), _at(at - way))
    if not float(lost.sum()) > 0:
        wanted = "higher" if way > 0 else "lower"
        fail(
            f"where the discriminator is right, the generator's loss does not ask for {wanted} "
            f"scores of its samples: the pull is {_listed(lost)}. {_SIGN}"
        )
    if not subject.traits.monotone:
        return
    _, neutral = _slopes(subject, "generator", _at(at), _at(at))
    if not bool((neutral > 1e-9).all()):
        fail(
            f"at scores of {at:g} the generator's loss does not pull its samples up: "
            f"{_listed(neutral)}. {_SIGN} If it aims at a value, declare monotone=False."
        )
    for scale in (1.0, 3.0, 20.0):
        _, pull = _slopes(subject, "generator", scale * REAL + at, scale * FAKE + at)
        if bool((pull < -1e-9).any()):
            fail(
                f"the generator's loss pulls some of its samples' scores the wrong way (scores up "
                f"to {scale * 2:g}: {_listed(pull)}), and is declared monotone. {_SIGN} If it aims "
                f"at a value, declare monotone=False."
            )


def _zero_sum(subject: Subject) -> None:
    if not subject.traits.zero_sum:
        skip("it is not declared zero-sum")
    subject.needs_scores()
    cases = (FAKE, 2 * FAKE - 1, -FAKE)
    sums = [sum(_bare(subject, player, REAL, fake) for player in _BOTH) for fake in cases]
    coupled = [_bare(subject, "generator", real, FAKE) for real in (REAL, 2 * REAL - 1)]
    if not close(*coupled):  # the generator hears the real samples too: all cancels
        wanted, what = 0.0, "nothing"
    else:
        wanted, what = _real_part(subject, sums[0]), "its part of real samples"
    for total in sums:
        if not close(total, wanted, 1e-8):
            fail(
                f"it is declared zero-sum, so the two losses must add up to {what}, {wanted:.6g}; "
                f"they give {', '.join(f'{total:.6g}' for total in sums)} for three batches of "
                f"generated samples. Is there a constant too many in one of them, a wrong sign, or "
                f"another form of the fake term?"
            )


def _bare(subject: Subject, player: str, real: Tensor, fake: Tensor) -> float:
    """A player's loss without penalties, which one player pays alone."""
    return float(Bench(subject.bare(), 2).turn(player, real, fake).value)


def _real_part(subject: Subject, otherwise: float) -> float:
    """What the discriminator's loss has of real samples, where the parts can be told."""
    terms = list(subject.bare().terms)
    parts = [term for term in terms if isinstance(term, ScoreTerm)]
    own = [term for term in parts if type(term).discriminator is not ScoreTerm.discriminator]
    if len(parts) < len(terms) or own:
        return otherwise
    return sum(float(term.real(REAL).mean() * term.weight) for term in parts)


CHECKS = (
    Check("direction", "D is paid for scoring real samples higher, generated lower", _direction),
    Check("separation", "the further scores part from neutral, the better for D", _separation),
    Check("stationary", "at the neutral score D's two sides cancel", _stationary),
    Check("generator_direction", "G is paid for scores that mean more real", _generator_direction),
    Check("zero_sum", "what D loses on generated samples G gains, to the constant", _zero_sum),
)
