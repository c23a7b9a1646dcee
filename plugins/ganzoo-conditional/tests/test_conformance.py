"""Every loss and every term against ganzoo's conformance kit."""

from __future__ import annotations

import pytest

from ganzoo.testing import check_term, objective_checks

test_cgan = objective_checks("cgan")
test_cgan_on_wgan_gp = objective_checks("cgan", base="wgan-gp")
test_projection = objective_checks("projection")
test_acgan = objective_checks("acgan")
test_acgan_on_wgan = objective_checks("acgan", base="wgan")
test_tac_gan = objective_checks("tac-gan")
test_adc_gan = objective_checks("adc-gan")
test_contragan = objective_checks("contragan")
test_reacgan = objective_checks("reacgan")
test_mhgan = objective_checks("mhgan")
test_infogan = objective_checks("infogan")
test_infogan_of_learned_variance = objective_checks("infogan", unit_variance=False)


@pytest.mark.parametrize(
    "name",
    [
        *("cgan", "projection", "acgan", "tac-gan", "adc-gan"),
        *("contragan", "reacgan", "infogan"),
    ],
)
def test_terms(name):
    results = check_term(name)
    assert {each.name: each.message for each in results if each.status == "failed"} == {}
    assert sum(each.status == "passed" for each in results) > 20
