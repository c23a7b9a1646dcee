"""What is shown: plain lines in a pipe, bars in a terminal."""

import io

import pytest
from rich.console import Console

from ganzoo.compare.display import Display, Lines, Live, display_for
from ganzoo.records.record import Record, Speed


def make(**changes):
    plain = {"status": "finished", "metrics": {"fd": 1.23456, "kid": 2.0}, "ranked": ("fd",)}
    return Record(
        key="k",
        label="hinge[0]",
        task="ring8",
        seed=3,
        recipe={},
        speed=Speed(seconds=2.04),
        **{**plain, **changes},
    )


@pytest.fixture
def output():
    return io.StringIO()


def test_lines_count_the_runs_from_before(output):
    lines = Lines(Console(file=output, width=40))
    with lines:
        lines.starts(12, 8)
        lines.ends(0, make())
        lines.ends(1, make(status="failed", reason="no option 'd' " + "x" * 60))
    assert output.getvalue().splitlines() == [
        "4 runs; 8 more were made before",
        "[ 9/12] hinge[0] on ring8, seed 3: finished, fd 1.235, 2.0 s",
        f"[10/12] hinge[0] on ring8, seed 3: failed: no option 'd' {'x' * 60}",
    ]


@pytest.mark.parametrize(
    ("total", "done", "line"), [(3, 0, "3 runs"), (3, 3, "all 3 runs have been made before")]
)
def test_the_first_line(output, total, done, line):
    Lines(Console(file=output)).starts(total, done)
    assert output.getvalue().strip() == line


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({"metrics": {"fd": None}}, "finished, 2.0 s"),
        ({"metrics": {}, "ranked": ()}, "finished, 2.0 s"),
        ({"ranked": ()}, "finished, fd 1.235, 2.0 s"),
        ({"status": "diverged", "reason": "loss at step 3"}, "diverged: loss at step 3"),
    ],
)
def test_how_a_run_ended(output, changes, end):
    lines = Lines(Console(file=output, width=200))
    lines.ends(0, make(**changes))
    assert output.getvalue().strip().endswith(end)


def test_bars_of_every_worker_and_lines_of_what_has_ended(output, cells):
    console = Console(file=output, width=120, force_terminal=True, _environ={})
    first, second = cells(losses=["lsgan", "hinge"])
    with Live(console) as live:
        live.starts(5, 3)
        live.begins(0, first)
        live.begins(1, second)
        live.progress(0, 40, 100, {"step": 40.0, "loss/discriminator": 0.5, "loss/generator": None})
        live.bars.refresh()
        assert "40/100" in output.getvalue()
        assert "d 0.5" in output.getvalue()
        live.progress(1, 50, 100, {"seconds": 1.0, "fd": 7.0, "loss/generator": 1.0})
        live.bars.refresh()
        assert "fd 7" in output.getvalue()
        live.ends(0, make())
        live.begins(0, first)
        live.begins(2, second)
        live.leaves(2)
        live.begins(0, second)
        live.bars.refresh()
        assert [task.description for task in live.bars.tasks].count("  hinge on ring8, seed 0") == 2
        assert live.bars.tasks[0].completed == 1
        assert live.bars.tasks[0].total == 2
    assert "hinge[0] on ring8, seed 3: finished, fd 1.235, 2.0 s" in output.getvalue()


def test_bars_are_for_terminals(output):
    assert isinstance(display_for(Console(file=output)), Lines)
    assert isinstance(display_for(Console(file=output, force_terminal=True)), Live)


def test_the_base_shows_nothing(capsys, cells):
    with Display() as display:
        display.starts(2, 0)
        display.begins(0, cells()[0])
        display.progress(0, 1, 2, {})
        display.leaves(0)
        display.begins(0, cells()[0])
        display.ends(0, make())
        display.note("something")
    assert display.done == 1
    assert capsys.readouterr().out == ""
