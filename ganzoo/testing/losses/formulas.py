"""Checks of values: against the docstring's formulas, and against numbers from elsewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch

from ganzoo.errors import GanzooError
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.formula import Formulas, NotUnderstood
from ganzoo.testing.losses.bench import Bench, Said
from ganzoo.testing.losses.players import SLOPE
from ganzoo.testing.losses.subject import FAKE, REAL, Subject, close
from ganzoo.testing.words import changed, described

__all__ = ["CHECKS", "reference_check", "relation"]

_SIDES = {"discriminator": "L_D", "generator": "L_G"}


def _formula(subject: Subject) -> None:
    formulas = Formulas(described(subject).doc)
    if subject.options.get("add"):
        skip("terms were added to what its docstring describes")
    for option in described(subject).options:
        given = subject.options.get(option.name)
        if isinstance(given, str) and repr(given) != option.default:
            skip(f"its docstring's formulas are not those of {option.name}={given!r}")
    unread, read = "", 0
    for options in _variants(subject, formulas):
        try:
            other = subject.remade(**options)
        except (GanzooError, ValueError):
            continue  # a value that it refuses
        for player, side in _SIDES.items():
            try:
                _compare(other, player, side, formulas)
                read += 1
            except NotUnderstood as error:
                unread = unread or str(error)
    if not read:
        skip(f"its formulas are not written for machines: {unread}")


def _variants(subject: Subject, formulas: Formulas) -> Iterator[dict[str, Any]]:
    """The options as they are, and with other numbers where a formula names them."""
    plain = _settled(subject)
    yield plain
    spoken = set(re.findall(r"\w+", " ".join(formulas.text.values())))
    for option in described(subject).options:
        if option.name in spoken and isinstance(plain.get(option.name), float):
            values = [value for value in changed(option) if value != plain[option.name]]
            yield from ({**plain, option.name: value} for value in values[:1])


def _settled(subject: Subject) -> dict[str, Any]:
    """Every option with its value, as far as it is a literal."""
    settled = {}
    for option in described(subject).options:
        try:
            settled[option.name] = ast.literal_eval(option.default)
        except (ValueError, SyntaxError):
            continue
    return {**settled, **subject.options}


def _compare(subject: Subject, player: str, side: str, formulas: Formulas) -> None:
    for real, fake in ((REAL, FAKE), (0.5 * FAKE + 0.1, REAL - 0.3)):
        known = {"r": real, "f": fake, "slope": torch.tensor(SLOPE, dtype=torch.float64)}
        for name, value in subject.options.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                known[name] = torch.tensor(float(value), dtype=torch.float64)
        wanted = formulas.value(side, known)
        if wanted.ndim:
            raise NotUnderstood(f"{side} = {formulas.text[side]!r} is no single number")
        said = subject.say(player, real, fake)
        if said.others_matter or not subject.heard.get(player, False):
            raise NotUnderstood("its scores are not the discriminator's of the samples")
        found = float(said.value)
        if not close(found, float(wanted), 1e-7):
            told = {n: v for n, v in subject.options.items() if not callable(v)}
            fail(
                f"its docstring has {side} = {formulas.text[side]}, which is {float(wanted):.7g} "
                f"for a batch of scores; the {player}'s loss is {found:.7g}"
                f"{relation(found, float(wanted), len(real))}. Either is wrong. (Options: {told})"
            )


def relation(found: float, wanted: float, count: int) -> str:
    """How a wrong number may have come of the right one, in words; empty where it is unclear."""
    factors = {
        2.0: "twice that: is there a factor 1/2 too few?",
        0.5: "half of that: is there a factor 1/2 too many?",
        -1.0: "the negative of that: is a sign the wrong way round?",
        float(count): f"{count} times that: is it a sum where a mean is wanted?",
        1 / count: f"one {count}th of that: is a mean taken of a mean of a sum?",
    }
    for factor, words in factors.items():
        if wanted and close(found, factor * wanted, 1e-6):
            return f", {words}"
    return ""


def reference_check(
    cases: Sequence[Mapping[str, Any]],
    *,
    mistakes: Mapping[str, Mapping[str, float]] | None = None,
    tolerance: float = 1e-9,
) -> Check:
    """A check against values and gradients that were computed elsewhere.

    Args:
        cases: each has ``real`` and ``fake``, lists of scores, and any of ``d_loss``,
            ``g_loss``, ``d_grad_real``, ``d_grad_fake`` and ``g_grad_fake``, the gradients of
            the losses by those scores; or ``real_features`` and ``fake_features``, lists of
            rows, and ``labels``, where that is what the loss looks at.
        mistakes: of the first case, what usual mistakes give for ``d_loss`` and ``g_loss``,
            by what is wrong.
        tolerance: relative.

    Example:
        >>> zero = {"real": [0.0], "fake": [0.0], "d_loss": 2.0, "g_loss": 0.0}
        >>> from ganzoo.testing import run_check
        >>> run_check(reference_check([zero]), "hinge").status
        'passed'
    """

    def examine(subject: Subject) -> None:
        for place, case in enumerate(cases):
            for player, letter in (("discriminator", "d"), ("generator", "g")):
                _refer(subject, player, letter, case, (mistakes or {}, tolerance, place))

    return Check("reference", "values and gradients are those computed elsewhere", examine)


def _refer(
    subject: Subject,
    player: str,
    letter: str,
    case: Mapping[str, Any],
    rest: tuple[Mapping[str, Mapping[str, float]], float, int],
) -> None:
    mistakes, tolerance, place = rest
    said = _at_known(subject, player, case)
    found, wanted = float(said.value), case.get(f"{letter}_loss")
    if wanted is not None and not close(found, wanted, tolerance):
        likely = relation(found, wanted, len(said.real))
        for what, values in mistakes.items() if place == 0 else ():
            if close(found, values.get(f"{letter}_loss", wanted), 1e-6):
                likely = f", the value of a usual mistake: {what}"
        what = "features" if "fake_features" in case else "scores"
        fail(f"the {player}'s loss is {found:.8g} for known {what}, and not {wanted:.8g}{likely}")
    for kind in ("real", "fake"):
        expected = case.get(f"{letter}_grad_{kind}")
        if expected is None or (player == "generator" and kind == "real"):
            continue
        slope = said.slopes(kind)[:, 0]
        right = torch.tensor(expected, dtype=torch.float64)
        if not torch.allclose(slope, right, rtol=1e-7, atol=1e-10):
            fail(
                f"the {player}'s loss has its known value, and the wrong gradient by the scores "
                f"of {kind} samples: {[round(v, 5) for v in slope.tolist()]} instead of "
                f"{[round(v, 5) for v in right.tolist()]}. Is something detached?"
            )


def _at_known(subject: Subject, player: str, case: Mapping[str, Any]) -> Said:
    """What is said of the scores, or of the features, of a case."""
    known = "_features" if "fake_features" in case else ""
    fake = torch.tensor(case[f"fake{known}"], dtype=torch.float64)
    real = torch.tensor(case.get(f"real{known}", fake.tolist()), dtype=torch.float64)
    bench = Bench(subject.plain(), fake.shape[1] if known else 2)
    if known:
        bench.judge.seen = lambda x: x  # type: ignore[method-assign]
    if "labels" in case:
        bench.labels = torch.tensor(case["labels"])
    return bench.turn(player, real, fake)


CHECKS = (Check("formula", "it computes what its docstring says", _formula),)
