"""What every kind of thing is asked about its words: docstring, entry, options."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Protocol

from ganzoo.errors import BadOption
from ganzoo.registry import Description, Found, Option, default_registry
from ganzoo.testing.check import Check, fail, skip

__all__ = ["DOCUMENTED", "UNKNOWN_OPTION", "Named", "absent_words", "changed", "described"]

_CITED = re.compile(r"arXiv[ :]\d{4}\.\d{4,5}|Reference|\(no arXiv id\)|https?://|\b(19|20)\d\d\b")


class Named(Protocol):
    """What has an entry, or is an object without one; ``remade`` gives it with other options."""

    found: Found | None

    def remade(self, **options: Any) -> Any:
        """The same with some options changed."""
        ...


def described(subject: Named) -> Description:
    """The options and the docstring; skips the check of an object, which has no entry."""
    if subject.found is None:
        skip("an object has no entry and no docstring of its own")
    return default_registry().describe(subject.found)


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


def _documented(subject: Named) -> None:
    told = described(subject)
    absent = absent_words(subject.found, told)
    if absent:
        fail(
            f"its docstring or its entry lacks {', '.join(absent)}. Say what it is in a line, "
            f"every option, and where it is from."
        )


def _unknown(subject: Named) -> None:
    told = described(subject)
    try:
        subject.remade(no_such_option=1)
    except BadOption as error:
        if "no_such_option" not in str(error):
            fail(f"an unknown option is refused without being named: {error}")
        return
    names = ", ".join(option.name for option in told.options) or "nothing"
    fail(
        f"it takes any option, so a misspelt one goes unseen: spell out its options instead of "
        f"**kwargs (it documents {names})"
    )


DOCUMENTED = Check(
    "documented", "its docstring says what it is, and every option", _documented, always=True
)
UNKNOWN_OPTION = Check(
    "unknown_option", "an option that it does not have is refused", _unknown, always=True
)
