"""As a plugin: what is registered, and that the trainer plays it."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

import ganzoo

NAMES = {
    *("rsgan", "rlsgan", "rhinge", "rpgan-r1r2"),
    *("ragan", "ralsgan", "rahinge", "rcgan", "rclsgan", "rchinge"),
}


def test_every_loss_is_registered_by_this_distribution():
    found = [
        each
        for each in ganzoo.registry.entries("losses")
        if each.distribution == "ganzoo-relativistic"
    ]
    assert {each.entry.name for each in found} == NAMES
    for each in found:
        assert each.entry.family == "relativistic"
        assert each.entry.summary
        assert each.entry.paper.count(".") == 1
        assert each.entry.year in (2018, 2019, 2025)
        documented = ganzoo.registry.describe(each).doc
        assert all(part in documented for part in ("L_D = ", "L_G = ", f"arXiv {each.entry.paper}"))


@pytest.mark.parametrize(("alias", "name"), [("rpgan", "rsgan"), ("R3GAN", "rpgan-r1r2")])
def test_aliases(alias, name):
    assert ganzoo.get_loss(alias).name == name


def test_importing_the_plugin_imports_no_torch():
    code = (
        "import sys, ganzoo_relativistic as plugin; list(plugin.ganzoo_losses()); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_trainer_plays_it(name):
    objective = ganzoo.get_loss(name)
    points = torch.randn(64, 2, generator=torch.Generator().manual_seed(0))
    source = ganzoo.TensorSource(points, points, latent=2)
    networks = ganzoo.get_architecture("mlp", source.spec, width=8)
    game = ganzoo.Game.seat(networks, objective, source.spec)
    before = [parameter.clone() for parameter in game.parameters()]
    settings = ganzoo.Settings(steps=3, batch=8, report_every=1, device="cpu")
    trainer = ganzoo.Trainer(game, objective, source, settings)
    assert trainer.run() == "finished"
    assert trainer.history["step"] == [1.0, 2.0, 3.0]
    moved = [not torch.equal(a, b) for a, b in zip(before, game.parameters(), strict=True)]
    # the last bias of a discriminator has no say in a difference of scores
    assert sum(moved) >= len(moved) - 1


def test_train_takes_it_by_name_with_a_term_added():
    run = ganzoo.train("rsgan", "ring8", add=["r1(gamma=1.0, every=2)"], steps=3, report_every=3)
    assert run.status == "finished"
    assert run.objective.name == "rsgan"
    assert run.sample(4).shape == (4, 2)
