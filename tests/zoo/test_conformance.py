"""Everything that is installed passes every check of its kind that applies to it.

What a plugin of this repository brings goes through the kit in the plugin's own tests.
"""

from pathlib import Path

import pytest

import ganzoo
from ganzoo.registry import KINDS
from ganzoo.testing import check_entry, kit_of

PLUGINS = sorted((Path(__file__).parents[2] / "plugins").glob("*/pyproject.toml"))
ELSEWHERE = {path.parent.name for path in PLUGINS}
EVERY = [found for kind in KINDS for found in ganzoo.registry.entries(kind)]
FOUND = [found for found in EVERY if found.distribution not in ELSEWHERE]


@pytest.mark.parametrize("found", FOUND, ids=lambda found: f"{found.kind}-{found.id}")
def test_conformance(found):
    results = check_entry(found.id, kind=found.kind)
    assert {r.name: r.message for r in results if r.status == "failed"} == {}
    assert [r.name for r in results if r.status == "passed"] or not found.entry.builtin


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_a_plugin_puts_all_that_it_registers_through_the_kit(name):
    tests = PLUGINS[0].parents[1] / name / "tests" / "test_conformance.py"
    assert f'test_all = distribution_checks("{name}")\n' in tests.read_text()
    assert name in {found.distribution for found in EVERY}


@pytest.mark.parametrize("kind", KINDS)
def test_names_of_checks_are_names(kind):
    names = [check.name for check in kit_of(kind).checks]
    assert len(set(names)) == len(names) > 5
    assert all(name.replace("_", "").isalnum() and name.islower() for name in names)


@pytest.mark.parametrize("found", EVERY, ids=lambda found: f"{found.kind}-{found.id}")
def test_what_is_waived_is_a_check(found):
    if found.kind not in ("losses", "terms"):
        return
    waived = kit_of(found.kind).subject(found.id).waived
    known = {check.name for check in kit_of(found.kind).checks}
    assert set(waived) <= known
    assert all(len(reason) > 15 for reason in waived.values())
