"""As a plugin: what is registered, and what its documentation says."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ganzoo

FOUND = [
    each for each in ganzoo.registry.entries("terms") if each.distribution == "ganzoo-regularizers"
]


def test_the_terms():
    names = {each.entry.name for each in FOUND}
    assert len(names) == len(FOUND) == 28
    assert {"lp", "zero-gp", "lecam", "path-length", "pacgan", "consensus"} <= names


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.entry.name)
def test_an_entry_says_what_its_term_is(found):
    entry, documented = found.entry, ganzoo.registry.describe(found).doc
    assert entry.summary
    assert entry.year == 2000 + int(entry.paper[:2])
    assert f"arXiv {entry.paper}" in documented
    formulas = ("L_D", "L_G", "D(x) becomes")
    assert any(each in documented for each in formulas) or entry.name == "pacgan"
    term = ganzoo.get_term(entry.name)
    assert isinstance(term, ganzoo.Term)
    assert term.traits is None
    assert type(term).__name__ in repr(term)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("wgan-div", "DivergencePenalty"),
        ("fm", "FeatureMatching"),
        ("PL", "PathLength"),
        ("gradient_normalization", "GradientNormalisation"),
        ("roth", "JensenShannon"),
    ],
)
def test_aliases(alias, name):
    assert type(ganzoo.get_term(alias)).__name__ == name


def test_importing_the_plugin_imports_no_torch():
    code = (
        "import sys, ganzoo_regularizers as plugin; list(plugin.ganzoo_terms()); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_train_takes_several_by_name():
    run = ganzoo.train(
        "hinge", "ring8", add=["lecam", "r1r2(gamma=1.0, every=2)"], steps=3, report_every=3
    )
    assert run.status == "finished"
    assert run.sample(4).shape == (4, 2)
