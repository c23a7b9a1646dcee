"""compare with real workers: what goes wrong in a run, and that nothing is run twice."""

import json
import os
import sys

import msgspec
import pytest

import ganzoo
from ganzoo.compare.comparison import Comparison
from ganzoo.compare.display import Display
from ganzoo.compare.pool import Pool
from ganzoo.compare.store import Store
from ganzoo.errors import BadPlan, GanzooError, MissingDependency
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


@pytest.fixture(scope="module")
def found(oddities, tmp_path_factory):
    """One comparison by one worker, replaced as it dies, of losses that misbehave."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(oddities))
        patch.setenv("PYTHONPATH", str(oddities), prepend=os.pathsep)
        patch.setenv("ODDITIES", str(folder / "died"))
        # The registry of this process is asked anew, once with the plugin and once without.
        patch.setattr(default_registry(), "_plugins", None)
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


def test_a_run_whose_worker_died_goes_on_from_its_checkpoint(oddities, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(oddities))
    monkeypatch.setenv("PYTHONPATH", str(oddities), prepend=os.pathsep)
    monkeypatch.setenv("ODDITIES", str(tmp_path / "died"))
    monkeypatch.setattr(default_registry(), "_plugins", None)
    monkeypatch.setattr(Pool, "command", (sys.executable, "-c", HASTY))
    task = {"dataset": "ring8", "evaluate_samples": 50, "metrics": ["energy-distance"]}
    settings = {"steps": 4, "batch": 8, "report_every": 2}
    plan = {"losses": ["dies-late"], "tasks": [task], "seeds": 1, "settings": settings}
    seen = Notes()
    found = ganzoo.compare(plan, directory=tmp_path, workers=1, display=seen)
    assert [record.status for record in found.records] == ["finished"]
    assert [text.split(": ", 1)[1] for text in seen.notes] == [
        "the worker was ended by SIGKILL (out of memory?); it is run once more",
        "goes on from step 2",
    ]
    assert not (found.folder / "checkpoints").exists()


def test_pandas_gets_the_columns(found, monkeypatch):
    class Stand:
        DataFrame = staticmethod(dict)

    monkeypatch.setitem(sys.modules, "pandas", Stand)
    assert found.frame() == found.columns()


# From here on the runs are made up: what is tested is which of them are asked for.
FAKE = """
import json, sys
print('{"type": "ready"}', flush=True)
for line in sys.stdin:
    for place, cell in enumerate(json.loads(line)["cells"]):
        status = "failed" if cell["label"] == "lsgan" else "finished"
        record = dict(cell, status=status, reason="", recipe={})
        print(json.dumps(dict(type="done", record=record, place=place)), flush=True)
"""


@pytest.fixture
def made(tiny, tmp_path, monkeypatch):
    """Compare with fake workers, whose lsgan fails; the labels of the records there are."""
    monkeypatch.setattr(Pool, "command", (sys.executable, "-S", "-c", FAKE))

    def make(*losses, fresh=False, display=None, **changes):
        plan = tiny(losses=list(losses), name="trial", **changes)
        return ganzoo.compare(plan, directory=tmp_path, workers=1, fresh=fresh, display=display)

    return make


class Notes(Display):
    """Remembers the notes."""

    def __init__(self):
        self.notes = []

    def note(self, text):
        self.notes.append(text)


def lines(folder):
    return [json.loads(line)["label"] for line in (folder / "records.jsonl").open()]


def test_what_was_made_is_not_made_again_and_what_failed_is(made):
    folder = made("lsgan", "hinge").folder
    assert lines(folder) == ["lsgan", "hinge"]
    found = made("hinge", "lsgan", "minimax")
    assert lines(folder) == ["lsgan", "hinge", "lsgan", "minimax"]
    assert [record.label for record in found.records] == ["hinge", "lsgan", "minimax"]


def test_a_plan_that_changed_keeps_old_records_and_reports_its_own(made):
    made("hinge", "minimax")
    found = made("minimax")
    assert [record.label for record in found.records] == ["minimax"]
    assert lines(found.folder) == ["hinge", "minimax"]
    more = made("hinge", "minimax", seeds=2)
    assert [(r.label, r.seed) for r in more.records] == [
        ("hinge", 0),
        ("minimax", 0),
        ("hinge", 1),
        ("minimax", 1),
    ]
    assert len(lines(found.folder)) == 4


def test_a_new_label_is_no_new_run(made):
    made("hinge")
    found = made({"name": "hinge", "label": "Hinge"})
    assert [record.label for record in found.records] == ["Hinge"]
    assert lines(found.folder) == ["hinge"]


def test_fresh_makes_everything_and_puts_the_earlier_aside(made):
    folder = made("hinge").folder
    made("hinge", "minimax", fresh=True)
    assert lines(folder) == ["hinge", "minimax"]
    assert len(read(folder / "records.old-1.jsonl")) == 1


def test_a_torn_line_is_set_aside_and_its_run_made_again(made):
    folder = made("hinge", "minimax").folder
    path = folder / "records.jsonl"
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first[: len(first) // 2] + b"\n" + second)
    found = made("hinge", "minimax")
    assert lines(folder) == ["minimax", "hinge"]
    assert [record.status for record in found.records] == ["finished"] * 2
    assert (folder / "records.torn-1").is_file()


def test_runs_that_other_versions_made_are_kept_and_said(made, tmp_path):
    folder = made("hinge").folder
    path = folder / "records.jsonl"
    record = read(path)[0]
    path.unlink()
    Store(folder).append(msgspec.structs.replace(record, plugins={"gone": "0.5", "ganzoo": "0.0"}))
    said = Notes()
    made("hinge", display=said)
    assert lines(folder) == ["hinge"]
    (note,) = said.notes
    assert note.startswith("made before by other versions than these: ganzoo 0.0, gone 0.5")


def test_nobody_else_may_write_meanwhile(made, tmp_path):
    with (
        Store(tmp_path / "trial").locked(),
        pytest.raises(GanzooError, match="another comparison is writing"),
    ):
        made("hinge")


def test_a_bad_plan_leaves_no_folder(made, tmp_path):
    with pytest.raises(BadPlan, match="no loss 'hinj'"):
        made("hinj")
    assert list(tmp_path.iterdir()) == []


def test_a_comparison_of_no_records_has_an_empty_table(tiny, tmp_path):
    empty = Comparison(tiny(), (), tmp_path)
    assert empty.summary.tasks == ()
    record = Record(
        key="k", label="a", task="t", seed=0, recipe={}, status="finished", speed=Speed(seconds=1)
    )
    assert len(Comparison(tiny(), (record,), tmp_path).summary.tasks) == 1
