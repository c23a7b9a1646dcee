"""The parent, with workers that are small scripts: deaths, signals, noise."""

import os
import signal
import sys
import textwrap
import threading

import pytest

from ganzoo.compare.display import Display
from ganzoo.compare.pool import Pool
from ganzoo.compare.runner import default_workers, run_cells
from ganzoo.compare.store import Store
from ganzoo.errors import GanzooError

# What a worker says of itself, and of cell N with label "name"; `here` is a scratch folder.
PROLOGUE = """
    import json, os, pathlib, signal, sys, time
    here = pathlib.Path({folder!r})
    def say(**message):
        print(json.dumps(message), flush=True)
    def job():
        line = sys.stdin.readline()
        if not line:
            sys.exit()
        cells = json.loads(line)["cells"]
        return cells[0] if len(cells) == 1 else cells
    def done(cell, place=0):
        record = dict(cell, status="finished", reason="", recipe=dict())
        say(type="done", record=record, place=place)
    def first_time(what):
        place = here / what
        known = place.exists()
        place.touch()
        return not known
"""


class Seen(Display):
    """Remembers what it was told."""

    def __init__(self, on_progress=lambda: None):
        self.said, self.on_progress = [], on_progress

    def begins(self, worker, cell):
        self.said.append(("begins", worker, cell.label))

    def progress(self, worker, step, steps, meters):
        self.said.append(("progress", worker, step, steps, meters))
        self.on_progress()

    def leaves(self, worker):
        self.said.append(("leaves", worker))

    def ends(self, worker, record):
        self.said.append(("ends", worker, record.label))

    def note(self, text):
        self.said.append(("note", text))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "trial")


@pytest.fixture
def work(cells, store, tmp_path, monkeypatch):
    """Run the cells of some losses with workers that are a script; the records they left."""

    def run(script, losses=("lsgan", "hinge", "minimax"), workers=1, display=None, seeds=1):
        text = textwrap.dedent(PROLOGUE.format(folder=str(tmp_path))) + textwrap.dedent(script)
        monkeypatch.setattr(Pool, "command", (sys.executable, "-S", "-c", text))
        asked = cells(losses=list(losses), seeds=seeds)
        run_cells(asked, store, workers=workers, display=display or Seen(), at_once=seeds > 1)
        if seeds > 1:
            return [(record.label, record.seed) for record in store.read().values()]
        return {record.label: record for record in store.read().values()}

    return run


STEADY = """
    say(type="ready")
    while True:
        done(job())
"""


def test_one_worker_serves_many_cells_in_their_order(work):
    seen = Seen()
    found = work(STEADY, display=seen)
    assert list(found) == ["lsgan", "hinge", "minimax"]
    assert [said[0] for said in seen.said] == ["begins", "ends"] * 3
    assert {said[1] for said in seen.said} == {0}


def test_several_workers_share_the_cells(work):
    seen = Seen()
    found = work(STEADY, workers=2, display=seen)
    assert set(found) == {"lsgan", "hinge", "minimax"}
    assert {said[1] for said in seen.said} == {0, 1}


TOGETHER = """
    say(type="ready")
    while True:
        cells = job()
        if not isinstance(cells, list):
            done(cells)
            continue
        for place, cell in enumerate(cells):
            say(type="progress", step=place, steps=9, meters=dict(), place=place)
        {for_some}
        for place, cell in enumerate(cells):
            done(cell, place)
"""


def test_seeds_at_once_are_a_run_each_to_the_display(work):
    seen = Seen()
    found = work(TOGETHER.format(for_some=""), losses=["lsgan"], seeds=5, display=seen)
    assert found == [("lsgan", seed) for seed in range(5)]
    for kind in ("begins", "progress", "ends"):
        assert [said[1] for said in seen.said if said[0] == kind] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("hindrance", "reason"),
    [
        ("say(type='apart', reason='they cannot'); continue", "they cannot"),
        ("os.kill(os.getpid(), 9)", "the worker was ended by SIGKILL (out of memory?)"),
    ],
)
def test_seeds_that_cannot_be_at_once_are_run_one_by_one(work, hindrance, reason):
    seen = Seen()
    script = TOGETHER.format(for_some=hindrance)
    found = work(script, losses=["lsgan", "hinge"], seeds=5, display=seen)
    assert sorted(found) == [(label, seed) for label in ("hinge", "lsgan") for seed in range(5)]
    left = [said[1] for said in seen.said if said[0] == "leaves"]
    assert left == [*range(5), *range(5)]
    chosen, note = [said[1] for said in seen.said if said[0] == "note"]
    assert chosen == "10 of 10 runs are trained at once with other seeds (as was asked for)"
    assert note.split(" on ring8, seeds 0, 1, 2, 3, 4: ")[1] == f"one after the other ({reason})"


LEFT = """
    folder = here / "trial" / "checkpoints" / "some"
    (folder / "checkpoint-00000007").mkdir(parents=True, exist_ok=True)
    (folder / "keys.json").write_text(json.dumps([cell["key"] for cell in cells]))
""".replace("\n", "\n    ")


@pytest.mark.parametrize("times", [1, 2])
def test_seeds_at_once_whose_worker_died_go_on_at_once_from_a_checkpoint_one_time(work, times):
    seen = Seen()
    death = "os.kill(os.getpid(), 9)"
    hindrance = f"{LEFT}\n        if first_time('a') or ({times} == 2 and first_time('b')): {death}"
    script = TOGETHER.format(for_some=hindrance)
    found = work(script, losses=["lsgan"], seeds=5, display=seen)
    assert found == [("lsgan", seed) for seed in range(5)]
    notes = [said[1].split(": ")[1] for said in seen.said if said[0] == "note" and ": " in said[1]]
    died = "the worker was ended by SIGKILL (out of memory?)"
    assert notes == [f"{died}; it is run once more", f"one after the other ({died})"][:times]


def test_what_was_left_under_way_is_gone_at_the_end(work, store, cells):
    done, begun, other = (store.checkpoints / name for name in "abc")
    keys = [cell.key for cell in cells(losses=["lsgan", "hinge", "minimax"])]
    for folder, key in ((done, "none of these"), (begun, keys[2])):
        (folder / "checkpoint-00000007").mkdir(parents=True)
        (folder / "keys.json").write_text(f'["{key}"]')
    other.mkdir()
    seen = Seen()
    work(STEADY, display=seen)
    assert [said[2] for said in seen.said if said[0] == "begins"] == ["minimax", "lsgan", "hinge"]
    assert not store.checkpoints.exists()
    other.mkdir(parents=True)
    run_cells([], store, workers=1, display=seen)
    assert not store.checkpoints.exists()


def test_what_a_worker_says_is_a_note(work):
    seen = Seen()
    script = """
        say(type="ready")
        cell = job()
        say(type="said", text="it goes on")
        done(cell)
        job()
    """
    work(script, losses=["lsgan"], display=seen)
    assert ("note", "it goes on") in seen.said


def test_what_came_of_seeds_at_once_before_a_death_is_kept(work):
    script = TOGETHER.format(for_some="done(cells[0], 0); done(cells[3], 3); os._exit(1)")
    found = work(script, losses=["lsgan"], seeds=5)
    assert found == [("lsgan", seed) for seed in (0, 3, 1, 2, 4)]


def test_nothing_to_do_starts_nobody(store, monkeypatch):
    monkeypatch.setattr(Pool, "command", ("no such program",))
    run_cells([], store, workers=1, display=Seen())
    assert store.read() == {}
    assert not store.logs.exists()


def test_progress_is_passed_on(work):
    script = """
        say(type="ready")
        cell = job()
        say(type="progress", step=2, steps=4, meters=dict(loss=None, fd=0.5))
        done(cell)
        job()
    """
    seen = Seen()
    work(script, losses=["lsgan"], display=seen)
    assert ("progress", 0, 2, 4, {"loss": None, "fd": 0.5}) in seen.said


def test_a_cell_whose_worker_is_killed_once_is_run_again(work):
    script = """
        say(type="ready")
        while True:
            cell = job()
            if cell["label"] == "hinge" and first_time("hinge"):
                os.kill(os.getpid(), signal.SIGKILL)
            done(cell)
    """
    seen = Seen()
    found = work(script, display=seen)
    assert {record.status for record in found.values()} == {"finished"}
    (note,) = [said[1] for said in seen.said if said[0] == "note"]
    assert note == (
        "hinge on ring8, seed 0: the worker was ended by SIGKILL (out of memory?); "
        "it is run once more"
    )


@pytest.mark.parametrize(
    ("death", "reason"),
    [
        ("os.kill(os.getpid(), 9)", "the worker was ended by SIGKILL (out of memory?), 2 times"),
        ("os.kill(os.getpid(), 11)", "the worker was ended by SIGSEGV, 2 times"),
        (
            "print('no\\nmemory', file=sys.stderr); os._exit(3)",
            "the worker ended with exit code 3: memory, 2 times",
        ),
    ],
)
def test_a_cell_whose_worker_dies_twice_has_failed_and_the_others_go_on(work, death, reason):
    script = f"""
        say(type="ready")
        while True:
            cell = job()
            if cell["label"] == "hinge":
                {death}
            done(cell)
    """
    found = work(script)
    assert (found["hinge"].status, found["hinge"].reason) == ("failed", reason)
    assert found["lsgan"].status == found["minimax"].status == "finished"


def test_workers_that_never_come_up_end_the_comparison(work, store):
    with pytest.raises(GanzooError, match="no worker starts: .* exit code 1: nothing works"):
        work("sys.exit('nothing works')")
    assert store.read() == {}
    assert "nothing works" in (store.logs / "worker-0.log").read_text()


def test_a_worker_that_dies_idle_costs_nothing(work):
    script = """
        say(type="ready")
        done(job())
        if first_time("death"):
            os._exit(1)
        while True:
            done(job())
    """
    assert {record.status for record in work(script, workers=2).values()} == {"finished"}


def test_lines_that_are_no_message_are_passed_over(work):
    script = """
        print("half a mess", flush=True)
        say(type="unheard-of")
        say(type="ready")
        done(job())
        job()
    """
    assert list(work(script, losses=["lsgan"])) == ["lsgan"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_workers_and_keeps_what_was_made(work, store, number, tmp_path):
    script = """
        say(type="ready")
        done(job())
        job()
        (here / "pid").write_text(str(os.getpid()))
        say(type="progress", step=1, steps=9, meters=dict())
        time.sleep(60)
    """
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt):
        work(script, display=Seen(lambda: os.kill(os.getpid(), number)))
    assert [record.label for record in store.read().values()] == ["lsgan"]
    assert signal.getsignal(number) is before
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    # The next go makes the rest.
    assert set(work(STEADY, losses=("hinge", "minimax"))) == {"lsgan", "hinge", "minimax"}


def test_a_worker_that_will_not_end_is_killed(work, monkeypatch, tmp_path):
    script = """
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        (here / "pid").write_text(str(os.getpid()))
        say(type="ready")
        done(job())
        time.sleep(60)
    """
    monkeypatch.setattr("ganzoo.compare.pool._PATIENCE", 0.1)
    work(script, losses=["lsgan"])
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_thread_can_be_the_parent_too(work):
    found = {}
    thread = threading.Thread(target=lambda: found.update(work(STEADY, losses=["lsgan"])))
    thread.start()
    thread.join()
    assert list(found) == ["lsgan"]


def test_by_default_there_is_a_worker_a_core_and_at_most_one_a_cell(cells, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert default_workers(cells(seeds=9)) == 4
    assert default_workers(cells(seeds=2)) == 2


def test_on_a_gpu_there_is_one_worker_unless_all_cells_stay_off_it(cells, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert default_workers(cells(seeds=9)) == 1
    assert default_workers(cells(seeds=9, settings={"device": "cpu"})) == 4
