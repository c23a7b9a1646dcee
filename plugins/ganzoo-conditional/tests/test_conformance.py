"""Everything that is registered against ganzoo's conformance kit, and some with other options."""

from __future__ import annotations

import pytest

from ganzoo.testing import check_term, distribution_checks, objective_checks

test_all = distribution_checks("ganzoo-conditional")
test_cgan_on_wgan_gp = objective_checks("cgan", base="wgan-gp")
test_acgan_on_wgan = objective_checks("acgan", base="wgan")
test_infogan_of_learned_variance = objective_checks("infogan", unit_variance=False)


@pytest.mark.parametrize("name", ["projection", "infogan"])
def test_most_checks_of_a_term_apply(name):
    assert sum(each.status == "passed" for each in check_term(name)) > 20
