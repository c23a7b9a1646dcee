"""The kits as pytest tests: one case for each check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ganzoo.testing.check import Check
from ganzoo.testing.kit import kit_of, run_check

if TYPE_CHECKING:
    from ganzoo.game import Objective

__all__ = ["entry_checks", "objective_checks"]


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
