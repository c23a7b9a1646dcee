"""The kits: which checks go with which kind of thing, for a program and for pytest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ganzoo.errors import AmbiguousName
from ganzoo.game import Objective
from ganzoo.registry import KINDS, Found, default_registry
from ganzoo.registry.kinds import kind_of
from ganzoo.registry.names import canonical, one_of
from ganzoo.testing.check import Check, CheckResult, Examined, examine

__all__ = [
    "Kit",
    "check_entry",
    "check_loss",
    "entry_checks",
    "kit_of",
    "objective_checks",
    "run_check",
    "select",
]

_MODULES = {
    "losses": "losses",
    "terms": "terms",
}
"""Kind -> the module of its kit, with ``CHECKS`` and ``Subject``."""


@dataclass(frozen=True)
class Kit:
    """The checks of one kind of thing.

    Args:
        kind: one of :data:`ganzoo.registry.KINDS`.
        checks: in the order in which they are run.
        subject: from a registered name (or an object) and options to what is examined.
    """

    kind: str
    checks: tuple[Check, ...]
    subject: Callable[..., Examined]


def kit_of(kind: str) -> Kit:
    """The kit of a kind.

    Raises:
        UnknownName: no such kind.
    """
    name = kind_of(kind).name
    module = import_module(f"ganzoo.testing.{_MODULES[name]}")
    return Kit(name, module.CHECKS, module.Subject)


def run_check(check: Check, thing: Any, /, *, kind: str = "losses", **options: Any) -> CheckResult:
    """Put one thing through one check.

    Args:
        check: the check.
        thing: a registered name, or an object of the kind, which is left as it is.
        kind: one of :data:`ganzoo.registry.KINDS`.
        options: of the registered thing.

    Raises:
        UnknownName, AmbiguousName, BadOption, PluginFailed: it cannot be built.
    """
    return examine(check, kit_of(kind).subject(thing, **options))


def check_entry(
    thing: Any,
    /,
    *,
    kind: str,
    checks: Sequence[Check] | None = None,
    slow: bool = False,
    **options: Any,
) -> list[CheckResult]:
    """Put one thing through the checks of its kind.

    Args:
        thing: a registered name, or an object of the kind, which is left as it is.
        kind: one of :data:`ganzoo.registry.KINDS`.
        checks: which; a :class:`Check` of one's own can be among them.
        slow: whether the slow ones are run too.
        options: of the registered thing.

    Raises:
        UnknownName, AmbiguousName, BadOption, PluginFailed: it cannot be built.
    """
    kit = kit_of(kind)
    subject = kit.subject(thing, **options)
    chosen = kit.checks if checks is None else checks
    return [examine(check, subject) for check in chosen if slow or not check.slow]


def check_loss(loss: str | Objective, /, **options: Any) -> list[CheckResult]:
    """Put a loss through the conformance checks.

    Whatever it needs of a discriminator (features, a reconstruction, labels) or of a game (an
    encoder, heads of its own) is there; checks of scores are skipped where it has none.

    Args:
        loss: a registered name, or an objective, which is left as it is.
        options: ``checks`` and ``slow`` of :func:`check_entry`, and those of the loss.

    Raises:
        UnknownName, AmbiguousName, BadOption, PluginFailed: the loss cannot be built.

    Example:
        >>> [r.status for r in check_loss("hinge") if r.name == "direction"]
        ['passed']
    """
    return check_entry(loss, kind="losses", **options)


def objective_checks(loss: str | Objective, /, **options: Any) -> Callable[[Check], None]:
    """A pytest test of a loss, one case for each check; options as for :func:`check_loss`.

    In a test file::

        from ganzoo.testing import objective_checks

        test_soft_hinge = objective_checks("soft-hinge")
    """
    return entry_checks(loss, kind="losses", **options)


def entry_checks(
    thing: Any,
    /,
    *,
    kind: str,
    checks: Sequence[Check] | None = None,
    slow: bool = False,
    **options: Any,
) -> Callable[[Check], None]:
    """A pytest test of anything, one case for each check; arguments as for
    :func:`check_entry`.
    """
    import pytest

    every = kit_of(kind).checks if checks is None else checks
    chosen = [check for check in every if slow or not check.slow]

    @pytest.mark.parametrize("check", chosen, ids=[check.name for check in chosen])
    def test_entry(check: Check) -> None:
        result = run_check(check, thing, kind=kind, **options)
        if result.status in ("skipped", "waived"):
            pytest.skip(f"{result.status}: {result.message}")
        if result.status == "failed":
            pytest.fail(f"{result.name}: {result.message}", pytrace=False)

    return test_entry


def select(name: str, kind: str | None = None) -> list[Found]:
    """The entries of a distribution of this name, or the one entry of this name.

    Raises:
        UnknownName: there is none.
        AmbiguousName: several kinds, or several distributions, have one.
    """
    registry = default_registry()
    every = [each for k in ([kind] if kind else KINDS) for each in registry.entries(k)]
    brought = [each for each in every if canonical(each.distribution) == canonical(name)]
    if brought:
        return brought
    if kind is not None:
        return [registry.find(kind, name)]
    kinds = list(dict.fromkeys(each.kind for each in registry.find_all(name)))
    if len(kinds) > 1:
        raise AmbiguousName(
            f"{name!r} is the name of {' and of '.join(one_of(kind_of(k).one) for k in kinds)}; "
            f"say which kind: {' or '.join(kinds)}"
        )
    return [registry.find(kinds[0], name)]
