"""Everything that is registered against ganzoo's conformance kit, and some with other options."""

from __future__ import annotations

from ganzoo.testing import LOSS_CHECKS, distribution_checks, objective_checks

test_all = distribution_checks("ganzoo-probability-metrics")

# What other options change: not the documents, nor the option that the first sees in the second.
_SAME = ("documented", "options", "defaults")
OTHERWISE = [check for check in LOSS_CHECKS if not check.slow and check.name not in _SAME]

test_wgan_div_at_samples = objective_checks("wgan-div", checks=OTHERWISE, points="both")
test_sobolev_under_way = objective_checks("sobolev", checks=OTHERWISE, rho=0.01, multiplier=0.5)
test_loss_sensitive_generalised = objective_checks("loss-sensitive", checks=OTHERWISE, slope=0.5)
test_mcgan_of_means = objective_checks("mcgan", checks=OTHERWISE, match="mean")
test_mcgan_of_covariances = objective_checks("mcgan", checks=OTHERWISE, match="covariance")
test_uotm_without_cost = objective_checks("uotm", checks=OTHERWISE, cost=0.0, entropy="softplus")
