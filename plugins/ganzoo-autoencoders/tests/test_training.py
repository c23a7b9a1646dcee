"""In the trainer: every loss finishes, learns, and goes on from a checkpoint."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo

NAMES = ["vae", "cvae", "dvae", "aae", "vae-gan", "bigan"]
CONDITIONAL = {"cvae": {"conditional": True}}


def train(name, dataset, **settings):
    own = CONDITIONAL.get(name, {}) if isinstance(name, str) else {}
    networks = {"name": "mlp", "options": {"width": 64, **own}}
    return ganzoo.train(
        name, dataset, architecture=networks, metrics=["energy-distance"], device="cpu", **settings
    )


def finite(run):
    """Every meter in every row; what is measured at the end, in the last alone."""
    measured = {*run.metrics, *run.held_out()}
    values = [
        value
        for name, column in run.history.items()
        for value in (column[-1:] if name in measured else column)
    ]
    return all(value is not None and math.isfinite(value) for value in values)


@pytest.mark.parametrize("defaults", ["task", "paper"])
@pytest.mark.parametrize("name", NAMES)
def test_thirty_steps_on_points(name, defaults):
    run = train(name, "grid25", steps=30, batch=32, report_every=10, defaults=defaults)
    assert run.status == "finished"
    assert finite(run)
    assert run.sample(5).shape == (5, 2)


def error(game, x, y):
    """The mean squared error of reconstructions, and of what the samples have in common."""
    with torch.no_grad():
        remade = game.generator(game.encoder(x, y)[0], y)
    return (remade - x).square().mean().item(), (x.mean(0) - x).square().mean().item()


@pytest.mark.parametrize(
    ("name", "share"), [("vae", 0.6), ("cvae", 0.6), ("dvae", 0.7), ("aae", 0.6)]
)
def test_on_digits_unseen_ones_are_reconstructed(name, share):
    run = train(name, "digits", steps=250, report_every=10, generator_lr=3e-3)
    assert run.status == "finished"
    assert finite(run)
    assert run.history["reconstruction"][-1] < 0.75 * run.history["reconstruction"][0]
    x, y = run.source.held_out(300, ganzoo.Stream(0, "test"))
    found, common = error(run.trainer.game, x, y)
    assert found < share * common


@pytest.mark.parametrize("name", ["vae", "cvae", "dvae"])
def test_the_bound_on_unseen_digits_rises(name):
    run = train(name, "digits", steps=150, report_every=50, generator_lr=3e-3)
    game, (term,) = run.trainer.game, run.objective.terms
    x, y = run.source.held_out(300, ganzoo.Stream(0, "test"))
    stream = ganzoo.Stream(0, "codes")

    def bound(game):
        play = game.play(
            "generator", real_x=x, z=game.prior.draw(300, stream), labels=y, noise=stream.seek(0)
        )
        with torch.no_grad():
            return term.bound(play).mean().item()

    networks = ganzoo.get_architecture("mlp", game.spec, width=64, **CONDITIONAL.get(name, {}))
    before = ganzoo.Game.seat(networks, ganzoo.get_loss(name), game.spec, seed=0)
    assert bound(game) > bound(before) + 20
    assert run.history["elbo"] == sorted(run.history["elbo"])


def test_a_vae_uses_its_code():
    run = train("vae", "digits", steps=150, report_every=50, generator_lr=3e-3)
    assert run.history["kl"][-1] > 3


@pytest.mark.parametrize(("name", "steps"), [("vae-gan", 250), ("bigan", 250)])
def test_the_adversarial_ones_come_nearer_to_the_digits(name, steps):
    run = train(name, "digits", steps=steps, report_every=50, ema=0.98)
    x, _ = run.source.held_out(300, ganzoo.Stream(0, "test"))
    fresh = ganzoo.get_architecture("mlp", run.source.spec, width=32).generator()
    z = run.trainer.game.prior.draw(300, ganzoo.Stream(0, "z"))
    with torch.no_grad():
        far = torch.cdist(fresh(z).flatten(1), x.flatten(1)).min(1).values.mean()
    near = torch.cdist(run.sample(300).flatten(1), x.flatten(1)).min(1).values.mean()
    assert near < 0.85 * far


def test_the_codes_of_an_adversarial_autoencoder_are_like_the_prior():
    run = train({"name": "aae", "options": {"adversarial": 5.0}}, "digits", steps=400, latent=2)
    x, _ = run.source.held_out(500, ganzoo.Stream(0, "test"))
    with torch.no_grad():
        code = run.trainer.game.encoder(x)[0]
    assert code.mean(0).abs().max() < 0.6
    assert code.std(0).min() > 0.4
    assert code.std(0).max() < 2.0


def test_labels_steer_a_conditional_vae():
    run = train("cvae", "digits", steps=300, report_every=100, generator_lr=3e-3)
    z = run.trainer.game.prior.draw(100, ganzoo.Stream(0, "z"))
    extractor, found = ganzoo.get_extractor("digits"), []
    for digit in range(10):
        with torch.no_grad():
            made = run.trainer.game.generator(z, torch.full((100,), digit))
        found.append((extractor.predict(made) == digit).float().mean().item())
    assert sum(found) / 10 > 0.6


def trainer(name, folder):
    objective, source = ganzoo.get_loss(name), ganzoo.get_dataset("ring8")
    networks = ganzoo.get_architecture("mlp", source.spec, width=8, **CONDITIONAL.get(name, {}))
    game = ganzoo.Game.seat(networks, objective, source.spec)
    settings = ganzoo.Settings(steps=8, batch=8, report_every=4, device="cpu")
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
def test_it_trains_under_autocast(name):
    run = train(name, "ring8", steps=3, batch=8, report_every=1, precision="bfloat16")
    assert run.status == "finished"
