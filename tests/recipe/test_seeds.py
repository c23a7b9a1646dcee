"""Seeds at once, from names to metrics."""

from __future__ import annotations

import pytest

import ganzoo
from ganzoo.recipe import Choice, Recipe, assemble_replicas, go_together, train, train_seeds


def test_runs_of_several_seeds_are_measured_as_alone():
    asked = {"steps": 6, "batch": 16, "report_every": 2, "evaluate_every": 3, "optimizer": "sgd"}
    runs = train_seeds("wgan-gp", "ring8", seeds=(3, 5), metrics=("energy-distance",), **asked)
    for run, seed in zip(runs, (3, 5), strict=True):
        alone = train("wgan-gp", "ring8", seed=seed, metrics=("energy-distance",), **asked)
        assert run.status == "finished"
        assert run.recipe == alone.recipe
        assert run.metrics == pytest.approx(alone.metrics, rel=1e-3)
        assert run.history["step"] == alone.history["step"]
        assert run.best_step == alone.best_step
        measured, wanted = (
            [value for value in each.history["energy-distance"] if value is not None]
            for each in (run, alone)
        )
        assert len(measured) == 2
        assert measured == pytest.approx(wanted, rel=1e-3)
        assert run.sample(4).shape == (4, 2)


def test_what_cannot_be_mapped_is_trained_all_the_same():
    recipe = Recipe(
        loss=Choice("hinge"), add=("spectral-norm",), dataset=Choice("ring8"),
        settings={"steps": 2, "batch": 8},
    )  # fmt: skip
    runs = assemble_replicas(recipe, (0, 1))
    assert runs[0].source is runs[1].source
    assert "cannot be mapped" in go_together(runs)
    assert [run.status for run in runs] == ["finished", "finished"]
    assert all(run.metrics for run in runs)


@pytest.mark.parametrize("seeds", [(), (1, 1)])
def test_seeds_are_different(seeds):
    with pytest.raises(ganzoo.BadOption, match="seeds"):
        train_seeds("hinge", seeds=seeds, steps=1)
