"""A thing and its options written as one string: ``"r1(gamma=10, every=16)"``."""

from __future__ import annotations

import ast
import re
from typing import Any

from ganzoo.errors import BadOption

__all__ = ["parse_call", "parse_value", "spell_call"]

_CALL = re.compile(r"\s*(?P<name>[\w.+:-]+)\s*(?:\((?P<inside>.*)\))?\s*", re.DOTALL)


def parse_call(text: str) -> tuple[str, dict[str, Any]]:
    """The name and the options of ``"name"`` or ``"name(option=literal, ...)"``.

    Nothing is evaluated: the values are literals of numbers, strings, tuples, lists, dicts,
    sets, bools and None.

    Raises:
        BadOption: anything else.

    Example:
        >>> parse_call("r1(gamma=10, every=16)")
        ('r1', {'gamma': 10, 'every': 16})
    """
    found = _CALL.fullmatch(text)
    if found is None:
        raise _unreadable(text, "it is neither a name nor a name with options in brackets")
    call = _call(text, found["inside"] or "")
    options: dict[str, Any] = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise _unreadable(text, "** is not taken")
        if keyword.arg in options:
            raise _unreadable(text, f"the option {keyword.arg} stands there twice")
        try:
            options[keyword.arg] = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            written = ast.unparse(keyword.value)
            raise _unreadable(
                text, f"{keyword.arg}={written} is no literal; quote a string, write out a number"
            ) from None
    return found["name"], options


def parse_value(text: str) -> Any:
    """What stands behind ``name=`` on a command line: a literal, ``true`` or ``false`` as TOML
    has them, or else the word itself.

    Example:
        >>> [parse_value(text) for text in ("0.5", "true", "(0.5, 0.9)", "cosine")]
        [0.5, True, (0.5, 0.9), 'cosine']
    """
    word = text.strip()
    try:
        options = parse_call(f"f(value={word})")[1]
    except BadOption:
        options = {}
    return options["value"] if len(options) == 1 else {"true": True, "false": False}.get(word, word)


def spell_call(name: str, options: dict[str, Any]) -> str:
    """The string that :func:`parse_call` reads back."""
    inside = ", ".join(f"{option}={value!r}" for option, value in options.items())
    return f"{name}({inside})" if inside else name


def _call(text: str, inside: str) -> ast.Call:
    try:
        body = ast.parse(f"f({inside}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _unreadable(text, getattr(error, "msg", None) or str(error)) from None
    if not isinstance(body, ast.Call) or not isinstance(body.func, ast.Name):
        raise _unreadable(text, "the brackets do not pair")
    if body.args:
        written = ast.unparse(body.args[0])
        raise _unreadable(text, f"{written} needs the name of its option before it")
    return body


def _unreadable(text: str, reason: str) -> BadOption:
    shown = text if len(text) <= 80 else text[:77] + "..."
    return BadOption(f"cannot read {shown!r}: {reason}. Write it like 'r1(gamma=10, every=16)'.")
