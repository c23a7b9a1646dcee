"""The parent, with workers that die, stay silent or will not end, and signals to itself."""

import os
import signal

import pytest

from ganzoo.errors import GanzooError


def test_a_cell_whose_worker_is_killed_once_is_run_again(work, seen):
    script = """
        say(type="ready")
        while True:
            cell = job()
            if cell["label"] == "hinge" and first_time("hinge"):
                os.kill(os.getpid(), signal.SIGKILL)
            done(cell)
    """
    found = work(script)
    assert {record.status for record in found.values()} == {"finished"}
    (note,) = seen.of("note")
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_workers_and_keeps_what_was_made(work, store, seen, number, tmp_path):
    script = """
        say(type="ready")
        done(job())
        job()
        (here / "pid").write_text(str(os.getpid()))
        say(type="progress", step=1, steps=9, meters=dict())
        time.sleep(60)
    """
    before = signal.getsignal(number)
    seen.on_progress = lambda: os.kill(os.getpid(), number)
    with pytest.raises(KeyboardInterrupt):
        work(script)
    assert [record.label for record in store.read().values()] == ["lsgan"]
    assert signal.getsignal(number) is before
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    # The next go makes the rest.
    assert set(work(losses=("hinge", "minimax"))) == {"lsgan", "hinge", "minimax"}


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
