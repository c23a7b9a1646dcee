"""The conformance kit for terms that are added to a loss."""

from ganzoo.testing import losses
from ganzoo.testing.losses.documents import OPTIONS
from ganzoo.testing.terms import invariances, penalties
from ganzoo.testing.terms.subject import TermSubject as Subject
from ganzoo.testing.words import DOCUMENTED, UNKNOWN_OPTION

__all__ = ["CHECKS", "Subject"]

_BESIDE_A_LOSS = (
    *("finite", "collapsed", "half_precision", "precision"),
    *("gradient_isolation", "generator_learns", "two_steps", "memory", "inputs_unmodified"),
    *("permutation", "memory_layout", "device"),
    *("state_round_trip", "state_waits", "state_detached", "copies", "seeded_noise"),
    *("one_step", "resumes"),
)

CHECKS = (
    DOCUMENTED,
    OPTIONS,
    UNKNOWN_OPTION,
    *penalties.CHECKS,
    *invariances.CHECKS,
    *(check for check in losses.CHECKS if check.name in _BESIDE_A_LOSS),
)
"""What any correct term passes; the later ones beside a loss that it suits."""
