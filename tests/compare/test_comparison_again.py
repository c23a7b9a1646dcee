"""A comparison made once more: which runs are asked for, of workers that make them up."""

import json
import sys

import msgspec
import pytest

import ganzoo
from ganzoo.compare.pool import Pool
from ganzoo.compare.store import Store
from ganzoo.errors import BadPlan, GanzooError
from ganzoo.records.reading import read

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
def made(tiny, seen, tmp_path, monkeypatch):
    """Compare with fake workers, whose lsgan fails; the labels of the records there are."""
    monkeypatch.setattr(Pool, "command", (sys.executable, "-S", "-c", FAKE))

    def make(*losses, fresh=False, **changes):
        plan = tiny(losses=list(losses), name="trial", **changes)
        return ganzoo.compare(plan, directory=tmp_path, workers=1, fresh=fresh, display=seen)

    return make


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


def test_runs_that_other_versions_made_are_kept_and_said(made, seen):
    folder = made("hinge").folder
    path = folder / "records.jsonl"
    record = read(path)[0]
    path.unlink()
    Store(folder).append(msgspec.structs.replace(record, plugins={"gone": "0.5", "ganzoo": "0.0"}))
    made("hinge")
    assert lines(folder) == ["hinge"]
    (note,) = seen.of("note")
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
