"""As a plugin: what is registered, and that the trainer plays it."""

from __future__ import annotations

import math
import re
import subprocess
import sys

import pytest
import torch

import ganzoo

NAMES = {
    *("wgan-lp", "wgan-div", "bwgan", "fisher", "sobolev", "cramer"),
    *("mmd-rbf", "mmd-rq", "mmd-distance", "mmd-linear", "smmd"),
    *("mmd-repulsive", "mmd-repulsive-bounded", "mcgan", "sphere", "san"),
    *("gan-qp", "loss-sensitive", "coulomb", "sinkhorn", "ot-gan", "uotm"),
}
every_name = pytest.mark.parametrize("name", sorted(NAMES))


def test_every_loss_is_registered_by_this_distribution():
    found = [
        each
        for each in ganzoo.registry.entries("losses")
        if each.distribution == "ganzoo-probability-metrics"
    ]
    assert {each.entry.name for each in found} == NAMES
    for each in found:
        assert each.entry.family == "probability metric"
        assert each.entry.summary
        assert 2017 <= each.entry.year <= 2023
        doc = ganzoo.registry.describe(each).doc
        assert re.search(r"^ +L_D'? += ", doc, re.MULTILINE), each.entry.name
        assert "L_G" in doc
        assert "Departures: " in doc
        paper = each.entry.paper
        assert f"arXiv {paper}" in doc or (each.entry.name == "sphere" and "CVPR 2019" in doc)


@pytest.mark.parametrize("name", ["fisher", "sobolev", "cramer", "sphere", "coulomb"])
def test_aliases(name):
    assert ganzoo.get_loss(f"{name}-gan").name == name


def test_importing_the_plugin_imports_no_torch():
    code = (
        "import sys, ganzoo_probability_metrics as plugin; list(plugin.ganzoo_losses()); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("defaults", ["task", "paper"])
@every_name
def test_it_trains(name, defaults):
    run = ganzoo.train(
        name,
        "grid25",
        steps=3,
        batch=16,
        report_every=1,
        defaults=defaults,
        metrics=("modes",),
    )
    assert run.status == "finished"
    meters = {key: column for key, column in run.history.items() if key != "modes"}
    assert {"loss/discriminator", "loss/generator"} <= set(meters)
    assert all(math.isfinite(value) for column in meters.values() for value in column)
    assert run.sample(4).shape == (4, 2)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@every_name
def test_it_moves_what_it_should(name, precision):
    torch.manual_seed(0)
    objective = ganzoo.get_loss(name)
    points = torch.randn(64, 2, generator=torch.Generator().manual_seed(0))
    source = ganzoo.TensorSource(points, points, latent=2)
    networks = ganzoo.get_architecture("mlp", source.spec, width=8)
    game = ganzoo.Game.seat(networks, objective, source.spec)
    before = {key: value.clone() for key, value in game.named_parameters()}
    settings = ganzoo.Settings(steps=2, batch=8, device="cpu", report_every=1, precision=precision)
    trainer = ganzoo.Trainer(game, objective, source, settings)
    assert trainer.run() == "finished"
    assert all(math.isfinite(value) for value in trainer.history["loss/discriminator"])
    still = {key for key, value in game.named_parameters() if torch.equal(value, before[key])}
    # a loss on features has no use for the last layer, and one on differences none for its bias
    assert still <= {"discriminator.head.score.weight", "discriminator.head.score.bias"}
    if objective.needs == {"score"}:
        assert "discriminator.head.score.weight" not in still


def test_terms_are_added():
    run = ganzoo.train(
        "mmd-repulsive", "ring8", add=["spectral-norm"], steps=2, batch=8, report_every=1
    )
    assert run.status == "finished"
    assert run.objective.name == "mmd-repulsive"
