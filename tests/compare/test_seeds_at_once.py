"""The parent, with several seeds of a loss as one job of a worker that is a small script."""

import pytest

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


def test_seeds_at_once_are_a_run_each_to_the_display(work, seen):
    found = work(TOGETHER.format(for_some=""), losses=["lsgan"], seeds=5)
    assert found == [("lsgan", seed) for seed in range(5)]
    for kind in ("begins", "progress", "ends"):
        assert seen.of(kind) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("hindrance", "reason"),
    [
        ("say(type='apart', reason='they cannot'); continue", "they cannot"),
        ("os.kill(os.getpid(), 9)", "the worker was ended by SIGKILL (out of memory?)"),
    ],
)
def test_seeds_that_cannot_be_at_once_are_run_one_by_one(work, hindrance, reason, seen):
    script = TOGETHER.format(for_some=hindrance)
    found = work(script, losses=["lsgan", "hinge"], seeds=5)
    assert sorted(found) == [(label, seed) for label in ("hinge", "lsgan") for seed in range(5)]
    assert seen.of("leaves") == [*range(5), *range(5)]
    chosen, note = seen.of("note")
    assert chosen == "10 of 10 runs are trained at once with other seeds (as was asked for)"
    assert note.split(" on ring8, seeds 0, 1, 2, 3, 4: ")[1] == f"one after the other ({reason})"


LEFT = """
    folder = here / "trial" / "checkpoints" / "some"
    (folder / "checkpoint-00000007").mkdir(parents=True, exist_ok=True)
    (folder / "keys.json").write_text(json.dumps([cell["key"] for cell in cells]))
""".replace("\n", "\n    ")


@pytest.mark.parametrize("times", [1, 2])
def test_seeds_at_once_whose_worker_died_go_on_at_once_from_a_checkpoint_one_time(
    work, times, seen
):
    death = "os.kill(os.getpid(), 9)"
    hindrance = f"{LEFT}\n        if first_time('a') or ({times} == 2 and first_time('b')): {death}"
    script = TOGETHER.format(for_some=hindrance)
    found = work(script, losses=["lsgan"], seeds=5)
    assert found == [("lsgan", seed) for seed in range(5)]
    notes = [note.split(": ")[1] for note in seen.of("note") if ": " in note]
    died = "the worker was ended by SIGKILL (out of memory?)"
    assert notes == [f"{died}; it is run once more", f"one after the other ({died})"][:times]


def test_what_came_of_seeds_at_once_before_a_death_is_kept(work):
    script = TOGETHER.format(for_some="done(cells[0], 0); done(cells[3], 3); os._exit(1)")
    found = work(script, losses=["lsgan"], seeds=5)
    assert found == [("lsgan", seed) for seed in (0, 3, 1, 2, 4)]
