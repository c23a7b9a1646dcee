"""The checks of a loss, for a program and for pytest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ganzoo.game import Objective
from ganzoo.testing import graphs, numerics, shapes
from ganzoo.testing.check import Check, CheckResult, run_check
from ganzoo.testing.subject import Subject

__all__ = ["LOSS_CHECKS", "check_loss", "objective_checks"]

LOSS_CHECKS: tuple[Check, ...] = (*numerics.CHECKS, *shapes.CHECKS, *graphs.CHECKS)
"""What any correct loss passes, asked through its two loss functions alone."""


def check_loss(
    loss: str | Objective, /, *, checks: Sequence[Check] = LOSS_CHECKS, **options: Any
) -> list[CheckResult]:
    """Put a loss through the conformance checks. It need declare nothing.

    A loss that needs more than scores (features, labels, an encoder) is skipped, with the
    reason.

    Args:
        loss: a registered name, or an objective, which is left as it is.
        checks: which; a :class:`Check` of one's own can be among them.
        options: of the registered loss.

    Raises:
        UnknownName, AmbiguousName, BadOption, PluginFailed: the loss cannot be built.

    Example:
        >>> [r.status for r in check_loss("hinge") if r.name == "direction"]
        ['passed']
    """
    subject = Subject(loss, **options)
    return [run_check(check, subject) for check in checks]


def objective_checks(
    loss: str | Objective, /, *, checks: Sequence[Check] = LOSS_CHECKS, **options: Any
) -> Callable[[Check], None]:
    """A pytest test, one case for each check; the arguments are those of :func:`check_loss`.

    In a test file::

        from ganzoo.testing import objective_checks

        test_soft_hinge = objective_checks("soft-hinge")
    """
    import pytest

    @pytest.mark.parametrize("check", checks, ids=[check.name for check in checks])
    def test_objective(check: Check) -> None:
        result = run_check(check, loss, **options)
        if result.status == "skipped":
            pytest.skip(result.message)
        if result.status == "failed":
            pytest.fail(f"{result.name}: {result.message}", pytrace=False)

    return test_objective
