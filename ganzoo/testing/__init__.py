"""The conformance kit: what any correct loss does, as small named checks.

On the command line ``ganzoo check NAME``; in a test file two lines::

    from ganzoo.testing import objective_checks

    test_soft_hinge = objective_checks("soft-hinge")
"""

from ganzoo.testing.check import Check, CheckResult, fail, run_check, skip
from ganzoo.testing.kit import LOSS_CHECKS, check_loss, objective_checks
from ganzoo.testing.subject import Judge, Subject

__all__ = [
    "LOSS_CHECKS",
    "Check",
    "CheckResult",
    "Judge",
    "Subject",
    "check_loss",
    "fail",
    "objective_checks",
    "run_check",
    "skip",
]
