"""Everything that is registered against ganzoo's conformance kit, and some with other options."""

from __future__ import annotations

import pytest

import ganzoo
from ganzoo.testing import LOSS_CHECKS, Subject, check_loss, distribution_checks

test_all = distribution_checks("ganzoo-divergences")

OPTIONS = [
    ("fgan-kl", {"generator": "nonsaturating"}),
    ("fgan-pearson", {"exact": True}),
    *[("fgan-alpha", {"alpha": a}) for a in (-1.0, 1.0, 3.0)],
    ("realness", {"generator": "anchor"}),
]
WAIVED = {
    ("fgan-alpha", -1.0): {"deep_scores"},
    ("fgan-alpha", 3.0): {"generator_direction"},
}


@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_conforms(name, options):
    # with options given, the kit's own choice of another value may be the same one
    checks = [check for check in LOSS_CHECKS if check.name != "options" and not check.slow]
    results = check_loss(name, checks=checks, **options)
    assert {each.name: each.message for each in results if each.status == "failed"} == {}
    waived = {each.name for each in results if each.status == "waived"}
    assert waived == WAIVED.get((name, options.get("alpha")), set())


@pytest.mark.parametrize(
    ("alphas", "waived"),
    [
        ((-1.0, -0.5, 0.0), {"deep_scores"}),
        ((0.5, 1.0, 1.5, 1.9), set()),
        ((2.0, 2.5, 3.0), {"generator_direction"}),
    ],
)
def test_alpha_waives_what_its_powers_break(alphas, waived):
    for alpha in alphas:
        assert set(Subject("fgan-alpha", alpha=alpha).waived) == waived


def test_as_good_as_nothing_is_waived():
    registered = ganzoo.registry.entries("losses")
    names = [each.name for each in registered if each.distribution == "ganzoo-divergences"]
    waived = {name: set(Subject(name).waived) for name in names}
    assert {name: checks for name, checks in waived.items() if checks} == {
        "dual-contrastive": {"duplication"},
        "fgan-tv": {"learns"},
    }
