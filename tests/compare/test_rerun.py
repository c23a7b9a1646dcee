"""A run from its record: the same again, or how far from it, and why."""

import msgspec
import pytest

from ganzoo.compare.rerun import find_record, rerun
from ganzoo.compare.running import run_cell
from ganzoo.compare.store import Store
from ganzoo.errors import BadData, MissingData
from ganzoo.records.record import Record

change = msgspec.structs.replace


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with the records of two tiny runs."""
    from ganzoo.compare.grid import grid
    from ganzoo.compare.plan import Plan

    task = {"dataset": "ring8", "evaluate_samples": 50, "evaluate_every": 2}
    plan = {
        "losses": ["lsgan", "hinge"],
        "tasks": [{**task, "metrics": ["energy-distance"]}],
        "seeds": 1,
        "settings": {"steps": 4, "batch": 8, "report_every": 2},
    }
    store = Store(tmp_path_factory.mktemp("runs") / "trial")
    for cell in grid(Plan.of(plan)):
        store.append(run_cell(cell, store.samples, lambda *_: None))
    return store


def test_the_same_run_again_is_the_same_bit_for_bit(made):
    record = find_record(f"{made.folder}#1")
    found = rerun(record, home=made.folder)
    assert found.exact
    assert found.samples is True
    assert found.text().startswith("lsgan on ring8, seed 0: the same, bit for bit\n")
    assert rerun(record).samples is None


def test_what_differs_is_measured_and_explained(made):
    record = find_record(made.folder / f"records.jsonl#{find_record(f'{made.folder}#2').key[:8]}")
    value = record.metrics["energy-distance"]
    altered = change(
        record,
        metrics={"energy-distance": value * 1.01},
        machine={**record.machine, "torch": "1.0"},
        commit="f" * 40,
        budget={"seconds": 2.0},
    )
    found = rerun(altered, home=made.folder)
    assert not found.exact
    assert found.furthest == ("energy-distance", pytest.approx(0.0099, abs=1e-4))
    text = found.text()
    assert "every metric is within 0.0099 of what it was" in text
    assert f"torch: 1.0 then, {record.machine['torch']} now" in text
    assert "commit: ffff" in text
    assert "its budget was 2 seconds" in text
    gone = rerun(change(record, metrics={"energy-distance": None}))
    assert "a value in one of the two runs alone" in gone.text()


def test_a_run_that_ends_in_another_way_says_so(made):
    record = find_record(f"{made.folder}#1")
    text = rerun(change(record, status="diverged", metrics={})).text()
    assert "it diverged then, and finished now" in text


def test_a_recipe_that_cannot_be_read(made):
    record = find_record(f"{made.folder}#1")
    with pytest.raises(BadData, match="recipe of record .* cannot be read"):
        rerun(change(record, recipe={"loss": 3}))


def test_records_that_are_not_found(made, tmp_path):
    with pytest.raises(
        MissingData, match=r"no record 'zzz' in .*; #\w+ \(lsgan on ring8, seed 0\)"
    ):
        find_record(f"{made.folder}#zzz")
    with pytest.raises(BadData, match="fits 2 records; say which, as in #"):
        find_record(made.folder)
    with pytest.raises(MissingData, match="no records at"):
        find_record(tmp_path / "nowhere.jsonl")
    (tmp_path / "one.json").write_text('{"key": 3}')
    with pytest.raises(BadData, match=r"one\.json is no record"):
        find_record(tmp_path / "one.json")


def test_a_record_in_a_file_of_its_own(made, tmp_path):
    record = find_record(f"{made.folder}#1")
    place = tmp_path / "one.json"
    place.write_bytes(msgspec.json.format(msgspec.json.encode(record)))
    assert find_record(place) == record
    assert isinstance(find_record(str(place)), Record)
