"""Every loss against ganzoo's conformance kit."""

from __future__ import annotations

import pytest

from ganzoo.testing import LOSS_CHECKS, check_loss

NAMES = [
    *("fgan-kl", "fgan-rkl", "fgan-jeffreys", "fgan-js", "fgan-gan", "fgan-js-weighted"),
    *("fgan-pearson", "fgan-neyman", "fgan-triangular", "fgan-tv", "fgan-hellinger", "fgan-alpha"),
    *("kl-dv", "cumulant", "renyigan", "alpha-loss", "bgan", "lkgan"),
    *("softmax-gan", "dual-contrastive", "kl-wgan", "d2gan", "realness"),
]
OPTIONS = [
    ("fgan-kl", {"generator": "nonsaturating"}),
    ("fgan-pearson", {"exact": True}),
    *[("fgan-alpha", {"alpha": a}) for a in (-1.0, 1.0, 3.0)],
    ("realness", {"generator": "anchor"}),
]
WAIVED = {
    ("dual-contrastive", None): {"duplication"},
    ("fgan-alpha", -1.0): {"deep_scores"},
    ("fgan-alpha", 3.0): {"generator_direction"},
}


@pytest.mark.parametrize(("name", "options"), [*[(name, {}) for name in NAMES], *OPTIONS])
def test_conforms(name, options):
    # with options given, the kit's own choice of another value may be the same one
    checks = [check for check in LOSS_CHECKS if not options or check.name != "options"]
    results = check_loss(name, checks=checks, **options)
    assert {each.name: each.message for each in results if each.status == "failed"} == {}
    waived = {each.name for each in results if each.status == "waived"}
    assert waived == WAIVED.get((name, options.get("alpha")), set())
