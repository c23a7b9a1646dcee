"""Checks of words: what a loss declares, what its docstring says, what its options do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args

import torch

from ganzoo.errors import GanzooError
from ganzoo.game import Objective
from ganzoo.game.traits import Growth
from ganzoo.registry import Option
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.losses.subject import FAKE, REAL, Subject
from ganzoo.testing.words import UNKNOWN_OPTION, absent_words, changed, described

__all__ = ["CHECKS", "OPTIONS"]


def _declared(subject: Subject) -> None:
    if not subject.declared:
        skip(
            "none of its terms declares traits, so those of a logistic loss are assumed; give the "
            "Term that is the loss `traits = ganzoo.Traits(...)`, with what differs"
        )
    traits = subject.traits
    wrong = [
        f"{name}={getattr(traits, name)!r}"
        for name, right in (
            ("orientation", traits.orientation in (1, -1)),
            ("growth", traits.growth in get_args(Growth)),
            ("minimum", traits.minimum >= 1),
            ("neutral", traits.neutral is None or abs(traits.neutral) < 1e6),
            *((name, isinstance(getattr(traits, name), bool)) for name in _flags(traits)),
        )
        if not right
    ]
    if wrong:
        fail(f"its traits make no sense: {', '.join(wrong)}")
    unreasoned = [name for name, reason in traits.waived if len(reason) < 10]
    if unreasoned:
        fail(f"the check {unreasoned[0]!r} is waived without a reason")


def _flags(traits: Any) -> Iterator[str]:
    return (f.name for f in fields(traits) if f.type == "bool")


def _documented(subject: Subject) -> None:
    told = described(subject)
    absent = absent_words(subject.found, told)
    wanted = [
        f"{name} = "
        for name, player in (("L_D", "discriminator"), ("L_G", "generator"))
        if len(subject.players) > 1 and player in subject.players
    ] or [" = "]
    absent += [f"the formula {w!r}..." for w in wanted if w not in told.doc]
    if absent:
        fail(
            f"its docstring or its entry lacks {', '.join(absent)}. A loss says what it is in a "
            f"line, gives both formulas as minimised, every option, and where it is from."
        )


def _options(subject: Subject) -> None:
    options = described(subject).options
    if not options:
        skip("it has no options")
    for option in options:
        _examine_option(subject, option)


def _examine_option(subject: Subject, option: Option) -> None:
    plain, idle = subject.objective(), []
    for value in changed(option):
        if repr(value) == option.default or value == subject.options.get(option.name):
            continue
        try:
            other = subject.remade(**{option.name: value})
            mute = _mute(plain, other.objective())
            differs = not mute or _speaks_otherwise(subject, other)
        except (GanzooError, ValueError):
            continue  # a value that it refuses
        if mute and differs:
            fail(
                f"{option.name}={value!r} changes the loss, and it is shown the same: "
                f"{' '.join(str(plain).split())}. Let the term's extra_repr show it."
            )
        if differs:
            return
        idle.append(f"{option.name}={value!r}")
    if idle:
        fail(
            f"{' and '.join(idle)} change nothing: not how the loss is shown, nor its turns, nor "
            f"what it says. Is the option used?"
        )


def _mute(plain: Objective, other: Objective) -> bool:
    """Whether nothing that is seen differs."""
    turns = plain.discriminator_turns != other.discriminator_turns
    return repr(plain) == repr(other) and not turns and plain.defaults == other.defaults


def _speaks_otherwise(subject: Subject, other: Subject) -> bool:
    one, two = (each.bench() for each in (subject, other))
    for step in range(3):
        for player in subject.players:
            said = [b.turn(player, REAL, FAKE, step=step, act=True) for b in (one, two)]
            if not torch.equal(said[0].value, said[1].value):
                return True
    return False


OPTIONS = Check("options", "every option does something, and is shown", _options)

CHECKS = (
    Check("traits", "it declares what it is", _declared),
    Check("documented", "its docstring has formulas, options and reference", _documented),
    OPTIONS,
    UNKNOWN_OPTION,
)
