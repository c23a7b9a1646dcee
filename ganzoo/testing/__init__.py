"""The conformance kit: what anything correct of its kind does, as small named checks.

On the command line ``ganzoo check NAME``; in a test file two lines::

    from ganzoo.testing import objective_checks

    test_soft_hinge = objective_checks("soft-hinge")

or, of all that a package registers, ``test_all = distribution_checks("softhinge")``.

Importing it imports no torch: each public name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganzoo.testing.cases import distribution_checks, entry_checks, objective_checks
    from ganzoo.testing.check import Check, CheckResult, fail, skip
    from ganzoo.testing.dirac import Dirac
    from ganzoo.testing.kit import (
        check_architecture,
        check_dataset,
        check_entry,
        check_extractor,
        check_loss,
        check_metric,
        check_term,
        kit_of,
        run_check,
        select,
    )
    from ganzoo.testing.losses import CHECKS as LOSS_CHECKS
    from ganzoo.testing.losses import Bench, Judge, Subject, reference_check
    from ganzoo.testing.table import ScoreTable

__all__ = [
    "LOSS_CHECKS",
    "Bench",
    "Check",
    "CheckResult",
    "Dirac",
    "Judge",
    "ScoreTable",
    "Subject",
    "check_architecture",
    "check_dataset",
    "check_entry",
    "check_extractor",
    "check_loss",
    "check_metric",
    "check_term",
    "distribution_checks",
    "entry_checks",
    "fail",
    "kit_of",
    "objective_checks",
    "reference_check",
    "run_check",
    "select",
    "skip",
]

_HOMES = {
    "cases": "distribution_checks entry_checks objective_checks",
    "check": "Check CheckResult fail skip",
    "dirac": "Dirac",
    "kit": """check_architecture check_dataset check_entry check_extractor check_loss
        check_metric check_term kit_of run_check select""",
    "losses": "Bench Judge Subject reference_check",
    "table": "ScoreTable",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name == "LOSS_CHECKS":
        return import_module("ganzoo.testing.losses").CHECKS
    if name not in _HOME:
        raise AttributeError(f"module 'ganzoo.testing' has no attribute {name!r}")
    return getattr(import_module(f"ganzoo.testing.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
