"""One cell in this process: the record of a run that finishes, and of those that do not."""

import pytest
import torch
from safetensors.torch import load_file

from ganzoo.compare import provenance, running
from ganzoo.compare.running import explain, run_cell
from ganzoo.errors import BadPlan
from ganzoo.recipe import Choice
from ganzoo.registry import default_registry


@pytest.fixture
def ran(cells, tmp_path):
    """The record of the one cell of a plan, and what was told of it."""

    def run(**changes):
        (cell,) = cells(**changes)
        told = []
        record = run_cell(cell, tmp_path / "samples", lambda *what: told.append(what))
        return record, told

    return run


def test_a_run_that_finishes(ran, tmp_path):
    record, told = ran(losses=["wgan-gp(discriminator_turns=2)"])
    assert (record.status, record.reason) == ("finished", "")
    assert (record.label, record.task, record.seed) == (
        "wgan-gp(discriminator_turns=2)",
        "ring8",
        0,
    )
    assert record.recipe["loss"] == {"name": "wgan-gp", "options": {"discriminator_turns": 2}}
    assert record.curve["step"] == [2.0, 4.0]
    assert {len(column) for column in record.curve.values()} == {2}
    assert record.curve["energy-distance"] == [None, record.metrics["energy-distance"]]
    assert record.floor["energy-distance"] < record.metrics["energy-distance"]
    assert record.directions == {"energy-distance": "lower"}
    assert record.ranked == ("energy-distance",)
    assert (record.speed.steps, record.speed.discriminator_steps) == (4, 8)
    assert record.speed.samples == 64
    assert record.speed.seconds > 0
    assert record.networks.startswith("mlp(")
    assert record.plugins["ganzoo"]
    assert record.machine["threads"] == torch.get_num_threads()
    assert record.portrait.title == "wgan-gp"
    assert record.finished_at.startswith("20")
    assert [(step, steps) for step, steps, _ in told] == [(2, 4), (4, 4), (4, 4)]
    assert told[-1][2] == record.metrics


def test_networks_that_were_taken_for_a_recipe_that_names_none_are_told(ran):
    record, _ = ran(losses=["began"])
    assert record.recipe["architecture"] is None
    (built,) = {Choice.of(record.networks).name} - {"mlp"}
    assert "reconstruction" in default_registry().find("architectures", built).entry.provides


def test_samples_are_kept_beside_the_records(ran, tmp_path):
    record, _ = ran()
    assert record.samples == f"samples/{record.key}.safetensors"
    tensors = load_file(tmp_path / record.samples)
    assert {name: (x.shape, x.dtype) for name, x in tensors.items()} == {
        "fake": ((1000, 2), torch.float32),
        "real": ((1000, 2), torch.float32),
        **{f"fake@{step}": ((256, 2), torch.float32) for step in (0, 2, 4)},
    }
    assert not torch.equal(tensors["fake"], tensors["real"])
    assert record.steps_shown == (0, 2, 4)
    assert not torch.equal(tensors["fake@0"], tensors["fake@4"])


def test_samples_of_pictures_are_fewer(ran, tmp_path):
    record, _ = ran(tasks=[{"dataset": "digits", "metrics": ["energy-distance"]}])
    assert record.baseline.keys() == record.metrics.keys()
    tensors = load_file(tmp_path / record.samples)
    assert tensors["fake"].shape == tensors["real"].shape == (64, 1, 8, 8)


def test_the_best_checkpoint_stands_beside_the_last(ran):
    task = {"dataset": "ring8", "evaluate_samples": 50, "evaluate_every": 2}
    record, _ = ran(tasks=[{**task, "metrics": ["energy-distance"]}])
    assert record.best.keys() == record.metrics.keys()
    assert record.best_step in (2, 4)
    assert record.budget == {"steps": 4}


def test_a_run_of_seconds_says_so(ran):
    record, told = ran(settings={"seconds": 0.05, "batch": 8, "report_every": 1})
    assert record.status == "finished"
    assert record.budget == {"seconds": 0.05}
    assert record.speed.seconds >= 0.05
    assert told[-1][0] == told[-1][1] == record.speed.steps


def test_a_commit_is_recorded_of_a_checkout_alone(ran, monkeypatch):
    record, _ = ran()
    assert record.commit == "" or len(record.commit.removesuffix("+changes")) == 40
    monkeypatch.setenv("PATH", "")
    assert provenance.commit.__wrapped__() == ""


def test_untrained_samples_have_lost_modes(ran):
    record, _ = ran()
    assert record.diagnosis[:1] == ("collapsed",)
    assert set(record.missing) <= set(range(8))


def test_what_is_measured_on_the_way_is_told(ran):
    task = {"dataset": "ring8", "evaluate_samples": 50, "evaluate_every": 2}
    record, told = ran(tasks=[{**task, "metrics": ["energy-distance", "modes"]}])
    measured = [(step, values) for step, _, values in told if "modes" in values]
    assert [step for step, _ in measured] == [2, 4]
    assert measured[0][1]["energy-distance"] == record.curve["energy-distance"][0]
    assert measured[1][1] == record.metrics
    assert record.ranked == ("energy-distance",)
    assert record.directions == {"energy-distance": "lower", "modes": "higher"}


def test_a_run_that_diverges_is_a_result_without_metrics(ran, tmp_path):
    settings = {"generator_lr": 1e30, "discriminator_lr": 1e30, "optimizer": "sgd"}
    record, _ = ran(settings={"steps": 4, "batch": 8, "report_every": 1, **settings})
    assert record.status == "diverged"
    assert "not finite at step" in record.reason
    assert record.metrics == {"energy-distance": None}
    assert record.floor["energy-distance"] > 0
    assert record.samples == ""
    assert record.portrait is not None


def test_the_metrics_before_a_divergence_are_not_those_at_the_end(ran):
    settings = {"generator_lr": 1e30, "discriminator_lr": 1e30, "optimizer": "sgd"}
    task = {"dataset": "ring8", "evaluate_samples": 50, "evaluate_every": 1}
    record, _ = ran(
        tasks=[{**task, "metrics": ["energy-distance"]}],
        settings={"steps": 9, "batch": 8, "report_every": 3, **settings},
    )
    assert record.status == "diverged"
    assert record.metrics == {"energy-distance": None}


def test_an_option_that_there_is_not_is_a_failure_with_its_message(ran):
    record, told = ran(losses=["lsgan(d=1)"])
    assert record.status == "failed"
    assert record.reason.startswith("the loss 'lsgan' has no option 'd'")
    assert (record.portrait, record.curve, told) == (None, {}, [])
    assert record.plugins["ganzoo"]


def test_what_does_not_fit_together_is_a_failure(ran):
    record, _ = ran(tasks=[{"dataset": "ring8", "architecture": "dcgan"}])
    assert record.status == "failed"
    assert record.reason


def test_the_floor_is_computed_once_for_all_objectives(ran, monkeypatch):
    monkeypatch.setattr(running, "_BOUNDS", {})
    first, _ = ran(losses=["lsgan"])
    second, _ = ran(losses=["hinge"])
    other, _ = ran(seeds=[1])
    assert len(running._BOUNDS) == 2
    assert first.floor == second.floor != other.floor


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BadPlan("said so"), "said so"),
        (ValueError("one\ntwo"), "ValueError: one two"),
        (SystemExit("enough"), "SystemExit: enough"),
        (KeyError(), "KeyError"),
    ],
)
def test_errors_in_a_line(error, line):
    assert explain(error) == line
