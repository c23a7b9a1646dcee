"""The kits as pytest tests: one case for each check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ganzoo.testing.check import Check, Examined, examine
from ganzoo.testing.kit import check_entry, kit_of, select

if TYPE_CHECKING:
    from ganzoo.game import Objective
    from ganzoo.registry import Found

__all__ = ["distribution_checks", "entry_checks", "objective_checks"]


def objective_checks(loss: str | Objective, /, **options: Any) -> Callable[[Check], None]:
    """A pytest test of a loss, one case for each check; options as for
    :func:`ganzoo.testing.check_entry`.

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
    :func:`ganzoo.testing.check_entry`.
    """
    import pytest

    kit = kit_of(kind)
    every = kit.checks if checks is None else checks
    chosen = [check for check in every if slow or not check.slow]

    @cache
    def subject() -> Examined:  # one for all cases, made when the first of them runs
        return kit.subject(thing, **options)

    @pytest.mark.parametrize("check", chosen, ids=[check.name for check in chosen])
    def test_entry(check: Check) -> None:
        result = examine(check, subject())
        if result.status in ("skipped", "waived"):
            pytest.skip(f"{result.status}: {result.message}")
        if result.status == "failed":
            pytest.fail(f"{result.name}: {result.message}", pytrace=False)

    return test_entry


def distribution_checks(name: str, /, *, slow: bool = False) -> Callable[[Found], None]:
    """A pytest test of everything that an installed distribution registers, whatever its kind,
    one case for each entry.

    In a test file::

        from ganzoo.testing import distribution_checks

        test_all = distribution_checks("ganzoo-energy")

    Args:
        name: of the distribution.
        slow: whether the slow checks are run too.

    Raises:
        UnknownName: it registers nothing.
    """
    import pytest

    found = select(name)

    @pytest.mark.parametrize("each", found, ids=[f"{f.kind}-{f.name}" for f in found])
    def test_distribution(each: Found) -> None:
        results = check_entry(each.id, kind=each.kind, slow=slow)
        failed = [f"{r.name}: {r.message}" for r in results if r.status == "failed"]
        if failed:
            pytest.fail("\n".join(failed), pytrace=False)
        if all(r.status == "skipped" for r in results):
            pytest.skip("none of the checks applies")

    return test_distribution
