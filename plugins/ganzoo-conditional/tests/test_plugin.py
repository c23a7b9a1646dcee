"""As a plugin: what is registered."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ganzoo

TERMS = {"cgan", "projection", "acgan", "tac-gan", "adc-gan", "contragan", "reacgan", "infogan"}
LOSSES = TERMS | {"mhgan"}


def ours(kind):
    found = ganzoo.registry.entries(kind)
    return [each for each in found if each.distribution == "ganzoo-conditional"]


def test_every_loss_and_term_is_registered_by_this_distribution():
    assert {each.entry.name for each in ours("losses")} == LOSSES
    assert {each.entry.name for each in ours("terms")} == TERMS
    for each in [*ours("losses"), *ours("terms")]:
        assert each.entry.family == "conditional"
        assert each.entry.summary
        assert 2014 <= each.entry.year <= 2021
        documented = ganzoo.registry.describe(each).doc
        assert f"arXiv {each.entry.paper}" in documented or each.kind == "terms"
        if each.kind == "losses":
            assert all(part in documented for part in ("L_D = ", "L_G = ", "Departures: "))


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        *(("cgan-concat", "cgan"), ("PD", "projection"), ("AC-GAN", "acgan")),
        *(("2c", "contragan"), ("d2d_ce", "reacgan"), ("InfoGAN", "infogan")),
    ],
)
def test_aliases(alias, name):
    assert ganzoo.get_loss(alias).name == name
    assert type(ganzoo.get_term(alias)) is type(ganzoo.get_loss(name).terms[-1])


@pytest.mark.parametrize("name", sorted(TERMS))
def test_a_loss_is_its_term_on_a_base(name):
    loss = ganzoo.get_loss(name, base="lsgan(a=-1.0)")
    added = ganzoo.get_loss("lsgan", a=-1.0, add=[name])
    assert repr(loss) == repr(added)
    assert loss.needs == added.needs
    assert loss.conditional == (name != "infogan")


def test_importing_the_plugin_imports_no_torch():
    code = (
        "import sys, ganzoo_conditional as plugin; "
        "list(plugin.ganzoo_losses()), list(plugin.ganzoo_terms()); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
