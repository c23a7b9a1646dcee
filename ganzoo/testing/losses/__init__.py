"""The conformance kit for losses."""

from ganzoo.testing.losses import (
    batches,
    documents,
    formulas,
    graphs,
    numerics,
    shapes,
    signs,
    states,
    theory,
    training,
    transforms,
)
from ganzoo.testing.losses.bench import Bench
from ganzoo.testing.losses.formulas import reference_check
from ganzoo.testing.losses.players import Judge
from ganzoo.testing.losses.subject import Subject

__all__ = ["CHECKS", "Bench", "Judge", "Subject", "reference_check"]

CHECKS = (
    *documents.CHECKS,
    *formulas.CHECKS,
    *numerics.CHECKS,
    *signs.CHECKS,
    *graphs.CHECKS,
    *batches.CHECKS,
    *shapes.CHECKS,
    *states.CHECKS,
    *theory.CHECKS,
    *transforms.CHECKS,
    *training.CHECKS,
)
"""What any correct loss passes."""
