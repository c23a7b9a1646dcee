"""Every loss against ganzoo's conformance kit. D2GAN and realness need features: test_heads.py."""

from __future__ import annotations

import pytest

from ganzoo.testing import check_loss, objective_checks

test_fgan_kl = objective_checks("fgan-kl")
test_fgan_rkl = objective_checks("fgan-rkl")
test_fgan_jeffreys = objective_checks("fgan-jeffreys")
test_fgan_js = objective_checks("fgan-js")
test_fgan_gan = objective_checks("fgan-gan")
test_fgan_js_weighted = objective_checks("fgan-js-weighted")
test_fgan_pearson = objective_checks("fgan-pearson")
test_fgan_neyman = objective_checks("fgan-neyman")
test_fgan_triangular = objective_checks("fgan-triangular")
test_fgan_tv = objective_checks("fgan-tv")
test_fgan_hellinger = objective_checks("fgan-hellinger")
test_fgan_alpha = objective_checks("fgan-alpha")
test_kl_dv = objective_checks("kl-dv")
test_cumulant = objective_checks("cumulant")
test_renyigan = objective_checks("renyigan")
test_alpha_loss = objective_checks("alpha-loss")
test_bgan = objective_checks("bgan")
test_lkgan = objective_checks("lkgan")
test_softmax_gan = objective_checks("softmax-gan")
test_dual_contrastive = objective_checks("dual-contrastive")
test_kl_wgan = objective_checks("kl-wgan")

OPTIONS = [
    *[
        (f"fgan-{name}", {"generator": "nonsaturating"})
        for name in ("kl", "rkl", "jeffreys", "js", "pearson", "neyman", "triangular", "alpha")
    ],
    ("fgan-pearson", {"exact": True}),
    ("fgan-js-weighted", {"pi": 0.1}),
    *[("fgan-alpha", {"alpha": a}) for a in (-1, 0, 1, 1.5, 2, 3)],
    ("cumulant", {"beta": 0, "gamma": 0}),
    ("alpha-loss", {"alpha": 0.7, "generator": "nonsaturating"}),
    ("renyigan", {"alpha": 0.5}),
    ("lkgan", {"k": 1}),
]


@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_with_options(name, options):
    results = check_loss(name, **options)
    assert {each.name: each.message for each in results if each.status == "failed"} == {}
