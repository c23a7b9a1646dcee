"""Every loss against ganzoo's conformance kit, and some with other options."""

from __future__ import annotations

from ganzoo.testing import LOSS_CHECKS, objective_checks

QUICK = [check for check in LOSS_CHECKS if not check.slow]
# What other options change: not the documents, nor the option that the first sees in the second.
OTHERWISE = [check for check in QUICK if check.name not in ("documented", "options", "defaults")]

test_wgan_lp = objective_checks("wgan-lp", checks=QUICK)
test_wgan_div = objective_checks("wgan-div", checks=QUICK)
test_bwgan = objective_checks("bwgan", checks=QUICK)
test_fisher = objective_checks("fisher", checks=QUICK)
test_sobolev = objective_checks("sobolev", checks=QUICK)
test_cramer = objective_checks("cramer", checks=QUICK)
test_mmd_rbf = objective_checks("mmd-rbf", checks=QUICK)
test_mmd_rq = objective_checks("mmd-rq", checks=QUICK)
test_mmd_distance = objective_checks("mmd-distance", checks=QUICK)
test_mmd_linear = objective_checks("mmd-linear", checks=QUICK)
test_mmd_repulsive = objective_checks("mmd-repulsive", checks=QUICK)
test_mmd_repulsive_bounded = objective_checks("mmd-repulsive-bounded", checks=QUICK)
test_smmd = objective_checks("smmd", checks=QUICK)
test_mcgan = objective_checks("mcgan", checks=QUICK)
test_sphere = objective_checks("sphere", checks=QUICK)
test_san = objective_checks("san", checks=QUICK)
test_gan_qp = objective_checks("gan-qp", checks=QUICK)
test_loss_sensitive = objective_checks("loss-sensitive", checks=QUICK)
test_coulomb = objective_checks("coulomb", checks=QUICK)
test_sinkhorn = objective_checks("sinkhorn", checks=QUICK)
test_ot_gan = objective_checks("ot-gan", checks=QUICK)
test_uotm = objective_checks("uotm", checks=QUICK)

test_wgan_div_at_samples = objective_checks("wgan-div", checks=OTHERWISE, points="both")
test_sobolev_under_way = objective_checks("sobolev", checks=OTHERWISE, rho=0.01, multiplier=0.5)
test_loss_sensitive_generalised = objective_checks("loss-sensitive", checks=OTHERWISE, slope=0.5)
test_uotm_without_cost = objective_checks("uotm", checks=OTHERWISE, cost=0.0, entropy="softplus")
