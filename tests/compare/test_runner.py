"""The parent, with workers that are small scripts: who gets what, and what is passed on."""

import os
import threading

from ganzoo.compare.pool import Pool
from ganzoo.compare.runner import default_workers, run_cells


def test_one_worker_serves_many_cells_in_their_order(work, seen):
    found = work()
    assert list(found) == ["lsgan", "hinge", "minimax"]
    assert [said[0] for said in seen.said] == ["begins", "ends"] * 3
    assert {said[1] for said in seen.said} == {0}


def test_several_workers_share_the_cells(work, seen):
    found = work(workers=2)
    assert set(found) == {"lsgan", "hinge", "minimax"}
    assert {said[1] for said in seen.said} == {0, 1}


def test_what_was_left_under_way_is_gone_at_the_end(work, store, cells, seen):
    done, begun, other = (store.checkpoints / name for name in "abc")
    keys = [cell.key for cell in cells(losses=["lsgan", "hinge", "minimax"])]
    for folder, key in ((done, "none of these"), (begun, keys[2])):
        (folder / "checkpoint-00000007").mkdir(parents=True)
        (folder / "keys.json").write_text(f'["{key}"]')
    other.mkdir()
    work()
    assert [said[2] for said in seen.said if said[0] == "begins"] == ["minimax", "lsgan", "hinge"]
    assert not store.checkpoints.exists()
    other.mkdir(parents=True)
    run_cells([], store, workers=1, display=seen)
    assert not store.checkpoints.exists()


def test_what_a_worker_says_is_a_note(work, seen):
    script = """
        say(type="ready")
        cell = job()
        say(type="said", text="it goes on")
        done(cell)
        job()
    """
    work(script, losses=["lsgan"])
    assert "it goes on" in seen.of("note")


def test_nothing_to_do_starts_nobody(store, seen, monkeypatch):
    monkeypatch.setattr(Pool, "command", ("no such program",))
    run_cells([], store, workers=1, display=seen)
    assert store.read() == {}
    assert not store.logs.exists()


def test_progress_is_passed_on(work, seen):
    script = """
        say(type="ready")
        cell = job()
        say(type="progress", step=2, steps=4, meters=dict(loss=None, fd=0.5))
        done(cell)
        job()
    """
    work(script, losses=["lsgan"])
    assert ("progress", 0, 2, 4, {"loss": None, "fd": 0.5}) in seen.said


def test_lines_that_are_no_message_are_passed_over(work):
    script = """
        print("half a mess", flush=True)
        say(type="unheard-of")
        say(type="ready")
        done(job())
        job()
    """
    assert list(work(script, losses=["lsgan"])) == ["lsgan"]


def test_a_thread_can_be_the_parent_too(work):
    found = {}
    thread = threading.Thread(target=lambda: found.update(work(losses=["lsgan"])))
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
