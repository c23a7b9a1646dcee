"""Every loss against ganzoo's conformance kit."""

from __future__ import annotations

from ganzoo.testing import LOSS_CHECKS, objective_checks

test_rsgan = objective_checks("rsgan")
test_rlsgan = objective_checks("rlsgan")
test_rhinge = objective_checks("rhinge")
test_rpgan_r1r2 = objective_checks("rpgan-r1r2")
test_ragan = objective_checks("ragan")
test_ralsgan = objective_checks("ralsgan")
test_rahinge = objective_checks("rahinge")
test_rcgan = objective_checks("rcgan")
test_rclsgan = objective_checks("rclsgan")
test_rchinge = objective_checks("rchinge")

# pairs are taken position by position, so patches are not so many samples
_SCORES = [check for check in LOSS_CHECKS if check.name != "patches_and_scales"]
test_rsgan_of_all_pairs = objective_checks("rsgan", checks=_SCORES, pairs="all")
test_rhinge_of_all_pairs = objective_checks("rhinge", checks=_SCORES, pairs="all")
