"""In the trainer: every loss finishes, learns, and goes on from a checkpoint."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch

import ganzoo

NAMES = ["ebgan", "began", "magan"]


def finite(history):
    """Every meter in every row; metrics are in the last alone."""
    metrics = {"mode-kl", "energy-distance", "modes", "quality"}
    meters = [column for name, column in history.items() if name not in metrics]
    return all(value is not None and math.isfinite(value) for m in meters for value in m)


@pytest.mark.parametrize("defaults", ["task", "paper"])
@pytest.mark.parametrize("name", NAMES)
def test_thirty_steps_on_points(train, name, defaults):
    run = train(name, "grid25", steps=30, batch=32, report_every=10, defaults=defaults)
    assert run.status == "finished"
    assert finite(run.history)


@pytest.mark.parametrize("architecture", ["mlp-ae(width=64)", "conv-ae(width=16)"])
@pytest.mark.parametrize("name", NAMES)
def test_on_digits_the_autoencoder_learns_the_data(train, name, architecture):
    run = train(
        name,
        "digits",
        architecture,
        steps=150,
        report_every=15,
        generator_lr=3e-3,
        discriminator_lr=3e-3,
        metrics=["energy-distance"],
    )
    assert run.status == "finished"
    assert finite(run.history)
    assert run.history["score/real"][-1] < run.history["score/real"][0]
    x, _ = run.source.held_out(200, ganzoo.Stream(0, "test"))
    fresh = ganzoo.get_architecture(architecture.partition("(")[0], run.source.spec)
    with torch.no_grad():
        error, before = (
            (network(x).reconstruction - x).abs().mean()
            for network in (run.trainer.game.discriminator, fresh.discriminator())
        )
    assert error < 0.65 * before


def test_began_finds_its_balance_on_digits(train):
    run = train(
        {"name": "began", "options": {"lambda_k": 0.05}},
        "digits",
        "mlp-ae(width=64)",
        steps=200,
        report_every=10,
        metrics=["energy-distance"],
    )
    k, measure = run.history["k"], run.history["convergence"]
    assert 0 < k[-1] < 1
    assert measure[-1] < 0.7 * measure[0]


def test_the_margin_of_magan_falls_on_digits(train):
    run = train(
        {"name": "magan", "options": {"epoch": 20}},
        "digits",
        "mlp-ae(width=64)",
        steps=200,
        report_every=20,
        metrics=["energy-distance"],
    )
    margin = run.history["margin"]
    assert margin[-1] < margin[0]
    assert all(later <= earlier for earlier, later in pairwise(margin))


def trainer(name, folder, steps=8):
    objective = ganzoo.get_loss(name, **({"epoch": 3} if name == "magan" else {}))
    source = ganzoo.get_dataset("ring8")
    networks = ganzoo.get_architecture("mlp-ae", source.spec, width=8)
    game = ganzoo.Game.seat(networks, objective, source.spec)
    settings = ganzoo.Settings(steps=steps, batch=8, report_every=4, device="cpu")
    return ganzoo.Trainer(game, objective, source, settings, folder=folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_resumed_run_is_the_undisturbed_one(tmp_path, name):
    whole = trainer(name, None)
    whole.run()
    before = trainer(name, tmp_path)
    before.run(4)
    before.save()
    after = trainer(name, tmp_path).load()
    after.run()
    for part in ("game", "objective", "average"):
        one, other = whole.state_dict()[part], after.state_dict()[part]
        assert one.keys() == other.keys()
        assert [key for key in one if not torch.equal(one[key], other[key])] == []
    shown = [{k: v for k, v in t.history.items() if k != "seconds"} for t in (whole, after)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", NAMES)
def test_it_trains_under_autocast(train, name):
    run = train(name, "ring8", steps=3, batch=8, report_every=1, precision="bfloat16")
    assert run.status == "finished"
