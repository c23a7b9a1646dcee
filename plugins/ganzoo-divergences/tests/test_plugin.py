"""As a plugin: what is registered, and that the trainer plays it."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

import ganzoo

NAMES = {
    *("fgan-kl", "fgan-rkl", "fgan-jeffreys", "fgan-js", "fgan-gan", "fgan-js-weighted"),
    *("fgan-pearson", "fgan-neyman", "fgan-triangular", "fgan-tv", "fgan-hellinger", "fgan-alpha"),
    *("kl-dv", "cumulant", "renyigan", "alpha-loss", "bgan", "lkgan"),
    *("softmax-gan", "dual-contrastive", "kl-wgan", "d2gan", "realness"),
}


def test_every_loss_is_registered_by_this_distribution():
    found = [
        each
        for each in ganzoo.registry.entries("losses")
        if each.distribution == "ganzoo-divergences"
    ]
    assert {each.entry.name for each in found} == NAMES
    for each in found:
        entry = each.entry
        assert entry.family == ("f-gan" if entry.name.startswith("fgan") else "divergence")
        assert entry.summary
        assert 2016 <= entry.year <= 2021
        documented = ganzoo.registry.describe(each).doc
        assert all(part in documented for part in ("L_D = ", "L_G = ", f"arXiv {entry.paper}"))
        assert "Departures: " in documented


@pytest.mark.parametrize(
    ("alias", "name"), [("mine", "kl-dv"), ("F-WGAN", "kl-wgan"), ("Fgan_JS", "fgan-js")]
)
def test_aliases(alias, name):
    assert ganzoo.get_loss(alias).name == name


def test_importing_the_plugin_imports_no_torch():
    code = (
        "import sys, ganzoo_divergences as plugin; list(plugin.ganzoo_losses()); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("defaults", ["task", "paper"])
@pytest.mark.parametrize("name", sorted(NAMES))
def test_it_trains(name, defaults):
    settings = {"steps": 30, "batch": 32, "report_every": 10, "device": "cpu"}
    # one quick metric: what is trained matters here, not how well
    run = ganzoo.train(name, "grid25", defaults=defaults, metrics=["quality"], **settings)
    assert run.status == "finished"
    for player in ("discriminator", "generator"):
        values = run.history[f"loss/{player}"]
        assert len(values) == 3
        assert all(value is not None and math.isfinite(value) for value in values)
    assert run.sample(4).isfinite().all()


def test_options_and_added_terms_by_name():
    loss = ganzoo.get_loss("fgan-alpha", alpha=2.0, generator="nonsaturating", add=["r1(gamma=1)"])
    run = ganzoo.train(loss, "ring8", steps=3, batch=16, report_every=3, device="cpu")
    assert run.status == "finished"
    assert repr(loss.terms[0]) == "FGAN(divergence=alpha(2), saturating=False)"
