"""Records on disk: what is whole is kept, what is torn is set aside and said."""

import json

import msgspec
import pytest

from ganzoo.compare.store import Store
from ganzoo.errors import BadData, GanzooError, MissingData
from ganzoo.records import reading as records
from ganzoo.records.reading import LaterRecord, TornRecord
from ganzoo.records.record import Listed, Portrait, Record, Speed
from ganzoo.records.selection import gaps


def make(key="k1", **changes):
    plain = {"key": key, "label": "hinge", "task": "ring8", "seed": 0, "recipe": {"loss": "hinge"}}
    return Record(status="finished", **{**plain, **changes})


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "trial")


def test_a_record_comes_back_as_it_was(store):
    made = make(
        curve={"step": [1.0, 2.0], "loss": [None, 0.5]},
        metrics={"fd": 1.5},
        portrait=Portrait(score=(-1.0, 1.0), generator=(0.5, 0.25)),
        speed=Speed(seconds=1.0, steps=2),
    )
    store.append(made)
    assert records.read(store.records) == [made]


def test_a_record_of_the_first_version_still_reads(store):
    old = b'{"key":"k","label":"l","task":"t","seed":0,"recipe":{},"status":"finished","version":1}'
    store.folder.mkdir()
    store.records.write_bytes(old + b"\n")
    (found,) = records.read(store.records)
    assert (found.version, found.best, found.diagnosis, found.steps_shown) == (1, {}, (), ())


def test_numbers_that_are_not_finite_are_null_and_read_as_none(store):
    store.append(make(metrics={"fd": float("nan"), "kid": float("inf"), "ed": 1.0}))
    assert json.loads(store.records.read_text())["metrics"] == {"fd": None, "kid": None, "ed": 1.0}
    assert records.read(store.records)[0].metrics == {"fd": None, "kid": None, "ed": 1.0}


def test_a_file_of_records_that_is_not_there(store):
    with pytest.raises(MissingData, match="ganzoo compare"):
        records.read(store.records)
    assert store.read() == {}
    assert store.repair() == []


def test_a_torn_last_line_is_passed_over_with_a_warning(store):
    store.append(make("k1"))
    whole = store.records.read_bytes()
    store.records.write_bytes(whole + whole[: len(whole) // 2])
    with pytest.warns(TornRecord, match="line 2: not a whole record"):
        assert [r.key for r in records.read(store.records)] == ["k1"]


def test_a_record_after_a_torn_line_has_a_line_of_its_own(store):
    store.append(make("k1"))
    with store.records.open("ab") as file:
        file.write(b'{"key": "k2", "lab')
    store.append(make("k3"))
    with pytest.warns(TornRecord, match="line 2"):
        assert [r.key for r in records.read(store.records)] == ["k1", "k3"]


def test_repair_moves_torn_lines_and_keeps_the_others_byte_by_byte(store):
    for key in ("k1", "k2", "k3"):
        store.append(make(key))
    first, second, third = store.records.read_bytes().splitlines()
    torn = second[:40]
    store.records.write_bytes(first + b"\n" + torn + b"\n\0\xff\0\n" + third)
    messages = store.repair()
    assert store.records.read_bytes() == first + b"\n" + third + b"\n"
    assert (store.folder / "records.torn-1").read_bytes() == torn + b"\n\0\xff\0\n"
    assert [m.split(":")[0].rpartition(", ")[2] for m in messages] == ["line 2", "line 3"]
    assert "moved to records.torn-1" in messages[0]
    assert store.repair() == []


def test_every_repair_sets_aside_into_a_file_of_its_own(store):
    for count in (1, 2):
        store.folder.mkdir(exist_ok=True)
        store.records.write_bytes(b"torn" * count)
        store.repair()
    assert (store.folder / "records.torn-1").read_bytes() == b"torn\n"
    assert (store.folder / "records.torn-2").read_bytes() == b"torntorn\n"


@pytest.mark.parametrize("line", [b"[1, 2]", b'{"key": "k"}', b'"text"', b'{"key": 3'])
def test_json_that_is_no_record_is_torn_too(store, line):
    store.append(make())
    store.records.write_bytes(store.records.read_bytes() + line + b"\n")
    assert len(store.repair()) == 1
    assert len(records.read(store.records)) == 1


def later(shape, key="k2"):
    """A line of a format to come: like the present one, or like nothing known."""
    if shape == "alike":
        return msgspec.json.encode(msgspec.to_builtins(make(key)) | {"version": 99}) + b"\n"
    return b'{"version": 99, "runs": [], "key": ["odd"], "seed": "none"}\n'


@pytest.mark.parametrize("shape", ["alike", "unlike"])
def test_records_of_a_later_format_are_passed_over_counted_and_named(store, shape):
    store.append(make())
    with store.records.open("ab") as file:
        file.write(later(shape))
    with pytest.warns(LaterRecord, match=r"1 record is of a later format \(version 99") as said:
        assert [record.key for record in records.read(store.records)] == ["k1"]
    name = "hinge on ring8, seed 0" if shape == "alike" else "unnamed"
    assert f"{name} (line 2)" in str(said[0].message)
    with store.records.open("ab") as file:
        file.write(later(shape) * 9)
    with pytest.warns(LaterRecord, match=r"10 records are .*; and 4 more"):
        assert len(records.current(store.folder)) == 1


@pytest.mark.parametrize("shape", ["alike", "unlike"])
def test_nothing_but_later_records_is_an_error_that_names_the_line(store, shape):
    store.folder.mkdir()
    store.records.write_bytes(b"\n" + later(shape))
    for read in (lambda: records.read(store.records), lambda: records.current(store.folder)):
        with pytest.raises(BadData, match="line 2: a record of version 99; .*upgrade"):
            read()
    # What is left of an earlier plan is no part of the present one.
    store.append(make("old"))
    store.plans("", [Listed("k2", "hinge", "ring8", 0)])
    with pytest.raises(BadData, match="version 99"), pytest.warns(LaterRecord):
        records.current(store.folder)


def test_who_writes_a_folder_with_later_records_is_refused(store):
    store.append(make())
    with store.records.open("ab") as file:
        file.write(later("alike"))
    before = store.records.read_bytes()
    for touch in (store.repair, store.read):
        with pytest.raises(BadData, match="line 2: a record of version 99"):
            touch()
    assert store.records.read_bytes() == before


def test_runs_that_later_records_hold_are_not_missing(store):
    store.append(make("k1"))
    with store.records.open("ab") as file:
        file.write(later("alike", "k2"))
    store.plans("", [Listed(key, "hinge", "ring8", 0) for key in ("k1", "k2", "k3")])
    with pytest.warns(LaterRecord):
        told = gaps(store.folder, records.current(store.folder))
    assert told[0].startswith("1 record is of a later format")
    assert told[1].startswith("1 of the plan's 3 runs have not been made")


def test_the_last_record_of_a_key_is_the_one_that_counts(store):
    store.append(make("k1", seed=1))
    store.append(make("k1", seed=2))
    assert store.read()["k1"].seed == 2


def test_current_is_the_plans_runs_in_its_order_under_its_names(store):
    for key in ("old", "k1", "k2"):
        store.append(make(key))
    runs = [Listed("k2", "Hinge", "ring", 0), Listed("k1", "hinge", "ring", 0)]
    store.plans("name = 'x'\n", [*runs, Listed("k9", "not yet", "ring", 0)])
    found = records.current(store.folder)
    assert [(r.key, r.label, r.task) for r in found] == [
        ("k2", "Hinge", "ring"),
        ("k1", "hinge", "ring"),
    ]


def test_current_without_a_list_of_runs_is_everything(store):
    store.append(make("k1"))
    assert [r.key for r in records.current(store.folder)] == ["k1"]
    store.runs.write_text("{")
    with pytest.raises(BadData, match=r"runs\.json"):
        records.current(store.folder)


def test_starting_afresh_puts_records_aside_under_a_new_name_each_time(store):
    assert store.start_afresh() is None
    for number in (1, 2):
        store.append(make(f"k{number}"))
        aside = store.start_afresh()
        assert aside.name == f"records.old-{number}.jsonl"
        assert records.read(aside)[0].key == f"k{number}"
        assert not store.records.exists()


def test_two_cannot_write_one_folder(store):
    with (
        store.locked(),
        pytest.raises(GanzooError, match=r"another comparison .*\(process \d+ on"),
        Store(store.folder).locked(),
    ):
        pass
    with Store(store.folder).locked():
        pass


def test_what_a_killed_worker_left_is_cleared_away(store):
    store.samples.mkdir(parents=True)
    left = store.samples / ".abc.safetensors.1.tmp"
    left.write_bytes(b"half")
    whole = store.samples / "abc.safetensors"
    whole.write_bytes(b"whole")
    store.plans("", [])
    assert not left.exists()
    assert whole.read_bytes() == b"whole"
