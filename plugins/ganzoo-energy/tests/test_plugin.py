"""As a plugin: what is registered, and how it is described."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ganzoo

HELD = {
    "losses": {"ebgan", "began", "magan"},
    "terms": {"pull-away"},
    "architectures": {"mlp-ae", "conv-ae"},
}


@pytest.mark.parametrize("kind", HELD)
def test_everything_is_registered_by_this_distribution(kind):
    found = [e for e in ganzoo.registry.entries(kind) if e.distribution == "ganzoo-energy"]
    assert {each.entry.name for each in found} == HELD[kind]
    for each in found:
        assert each.entry.summary
        assert each.entry.paper.count(".") == 1
        assert each.entry.year in (2016, 2017)


@pytest.mark.parametrize("name", sorted(HELD["losses"]))
def test_docstrings_have_both_formulas_and_the_reference(name):
    found = ganzoo.registry.find("losses", name)
    documented = ganzoo.registry.describe(found).doc
    assert all(
        part in documented
        for part in ("L_D = ", "L_G = ", "Departures:", f"arXiv {found.entry.paper}")
    )


def test_importing_the_plugin_imports_no_torch():
    code = (
        "import sys, ganzoo_energy as p; "
        "list(p.ganzoo_losses()), list(p.ganzoo_terms()), list(p.ganzoo_architectures()); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
