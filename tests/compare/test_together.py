"""Several seeds at once in this process: the records that each has alone."""

import math

import msgspec
import pytest
from safetensors.torch import load_file
from torch.testing import assert_close

from ganzoo.compare.running import run_cell
from ganzoo.compare.together import made_with, obstacle, run_together
from ganzoo.recipe import assemble_replicas

# Rounding stays what it is where no step divides by it.
SEEDS = 3
SETTINGS = {"steps": 6, "batch": 8, "report_every": 2, "optimizer": "sgd"}
CLOCKS = {"seconds", "cpu_seconds"}


def together(cells, folder):
    told, kept = [], {}
    reason = run_together(
        cells,
        folder / "samples",
        lambda *what: told.append(what),
        lambda place, record: kept.update({place: record}),
    )
    return reason, kept, told


def numbers(column):
    return [math.nan if value is None else value for value in column]


@pytest.mark.parametrize("loss", ["nonsaturating", "wgan-gp"])
def test_each_record_is_that_of_its_run_alone(asked, tmp_path, loss):
    several = asked(losses=[loss])
    reason, kept, told = together(several, tmp_path / "together")
    assert (reason, list(kept)) == ("", [0, 1, 2])
    for place, cell in enumerate(several):
        alone = []
        one = run_cell(cell, tmp_path / "samples", lambda *what, to=alone: to.append(what))
        other = kept[place]
        for name in ("key", "seed", "status", "recipe", "settings", "diagnosis", "missing",
                     "floor", "best_step", "steps_shown", "ranked", "portrait"):  # fmt: skip
            assert getattr(other, name) == getattr(one, name), name
        assert other.metrics == pytest.approx(one.metrics, rel=1e-3)
        assert other.best == pytest.approx(one.best, rel=1e-3)
        assert list(other.curve) == list(one.curve)
        for name in one.curve.keys() - CLOCKS:
            mine, wanted = numbers(other.curve[name]), numbers(one.curve[name])
            assert mine == pytest.approx(wanted, rel=1e-3, abs=1e-4, nan_ok=True), name
        assert other.speed.steps == one.speed.steps
        assert other.speed.cpu_seconds > 0
        steps = [what[:2] for what in alone]
        assert [what[1:3] for what in told if what[0] == place] == steps
        pictures = load_file(tmp_path / "together" / other.samples)
        for name, x in load_file(tmp_path / one.samples).items():
            assert_close(pictures[name], x, rtol=1e-3, atol=1e-4, msg=name)
        assert (one.seeds_at_once, other.seeds_at_once) == ((), (0, 1, 2))


def test_one_that_diverges_leaves_the_others_their_results(asked, tmp_path, monkeypatch):
    from ganzoo.train import Trainer

    wanted = Trainer.advance

    def advance(trainer):
        wanted(trainer)
        if trainer.settings.seed == 1 and trainer.done == 3:
            for parameter in trainer.game.generator.parameters():
                parameter.data.fill_(float("nan"))

    monkeypatch.setattr(Trainer, "advance", advance)
    reason, kept, _ = together(asked(), tmp_path)
    assert reason == ""
    assert [kept[place].status for place in range(3)] == ["finished", "diverged", "finished"]
    assert kept[1].metrics == {"energy-distance": None}
    assert kept[2].metrics["energy-distance"] > 0


def test_a_failure_keeps_nothing_and_says_why(asked, tmp_path):
    reason, kept, told = together(asked(losses=["lsgan(d=1)"]), tmp_path)
    assert reason.startswith("the loss 'lsgan' has no option 'd'")
    assert (kept, told) == ({}, [])


def test_what_is_not_faster_can_be_asked_for(asked):
    task = {"dataset": "digits", "architecture": "dcgan"}
    runs = assemble_replicas(asked(tasks=[task])[0].recipe, [0, 1])
    assert obstacle(runs, forced=True) == ""
    runs = assemble_replicas(asked(settings={**SETTINGS, "engine": "eager"})[0].recipe, [0, 1])
    assert "was asked for" in obstacle(runs, forced=True)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"losses": [{"name": "hinge", "add": ["spectral-norm"]}]}, "cannot be mapped"),
        ({"settings": {**SETTINGS, "engine": "eager"}}, "engine='eager' was asked for"),
        ({"settings": {**SETTINGS, "seconds": 9.0}}, "seconds as a budget"),
        ({"tasks": [{"dataset": "digits", "architecture": "dcgan"}]}, "convolutions on a CPU"),
    ],
    ids=["none", "terms", "engine", "seconds", "convolutions"],
)
def test_what_is_against_it(asked, changes, reason):
    several = asked(**changes)
    runs = assemble_replicas(several[0].recipe, [0, 1])
    found = obstacle(runs)
    assert reason in found
    assert bool(found) == bool(reason)
    assert [run.trainer.done for run in runs] == [0, 0]


def test_one_of_them_made_again_with_the_others_is_the_same_bit_for_bit(asked, tmp_path):
    several = asked()
    _, kept, _ = together(several, tmp_path)
    again = made_with((0, 1, 2), several[1], tmp_path / "again", lambda *_: None)
    assert again.metrics == kept[1].metrics
    assert again.seeds_at_once == (0, 1, 2)
    assert again.key == several[1].key
    alone = made_with((), several[1], tmp_path / "again", lambda *_: None)
    assert alone.seeds_at_once == ()
    assert msgspec.json.decode(msgspec.json.encode(again))["seed"] == 1
