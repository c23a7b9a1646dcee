"""Everything that is registered against ganzoo's conformance kit, and some with other options."""

from __future__ import annotations

from ganzoo.testing import LOSS_CHECKS, distribution_checks, objective_checks

test_all = distribution_checks("ganzoo-relativistic")

# pairs are taken position by position, so patches are not so many samples
_SCORES = [check for check in LOSS_CHECKS if not check.slow and check.name != "patches_and_scales"]
test_rsgan_of_all_pairs = objective_checks("rsgan", checks=_SCORES, pairs="all")
test_rhinge_of_all_pairs = objective_checks("rhinge", checks=_SCORES, pairs="all")
