"""As a plugin: what is registered, and how it is described."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ganzoo
from ganzoo_autoencoders.variational import Variational

PAPERS = {
    "vae": "arXiv 1312.6114",
    "cvae": "NeurIPS 2015",
    "dvae": "arXiv 1511.06406",
    "aae": "arXiv 1511.05644",
    "vae-gan": "arXiv 1512.09300",
    "bigan": "arXiv 1605.09782",
}


def test_every_loss_is_registered_by_this_distribution():
    found = [
        e for e in ganzoo.registry.entries("losses") if e.distribution == "ganzoo-autoencoders"
    ]
    assert {each.entry.name for each in found} == set(PAPERS)
    assert all(each.entry.summary and each.entry.year in range(2013, 2017) for each in found)


@pytest.mark.parametrize("name", PAPERS)
def test_docstrings_have_the_formula_and_the_reference(name):
    found = ganzoo.registry.find("losses", name)
    documented = ganzoo.registry.describe(found).doc
    assert all(part in documented for part in ("L_G = ", "Departures:", PAPERS[name]))
    adversarial = name in ("aae", "vae-gan", "bigan")
    assert ("L_D = " in documented) == adversarial
    assert found.entry.paper in PAPERS[name]


def test_importing_the_plugin_imports_no_torch():
    code = (
        "import sys, ganzoo_autoencoders as p; list(p.ganzoo_losses()); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_vae_gan_is_trained_without_momentum():
    defaults = ganzoo.get_loss("vae-gan").defaults
    assert (defaults.optimizer, defaults.betas) == ("rmsprop", (0.0, 0.0))


def test_the_divergence_counts_once_unless_told_otherwise():
    likelihood = ganzoo.get_loss("vae").terms[0].likelihood
    term = Variational(likelihood=likelihood)
    assert (term.beta, term.conditional) == (1.0, False)
