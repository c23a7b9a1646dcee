"""The trainer plays every one of them, on any loss; and the labels tell in what comes out."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo.recipe import Choice, Recipe, assemble

LOSSES = [
    *("cgan", "projection", "acgan", "tac-gan", "adc-gan"),
    *("contragan", "reacgan", "mhgan", "infogan"),
]
TERMS = [name for name in LOSSES if name != "mhgan"]
QUICK = {"steps": 4, "batch": 16, "report_every": 2, "device": "cpu"}


def run_of(loss, dataset="digits", *, add=(), architecture=None, defaults="task", **settings):
    """A run by names, not measured."""
    return assemble(
        Recipe(
            loss=Choice.of(loss),
            add=tuple(add),
            dataset=Choice.of(dataset),
            architecture=None if architecture is None else Choice.of(architecture),
            defaults=defaults,
            settings={**QUICK, **settings},
        )
    )


def trained(*arguments, **options):
    """The same, trained to its end, all losses finite."""
    run = run_of(*arguments, **options)
    assert run.trainer.run() == "finished", run.reason
    for name, column in run.history.items():
        assert all(value is not None and math.isfinite(value) for value in column), name
    return run


@pytest.mark.parametrize("base", ["hinge", "nonsaturating", "wgan-gp"])
@pytest.mark.parametrize("name", TERMS)
def test_every_term_goes_with_any_loss(name, base):
    run = trained(base, add=[name])
    assert run.recipe.label == f"{base} + {name}"
    spoken = [column for column in run.history if column.startswith("loss/generator/")]
    assert len(spoken) == (1 if name in ("cgan", "projection") else 2)


@pytest.mark.parametrize("defaults", ["task", "paper"])
@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_trains_by_name(name, defaults):
    options = {"steps": 30, "batch": 32, "report_every": 30, "latent": 16}
    run = trained(name, "grid25", defaults=defaults, **options)
    assert run.objective.name == name
    assert run.sample(3).shape == (3, 2)


@pytest.mark.parametrize("network", ["dcgan", "resnet"])
@pytest.mark.parametrize("name", LOSSES)
def test_on_every_network(name, network):
    size = 32 if network == "resnet" else 8
    chosen = {"name": network, "options": {"width": 4}}
    run = trained(name, f"digits(size={size})", architecture=chosen, steps=1, batch=4)
    assert run.sample(2).shape == (2, 1, size, size)


@pytest.mark.parametrize("name", ["acgan", "projection", "infogan"])
def test_a_run_goes_on_as_if_it_had_not_been_stopped(name, tmp_path):
    whole, first, second = trained(name), run_of(name), run_of(name)
    first.resume(tmp_path)
    first.trainer.run(2)
    first.trainer.save()
    assert second.resume(tmp_path) == 2
    second.trainer.run()
    for part in (lambda run: run.trainer.game, lambda run: run.objective):
        ours, theirs = part(whole).state_dict(), part(second).state_dict()
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[key], theirs[key]) for key in ours)


@pytest.mark.parametrize("name", LOSSES)
def test_bfloat16(name):
    run = trained(name, precision="bfloat16", steps=2)
    assert {parameter.dtype for parameter in run.trainer.game.parameters()} == {torch.float32}


@pytest.mark.parametrize("name", ["mhgan", "projection", "acgan"])
def test_penalties_on_the_gradient_go_along(name):
    run = trained(name, add=["r1(gamma=0.1)", "gp(weight=0.1)"])
    for penalty in ("R1", "GradientPenalty"):
        (column,) = (each for key, each in run.history.items() if key.endswith(f"-{penalty}"))
        assert all(value > 0 for value in column)


def test_samples_of_one_class():
    run = trained("acgan")
    assert torch.equal(run.sample(20, labels=[3])[3::10], run.sample(20)[3::10])


def test_a_single_class_trains():
    points = torch.randn(64, 2, generator=torch.Generator().manual_seed(0))
    labels = torch.zeros(64, dtype=torch.int64)
    source = ganzoo.TensorSource(points, points, train_labels=labels, latent=4, classes=1)
    for name in set(LOSSES) - {"infogan"}:
        run = ganzoo.train(name, source, **QUICK)
        assert run.status == "finished"
        assert run.history["loss/generator"][-1] is not None


@pytest.mark.parametrize("name", ["cgan", "projection", "acgan"])
def test_labels_are_what_comes_out(name):
    """Seconds of training on the digits; chance is 0.1, and a long run gets above 0.95."""
    settings = {"steps": 400, "batch": 64, "generator_lr": 2e-3, "discriminator_lr": 2e-3}
    run = ganzoo.train(name, "digits", metrics=["class-agreement"], device="cpu", **settings)
    assert run.metrics["class-agreement"] > 0.6
    assert run.evaluator.floor()["class-agreement"] > 0.99
