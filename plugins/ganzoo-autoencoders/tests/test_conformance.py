"""Every loss against ganzoo's conformance kit."""

from __future__ import annotations

from ganzoo.testing import objective_checks

test_vae = objective_checks("vae")
test_cvae = objective_checks("cvae")
test_dvae = objective_checks("dvae")
test_aae = objective_checks("aae")
test_vae_gan = objective_checks("vae-gan")
test_bigan = objective_checks("bigan")
