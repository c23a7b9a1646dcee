"""The short summary: what is averaged, what is left out, how it is written."""

import math

import pytest

from ganzoo.compare.record import Record, Speed
from ganzoo.compare.summary import rows, table


def make(label, task, status, value, seed=0):
    return Record(
        key=f"{label}{task}{seed}",
        label=label,
        task=task,
        seed=seed,
        recipe={},
        status=status,
        metrics={"fd": value},
        speed=Speed(seconds=2.0),
    )


RECORDS = [
    make("a", "ring", "finished", 1.0, 0),
    make("b", "ring", "finished", 5.0, 0),
    make("a", "ring", "finished", 3.0, 1),
    make("a", "ring", "diverged", 900.0, 2),
    make("a", "grid", "finished", None, 0),
    make("b", "grid", "failed", None, 0),
]


def test_means_are_over_the_runs_that_finished():
    first, second, third, fourth = rows(RECORDS)
    assert (first.task, first.label) == ("ring", "a")
    assert first.statuses == {"finished": 2, "diverged": 1}
    assert first.metrics["fd"].centre == 2
    # t(0.975, 1) = 12.706
    assert first.metrics["fd"].high == pytest.approx(2 + 12.7062)
    assert first.seconds.centre == 2
    assert second.metrics["fd"].count == 1
    assert math.isnan(third.metrics["fd"].centre)
    assert fourth.metrics == {}


def test_the_table_is_markdown_with_a_part_for_each_task():
    ring, grid = table(rows(RECORDS)).split("\n\n")
    assert ring.splitlines() == [
        "| ring | fd | seconds | runs |",
        "|---|---|---|---|",
        "| a | 2 ± 13 | 2 ± 0 | 2 finished, 1 diverged |",
        "| b | 5 | 2 | 1 finished |",
    ]
    assert grid.splitlines()[2:] == [
        "| a | - | 2 | 1 finished |",
        "| b | - | - | 1 failed |",
    ]


def test_a_table_without_metrics_has_no_empty_column():
    failed = [make("b", "grid", "failed", None)]
    assert table(rows(failed)).splitlines()[0] == "| grid | seconds | runs |"
