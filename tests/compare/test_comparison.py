"""compare with real workers: what goes wrong in a run, and what is left of each."""

import os
import sys

import pytest

import ganzoo
from ganzoo.compare.comparison import Comparison
from ganzoo.compare.pool import Pool
from ganzoo.errors import MissingDependency
from ganzoo.records.reading import read
from ganzoo.records.record import Record, Speed
from ganzoo.registry import default_registry

ABSURD = {"generator_lr": 1e30, "discriminator_lr": 1e30, "optimizer": "sgd"}
LOSSES = [
    "lsgan",
    "lsgan(d=1)",
    {"name": "lsgan", "label": "absurd", "settings": ABSURD},
    "raises",
    "exits",
    "dies-once",
    "prints",
    "hinge",
]

HASTY = """
from ganzoo.compare import underway, worker
underway.PERIOD, underway.SHARE = 0.0, float("inf")
worker.main()
"""
"""A worker that leaves a checkpoint after every step."""


def installed(oddities, patch, folder):
    """Install the plugin here and for workers; what its losses remember stays in a folder."""
    patch.syspath_prepend(str(oddities))
    patch.setenv("PYTHONPATH", str(oddities), prepend=os.pathsep)
    patch.setenv("ODDITIES", str(folder / "died"))
    # The registry of this process is asked anew, once with the plugin and once without.
    patch.setattr(default_registry(), "_plugins", None)


@pytest.fixture(scope="module")
def found(oddities, tmp_path_factory):
    """One comparison by one worker, replaced as it dies, of losses that misbehave."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        installed(oddities, patch, folder)
        plan = {
            "name": "odd",
            "losses": LOSSES,
            "tasks": [{"dataset": "ring8", "evaluate_samples": 50, "metrics": ["energy-distance"]}],
            "seeds": 1,
            "settings": {"steps": 4, "batch": 8, "report_every": 2},
        }
        return ganzoo.compare(plan, directory=folder, workers=1)


@pytest.fixture
def by_label(found):
    return {record.label: record for record in found.records}


def test_every_cell_has_a_record_in_the_order_of_the_plan(found):
    assert isinstance(found, Comparison)
    assert [record.label for record in found.records] == [loss.title for loss in found.plan.losses]
    assert len(read(found.folder / "records.jsonl")) == len(LOSSES)


@pytest.mark.parametrize(
    ("label", "status", "reason"),
    [
        ("lsgan", "finished", ""),
        ("lsgan(d=1)", "failed", "the loss 'lsgan' has no option 'd'"),
        ("absurd", "diverged", "not finite at step"),
        ("raises", "failed", "and the last"),
        ("exits", "failed", "SystemExit: enough"),
        ("dies-once", "finished", ""),
        ("prints", "finished", ""),
        ("hinge", "finished", ""),
    ],
)
def test_how_each_ended(by_label, label, status, reason):
    assert by_label[label].status == status
    assert reason in by_label[label].reason


def test_a_plugin_that_took_part_is_named_with_its_version(by_label):
    assert by_label["prints"].plugins["oddities"] == "1.2"
    assert "oddities" not in by_label["lsgan"].plugins


def test_what_a_plugin_prints_is_in_the_log(found):
    log = (found.folder / "logs" / "worker-0.log").read_text()
    assert '{"type": "ready"}' in log
    assert "by its number" in log
    assert "the first line" in log


def test_workers_have_one_thread(by_label):
    assert by_label["hinge"].machine["threads"] == 1


def test_samples_and_plan_are_beside_the_records(found, by_label):
    assert (found.folder / by_label["hinge"].samples).is_file()
    assert (found.folder / "plan.toml").read_text("utf-8") == found.plan.text()
    assert found.report_path == found.folder / "report.html"
    leftover = [path.name for path in found.folder.rglob("*.tmp")]
    assert leftover == []


def test_the_table_has_a_row_for_each(found):
    lines = found.table().splitlines()
    for label in {record.label for record in found.records}:
        assert any(line.startswith("|") and label in line for line in lines), label
    assert found.summary.tasks[0].task == "ring8"
    assert found.summary.tasks[0].decider == "energy-distance"


def test_the_report_is_written_beside_the_records(found):
    assert found.write_report() == found.report_path
    assert "<html" in found.report_path.read_text()


def test_a_frame_without_pandas_says_what_would_work(found, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingDependency, match=r"pip install pandas.*columns\(\)"):
        found.frame()


def test_columns_have_a_row_for_each_run(found):
    columns = found.columns()
    assert {len(column) for column in columns.values()} == {len(LOSSES)}
    assert columns["label"] == [loss.title for loss in found.plan.losses]
    assert columns["status"][0] == "finished"
    assert columns["energy-distance"][0] == found.records[0].metrics["energy-distance"]
    assert columns["energy-distance"][1] is None  # of a run that failed
    assert columns["key"][0] == found.records[0].key


def test_a_run_whose_worker_died_goes_on_from_its_checkpoint(
    oddities, tiny, seen, tmp_path, monkeypatch
):
    installed(oddities, monkeypatch, tmp_path)
    monkeypatch.setattr(Pool, "command", (sys.executable, "-c", HASTY))
    plan = tiny(losses=["dies-late"])
    found = ganzoo.compare(plan, directory=tmp_path, workers=1, display=seen)
    assert [record.status for record in found.records] == ["finished"]
    assert [text.split(": ", 1)[1] for text in seen.of("note")] == [
        "the worker was ended by SIGKILL (out of memory?); it is run once more",
        "goes on from step 2",
    ]
    assert not (found.folder / "checkpoints").exists()


def test_pandas_gets_the_columns(found, monkeypatch):
    class Stand:
        DataFrame = staticmethod(dict)

    monkeypatch.setitem(sys.modules, "pandas", Stand)
    assert found.frame() == found.columns()


def test_a_comparison_of_no_records_has_an_empty_table(tiny, tmp_path):
    empty = Comparison(tiny(), (), tmp_path)
    assert empty.summary.tasks == ()
    record = Record(
        key="k", label="a", task="t", seed=0, recipe={}, status="finished", speed=Speed(seconds=1)
    )
    assert len(Comparison(tiny(), (record,), tmp_path).summary.tasks) == 1
