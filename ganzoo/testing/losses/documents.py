"""Checks of words: what a loss declares, what its docstring says, what its options do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args

import torch

from ganzoo.errors import BadOption, GanzooError
from ganzoo.game import Objective
from ganzoo.game.traits import Growth
from ganzoo.registry import Description, Option, default_registry
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.losses.subject import FAKE, REAL, Subject

__all__ = ["CHECKS", "absent_words", "changed"]

_CITED = re.compile(r"arXiv[ :]\d{4}\.\d{4,5}|Reference|\(no arXiv id\)|https?://|\b(19|20)\d\d\b")


def _described(subject: Subject) -> Description:
    if subject.found is None:
        skip("an object has no entry and no docstring of its own")
    return default_registry().describe(subject.found)


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
    described = _described(subject)
    absent = absent_words(subject.found, described)
    wanted = [
        f"{name} = "
        for name, player in (("L_D", "discriminator"), ("L_G", "generator"))
        if len(subject.players) > 1 and player in subject.players
    ] or [" = "]
    absent += [f"the formula {w!r}..." for w in wanted if w not in described.doc]
    if absent:
        fail(
            f"its docstring or its entry lacks {', '.join(absent)}. A loss says what it is in a "
            f"line, gives both formulas as minimised, every option, and where it is from."
        )


def absent_words(found: Any, described: Description) -> list[str]:
    """What an entry and its docstring do not say, and every one says."""
    documented = set(re.findall(r"\w+", described.doc.partition("Args:")[2]))
    unsaid = [option.name for option in described.options if option.name not in documented]
    lacking = [f"the option {name!r} under Args" for name in unsaid]
    if not found.entry.summary:
        lacking.append("a summary")
    if not described.doc.strip():
        lacking.append("a docstring")
    cites = found.kind in ("losses", "terms")
    if cites and not (found.entry.paper or _CITED.search(described.doc)):
        lacking.append("a reference")
    if cites and not found.entry.family:
        lacking.append("a family")
    return lacking


def _options(subject: Subject) -> None:
    described = _described(subject)
    assert subject.found is not None
    if not described.options:
        skip("it has no options")
    for option in described.options:
        _examine_option(subject, option)


def _examine_option(subject: Subject, option: Option) -> None:
    assert subject.found is not None
    plain, idle = subject.objective(), []
    for value in changed(option):
        if repr(value) == option.default:
            continue
        try:
            other = Subject(subject.found.id, **{**subject.options, option.name: value})
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


def changed(option: Option) -> Iterator[Any]:
    """Other values of an option, as far as its default tells what they can be."""
    try:
        default = ast.literal_eval(option.default) if option.default else None
    except (ValueError, SyntaxError):
        return
    if isinstance(default, bool):
        yield not default
    elif isinstance(default, int):
        yield from (default + 1, default + 2, default - 1)
    elif isinstance(default, float):
        yield from (default * 0.5 + 0.25, default * 0.9, default + 1.0, default * 2)
    elif isinstance(default, str):
        known = re.findall(r"'([^']+)'|\"([^\"]+)\"", option.annotation)
        yield from (a or b for a, b in known if (a or b) != default)
    elif default is None and "float" in option.annotation:
        yield from (0.5, 2.0, 0.3)


def _mute(plain: Objective, other: Objective) -> bool:
    """Whether nothing that is seen differs."""
    turns = plain.discriminator_turns != other.discriminator_turns
    return repr(plain) == repr(other) and not turns and plain.defaults == other.defaults


def _speaks_otherwise(subject: Subject, other: Subject) -> bool:
    for player in subject.players:
        one, two = (each.bench() for each in (subject, other))
        for step in range(3):
            said = [b.turn(player, REAL, FAKE, step=step, act=True) for b in (one, two)]
            if not torch.equal(said[0].value, said[1].value):
                return True
    return False


def _unknown(subject: Subject) -> None:
    described = _described(subject)
    assert subject.found is not None
    try:
        Subject(subject.found.id, **{**subject.options, "no_such_option": 1})
    except BadOption as error:
        if "no_such_option" not in str(error):
            fail(f"an unknown option is refused without being named: {error}")
        return
    names = ", ".join(option.name for option in described.options) or "nothing"
    fail(
        f"it takes any option, so a misspelt one goes unseen: spell out its options instead of "
        f"**kwargs (it documents {names})"
    )


CHECKS = (
    Check("traits", "it declares what it is", _declared),
    Check("documented", "its docstring has formulas, options and reference", _documented),
    Check("options", "every option does something, and is shown", _options),
    Check("unknown_option", "an option that it does not have is refused", _unknown),
)
