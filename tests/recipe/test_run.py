"""A run: measured on its way, its best kept, resumed where it was."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo.recipe import Run, train


def test_a_run_measures_on_the_way_and_at_the_end(quick):
    run = quick("hinge", "ring8", evaluate_every=2, metrics=["energy-distance"])
    assert run.status == "finished"
    assert list(run.metrics) == ["energy-distance"]
    column = run.history["energy-distance"]
    assert len(column) == 2
    assert None not in column
    # Those on the way are on samples that the last has nothing to do with.
    assert column[-1] != run.metrics["energy-distance"]
    assert run.best_step in (2, 4)


def test_the_best_is_chosen_on_other_samples_than_it_is_judged_by(quick):
    run = train(
        "nonsaturating", "ring8", evaluate_every=10, metrics=["energy-distance"], steps=60, batch=32
    )
    column = run.history["energy-distance"]
    values = {step: v for step, v in zip(run.history["step"], column, strict=True) if v is not None}
    assert run.best_step == min(values, key=values.get)
    assert run.best["energy-distance"] != values[run.best_step]
    last = run.evaluator.evaluate(run.trainer.sample_labelled)
    assert last == run.metrics  # the weights are the last ones again
    once = quick("hinge", "ring8", evaluate_every=4, metrics=["energy-distance"])
    assert (once.best_step, once.best) == (4, once.metrics)  # the last one is the best


def test_without_evaluations_on_the_way_there_is_no_best_and_nothing_is_set_apart(quick):
    run = quick("hinge", "ring8", metrics=["energy-distance"])
    assert (run.best, run.best_step, run.evaluator.parted) == ({}, 0, False)
    assert run.history["energy-distance"][-1] == run.metrics["energy-distance"]


class Explodes(ganzoo.terms.Wasserstein):
    """Infinite in one turn, by a count that the host knows."""

    calls = 0

    def discriminator(self, play):
        self.calls += 1
        return super().discriminator(play) * (math.inf if self.calls == 4 else 1.0)


def test_the_best_of_a_run_that_diverged_is_kept(quick):
    options = {"evaluate_every": 1, "metrics": ["energy-distance"], "schedule": "constant"}
    run = quick(ganzoo.Objective(Explodes()), "ring8", steps=9, **options)
    assert run.status == "diverged"
    assert 0 < run.best_step < run.trainer.done
    sound = quick(ganzoo.Objective(ganzoo.terms.Wasserstein()), "ring8", steps=3, **options)
    assert (run.best_step, run.best) == (sound.best_step, sound.best)
    assert run.sample(3).shape == (3, 2)


def test_measuring_does_not_change_the_training(quick):
    plain = quick("hinge", "ring8")
    measured = quick("hinge", "ring8", evaluate_every=1)
    for one, other in zip(
        plain.trainer.game.parameters(), measured.trainer.game.parameters(), strict=True
    ):
        assert torch.equal(one, other)


def test_a_run_with_a_folder_goes_on(quick, tmp_path):
    first = quick("hinge", "ring8", folder=tmp_path)
    assert (tmp_path / "recipe.json").exists()
    again = quick("hinge", "ring8", folder=tmp_path)
    assert again.trainer.done == first.trainer.done == 4
    assert again.status == "finished"


def test_a_run_that_was_killed_before_a_measurement_makes_it_up(quick, tmp_path, monkeypatch):
    """A checkpoint is written at the step itself, and what is due there measured after it."""
    options = {"evaluate_every": 2, "checkpoint_every": 2, "metrics": ["energy-distance"]}
    whole = quick("hinge", "ring8", folder=tmp_path / "whole", **options)

    def killed(self):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Run, "evaluate", killed)
        with pytest.raises(MemoryError):
            quick("hinge", "ring8", folder=tmp_path / "killed", **options)
    again = quick("hinge", "ring8", folder=tmp_path / "killed", **options)
    assert again.history["energy-distance"] == whole.history["energy-distance"]
    assert (again.metrics, again.best, again.best_step) == (
        whole.metrics,
        whole.best,
        whole.best_step,
    )
    finished = quick("hinge", "ring8", folder=tmp_path / "whole", **options)
    assert finished.metrics == whole.metrics


class Measured(ganzoo.terms.Wasserstein):
    held_out = frozenset({"drawn"})

    def generator(self, play):
        play.log["drawn"] = play.real_x.mean() + play.normal(1).mean()
        return super().generator(play)


def test_what_terms_say_of_held_out_samples_stands_in_the_curve(quick):
    runs = [quick(ganzoo.Objective(Measured()), "ring8", evaluate_every=2) for _ in "ab"]
    column = [value for value in runs[0].history["held-out/drawn"] if value is not None]
    assert len(column) == 2
    assert column[0] == column[1]  # the same samples and noise at every step
    assert runs[0].held_out() == runs[1].held_out() == {"held-out/drawn": column[0]}
    assert runs[0].trainer.game.training
    assert "held-out/drawn" not in runs[0].metrics
    assert quick("hinge", "ring8").held_out() == {}
