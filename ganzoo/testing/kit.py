"""The kits: which checks go with which kind of thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ganzoo.errors import AmbiguousName
from ganzoo.registry import KINDS, Found, default_registry
from ganzoo.registry.kinds import kind_of
from ganzoo.registry.names import canonical, one_of
from ganzoo.testing.check import Check, CheckResult, Examined, examine

if TYPE_CHECKING:
    from ganzoo.evaluate import Extractor, Metric
    from ganzoo.game import Architecture, Objective, Source, Term

__all__ = [
    "Kit",
    "check_architecture",
    "check_dataset",
    "check_entry",
    "check_extractor",
    "check_loss",
    "check_metric",
    "check_term",
    "kit_of",
    "run_check",
    "select",
]

_MODULES = {
    "losses": "losses",
    "terms": "terms",
    "architectures": "networks",
    "datasets": "datasets",
    "metrics": "metrics",
    "extractors": "extractors",
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
    """Put a loss through the conformance checks; arguments and errors as :func:`check_entry`.

    Whatever it needs of a discriminator (features, a reconstruction, labels) or of a game (an
    encoder, heads of its own) is there; checks of scores are skipped where it has none.

    Example:
        >>> [r.status for r in check_loss("hinge") if r.name == "direction"]
        ['passed']
    """
    return check_entry(loss, kind="losses", **options)


def check_term(term: str | Term, /, **options: Any) -> list[CheckResult]:
    """Put a term that is added to losses through the checks, alone and beside a loss that it
    suits; arguments and errors as :func:`check_entry`.
    """
    return check_entry(term, kind="terms", **options)


def check_architecture(networks: str | Architecture, /, **options: Any) -> list[CheckResult]:
    """Put networks through the checks; of an object, give what it is for as ``spec=``.
    Arguments and errors as :func:`check_entry`.
    """
    return check_entry(networks, kind="architectures", **options)


def check_dataset(data: str | Source, /, **options: Any) -> list[CheckResult]:
    """Put a data set through the checks; arguments and errors as :func:`check_entry`."""
    return check_entry(data, kind="datasets", **options)


def check_metric(metric: str | Metric, /, **options: Any) -> list[CheckResult]:
    """Put a metric through the checks; of an object, give what is better as ``direction=``.
    Arguments and errors as :func:`check_entry`.
    """
    return check_entry(metric, kind="metrics", **options)


def check_extractor(extractor: str | Extractor, /, **options: Any) -> list[CheckResult]:
    """Put a feature extractor through the checks; of an object, give ``samples=`` that suit
    it. Arguments and errors as :func:`check_entry`.
    """
    return check_entry(extractor, kind="extractors", **options)


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
