"""A check, its result, and how a loss is put through all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from ganzoo.errors import Incompatible
from ganzoo.game import Objective
from ganzoo.testing.subject import Subject

__all__ = ["Check", "CheckResult", "Failed", "Skipped", "fail", "run_check", "skip"]


class Failed(Exception):
    """Raised by a check that a loss does not pass; says what the likely mistake is."""


class Skipped(Exception):
    """Raised by a check that does not apply; says why."""


def fail(message: str) -> NoReturn:
    """End a check: the loss does not pass, and this is the likely mistake."""
    raise Failed(message)


def skip(reason: str) -> NoReturn:
    """End a check: it does not apply, for this reason."""
    raise Skipped(reason)


@dataclass(frozen=True)
class Check:
    """Something that any correct loss does.

    Args:
        name: short, with underscores.
        about: what a loss that passes does, in a line.
        examine: calls :func:`fail` or :func:`skip`, or just returns.
    """

    name: str
    about: str
    examine: Callable[[Subject], None]


@dataclass(frozen=True)
class CheckResult:
    """What came of one check of one loss.

    Args:
        name, about: of the check.
        status: ``"passed"``, ``"failed"`` or ``"skipped"``.
        message: the likely mistake, or why it was skipped; empty when it passed.
        seconds: what it took.
    """

    name: str
    about: str
    status: str
    message: str = ""
    seconds: float = 0.0


def run_check(check: Check, loss: str | Objective | Subject, **options: Any) -> CheckResult:
    """Put a loss through one check.

    Raises:
        UnknownName, AmbiguousName, BadOption, PluginFailed: the loss cannot be built.
    """
    subject = loss if isinstance(loss, Subject) else Subject(loss, **options)
    start, status, message = time.perf_counter(), "passed", ""
    try:
        reason = subject.excused or dict(subject.traits.waived).get(check.name)
        if reason:
            skip(reason)
        check.examine(subject)
    except (Skipped, Incompatible) as skipped:
        status, message = "skipped", str(skipped)
    except Failed as failed:
        status, message = "failed", str(failed)
    except Exception as error:
        status, message = "failed", f"it raises {type(error).__name__}: {error}"
    return CheckResult(check.name, check.about, status, message, time.perf_counter() - start)
