"""Checks of what a term says: its gradients, its mean over samples, what must not change it."""

from __future__ import annotations

import copy
import inspect
from typing import Any

import torch

from ganzoo.errors import GanzooError, ShapeMismatch
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.formula import Formulas, NotUnderstood
from ganzoo.testing.losses.bench import Bench
from ganzoo.testing.losses.formulas import relation
from ganzoo.testing.losses.players import SLOPE
from ganzoo.testing.losses.subject import FAKE, REAL, close
from ganzoo.testing.terms.subject import COUNT, Spoken, TermSubject
from ganzoo.testing.words import changed, described

__all__ = ["CHECKS"]

_STRENGTHS = ("weight", "gamma")


def _zero_critic(subject: TermSubject) -> None:
    subject.needs_words()
    for player in subject.speaks_to:
        for dtype in (torch.float32, torch.float64):
            said = subject.speak(player, zero=True, dtype=dtype)
            found = [said.value, *said.gradients[player]]
            if not all(t is None or bool(t.isfinite().all()) for t in found):
                fail(
                    f"for a critic that is 0 everywhere, as at the start of some networks, its "
                    f"value is {said.value} and a gradient is not finite in {dtype}. The gradient "
                    f"of a norm at 0 is no number if it is a root of a sum of squares, and 0 if it "
                    f"is torch.linalg.vector_norm."
                )


def _moves(subject: TermSubject) -> None:
    subject.needs_words()
    for player in subject.speaks_to:
        said = subject.speak(player)
        if not said.value:
            skip("by itself it is 0")
        if all(gradient is None for gradient in said.gradients[player]):
            fail(
                f"what it says to the {player} gives no gradient to the {player}'s parameters, so "
                f"it changes nothing. Is the graph cut, by detach, no_grad, torch.tensor(...) or a "
                f"Python number; or is create_graph=True missing?"
            )
        other = "generator" if player == "discriminator" else ""
        if other and any(gradient is not None for gradient in said.gradients[other]):
            fail(
                "what it says to the discriminator sends a gradient into the generator: use "
                "play.fake_x, which is detached in the discriminator's turn, or detach()."
            )


def _per_sample(subject: TermSubject) -> None:
    subject.needs_words()
    if subject.stochastic:
        skip("the networks draw numbers of their own for every pass")
    for player in subject.speaks_to:
        whole = subject.amount(player)
        try:
            parts = [subject.amount(player, rows=slice(i, i + 1)) for i in range(COUNT)]
        except ShapeMismatch as error:
            fail(f"it cannot be a mean over samples: {error} Waive this check if that is meant.")
        mean = sum(parts) / COUNT
        if not close(whole, mean, 1e-8):
            fail(
                f"of a batch it is {whole:.8g}, and on average {mean:.8g} of its samples one by "
                f"one{relation(whole, mean, COUNT)}: is there one norm over the whole batch, a "
                f"sum, or a maximum? The norm is over all axes but the first (flatten(1), "
                f"vector_norm(dim=1)), the mean over samples comes last. If the batch counts on "
                f"purpose, waive this check with the reason."
            )


def _weight_0(subject: TermSubject) -> None:
    subject.needs_words()
    if subject.stochastic or subject.conditional:
        skip("the networks are others with it")
    names = [option.name for option in described(subject).options if option.name in _STRENGTHS]
    if not names:
        skip("it has no weight")
    try:
        without = subject.remade(**{names[0]: 0.0})
    except (GanzooError, ValueError) as error:
        skip(f"it takes no {names[0]} of 0: {error}")
    for player in subject.speaks_to:
        one = subject.speak(player, objective=copy.deepcopy(subject.loss))
        two = subject.speak(player, objective=without.objective())
        if not torch.equal(one.fake, two.fake):
            skip("the latent vectors are others with it")
        differ = [
            (a, b)
            for a, b in zip(one.gradients[player], two.gradients[player], strict=False)
            if a is not None and b is not None and not torch.allclose(a, b, rtol=1e-10, atol=1e-12)
        ]
        if one.value is not None and (differ or not close(float(one.value), _number(two), 1e-12)):
            fail(
                f"with {names[0]}=0 the {player}'s loss is {_number(two):.8g}, and "
                f"{_number(one):.8g} without the term: what it says is to be multiplied by its "
                f"weight, by the Objective alone."
            )


def _number(said: Spoken) -> float:
    return 0.0 if said.value is None else float(said.value)


def _lazy(subject: TermSubject) -> None:
    subject.needs_words()
    if not any(option.name == "every" for option in described(subject).options):
        skip("it has no option every")
    rare, plain = subject.remade(every=3), subject.remade(every=1)
    for player in subject.speaks_to:
        often, seldom = plain.amount(player), rare.amount(player)
        if not subject.stochastic and not close(seldom, 3 * often, 1e-9):
            fail(
                f"with every=3 it is {seldom:.8g} at a step where it speaks, and {often:.8g} with "
                f"every=1: it is to be three times that, which the Objective sees to. Hand every "
                f"on to Term.__init__."
            )
    if rare.alone().due(1):
        fail("with every=3 it speaks at step 1 too: hand every on to Term.__init__")


def _autocast(subject: TermSubject) -> None:
    subject.needs_words()
    for player in subject.speaks_to:
        said = subject.speak(player, dtype=torch.float32)
        tracked = any(getattr(term, "input_grads", ()) for term in subject.alone().terms)
        if not (tracked or said.elsewhere) or subject.stochastic or player == "generator":
            continue
        mixed = subject.amount(player, dtype=torch.float32, autocast=True)
        if not close(mixed, _number(said), 1e-4):
            fail(
                f"under autocast it is {mixed:.7g}, and {_number(said):.7g} in float32: bfloat16 "
                f"rounds differences of near scores away. Judge points by ganzoo.terms.judged or "
                f"judged_gradient, which do so outside autocast."
            )


def _formula(subject: TermSubject) -> None:
    formulas, read, unread = Formulas(_doc(subject)), 0, ""
    for options in [{}, *_other_numbers(subject, formulas)]:
        other = subject.remade(**options) if options else subject
        known = {"r": REAL, "f": FAKE, "slope": torch.tensor(SLOPE, dtype=torch.float64)}
        known |= _numbers(other)
        for player, side in (("discriminator", "L_D"), ("generator", "L_G")):
            try:
                wanted = float(formulas.value(side, known))
            except (NotUnderstood, ValueError, RuntimeError) as error:
                unread = unread or str(error)
                continue
            found = float(Bench(other.alone(), 2).turn(player, REAL, FAKE).value)
            if not close(found, wanted, 1e-7):
                fail(
                    f"its docstring adds {formulas.text[side]} to {side}, which is {wanted:.7g} "
                    f"for a discriminator of slope {SLOPE:g}; the term gives {found:.7g}"
                    f"{relation(found, wanted, len(REAL))}. Either is wrong. (Options: {options})"
                )
            read += 1
    if not read:
        skip(f"its formula is not written for machines: {unread}")


def _doc(subject: TermSubject) -> str:
    if subject.found is not None:
        return described(subject).doc
    return inspect.getdoc(type(subject.alone().terms[0])) or ""


def _numbers(subject: TermSubject) -> dict[str, torch.Tensor]:
    """The numbers that a formula may name: options, or of an object its attributes."""
    if subject.found is None:
        term = subject.alone().terms[0]
        told: dict[str, Any] = {**vars(term), "weight": term.weight, "gamma": term.weight}
    else:
        told = {option.name: option.default for option in described(subject).options}
        told |= subject.options
    numbers = {}
    for name, value in told.items():
        try:
            numbers[name] = torch.tensor(float(value), dtype=torch.float64)
        except (ValueError, TypeError):
            continue
    return numbers


def _other_numbers(subject: TermSubject, formulas: Formulas) -> list[dict[str, float]]:
    """Other values of the numbers that its formula names, one at a time."""
    if subject.found is None:
        return []
    spoken = " ".join(formulas.text.values()).replace("(", " ").replace(")", " ").split()
    found = []
    for option in described(subject).options:
        others = [v for v in changed(option) if isinstance(v, float) and repr(v) != option.default]
        for value in others[:1] if option.name in spoken else ():
            try:
                subject.remade(**{option.name: value})
            except (GanzooError, ValueError):
                continue
            found.append({option.name: value})
    return found


CHECKS = (
    Check("formula", "it computes what its docstring says", _formula),
    Check("zero_critic", "value and gradients are finite for a critic of 0", _zero_critic),
    Check("moves_its_player", "its gradient reaches the player it speaks to alone", _moves),
    Check("per_sample", "it is a mean over samples", _per_sample),
    Check("weight_0", "a weight of 0 adds nothing", _weight_0),
    Check("lazy", "every k-th step it speaks, k times as loud", _lazy),
    Check("autocast", "under autocast it has its full precision", _autocast),
)
