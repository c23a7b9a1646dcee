"""A check, its result, and how anything is put through one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from ganzoo.errors import Incompatible, MissingData, MissingDependency

__all__ = [
    "Check",
    "CheckResult",
    "Examined",
    "Failed",
    "Skipped",
    "examine",
    "fail",
    "skip",
]


class Failed(Exception):
    """Raised by a check that its subject does not pass; says what the likely mistake is."""


class Skipped(Exception):
    """Raised by a check that does not apply; says why."""


def fail(message: str) -> NoReturn:
    """End a check: the subject does not pass, and this is the likely mistake."""
    raise Failed(message)


def skip(reason: str) -> NoReturn:
    """End a check: it does not apply, for this reason."""
    raise Skipped(reason)


class Examined(Protocol):
    """What is put through checks: a loss, a term, networks, ...

    ``waived`` names the checks that its author says do not hold, each with the reason, and
    ``excused`` says why no check applies, where none does.
    """

    @property
    def waived(self) -> Mapping[str, str]:
        """Names of checks that do not hold, with reasons."""
        ...

    @property
    def excused(self) -> str:
        """Why no check applies; empty when they do."""
        ...


@dataclass(frozen=True)
class Check:
    """Something that anything correct of its kind does.

    Args:
        name: short, with underscores.
        about: what a subject that passes does, in a line.
        examine: calls :func:`fail` or :func:`skip`, or just returns.
        slow: whether it is run on demand alone.
        always: whether it is run where the subject is excused too: of its words alone.
    """

    name: str
    about: str
    examine: Callable[[Any], None]
    slow: bool = False
    always: bool = False


@dataclass(frozen=True)
class CheckResult:
    """What came of one check of one subject.

    Args:
        name, about: of the check.
        status: ``"passed"``, ``"failed"``, ``"skipped"``, or ``"waived"`` by the author.
        message: the likely mistake, or why it was skipped or waived; empty when it passed.
        seconds: what it took.
    """

    name: str
    about: str
    status: str
    message: str = ""
    seconds: float = 0.0


def examine(check: Check, subject: Examined) -> CheckResult:
    """Put a subject through one check. What it raises is a failure, but for what says that
    it does not fit, or that data or a library are absent: then it is skipped.
    """
    start = time.perf_counter()
    status, message = _outcome(check, subject)
    return CheckResult(check.name, check.about, status, message, time.perf_counter() - start)


def _outcome(check: Check, subject: Examined) -> tuple[str, str]:
    if check.name in subject.waived:
        return "waived", subject.waived[check.name]
    if subject.excused and not check.always:
        return "skipped", subject.excused
    try:
        check.examine(subject)
    except (Skipped, Incompatible, MissingData, MissingDependency) as skipped:
        return "skipped", str(skipped)
    except Failed as failed:
        return "failed", str(failed)
    except Exception as error:
        return "failed", f"it raises {type(error).__name__}: {error}"
    return "passed", ""
