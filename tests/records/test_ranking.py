"""The short summary: what is averaged, what is left out, how it is written."""

import math

import pytest

from ganzoo.errors import Incompatible
from ganzoo.records import Record, Speed, ranking, summarise


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
    ring, grid = summarise(RECORDS).tasks
    rows = {row.label: row for row in ring.rows}
    assert len(rows["a"].runs("finished")) == 2
    assert len(rows["a"].runs("diverged")) == 1
    assert rows["a"].metrics["fd"].mean == 2
    # t(0.975, 1) = 12.706, times the standard error, 1
    assert rows["a"].metrics["fd"].half == pytest.approx(12.7062)
    assert rows["a"].costs["seconds"].mean == 2
    assert len(rows["b"].metrics["fd"].values) == 1
    assert all(math.isnan(row.metrics["fd"].mean) for row in grid.rows)


def ranked(label, task, seed, value, status="finished", direction="lower"):
    return Record(
        key=f"{label}{task}{seed}",
        label=label,
        task=task,
        seed=seed,
        recipe={},
        status=status,
        metrics={"other": 0.0, "fd": value},
        ranked=("fd",),
        directions={"fd": direction},
    )


def test_ranks_are_within_a_task_and_seed_whatever_the_direction():
    blocks = [
        ("ring", 0, "lower", {"a": 1, "b": 2, "c": 3}),
        ("ring", 1, "lower", {"a": 9, "b": 8, "c": 7}),
        ("grid", 0, "higher", {"a": 30, "b": 10, "c": 20}),
    ]
    found = ranking(
        [
            ranked(label, task, seed, value, direction=direction)
            for task, seed, direction, values in blocks
            for label, value in values.items()
        ]
    )
    assert found.blocks == 3
    # a: 1, 3, 1; b: 2, 2, 3; c: 3, 1, 2
    assert found.ranks == pytest.approx({"a": 5 / 3, "c": 2, "b": 7 / 3})
    assert list(found.ranks) == ["a", "c", "b"]
    # q(0.05, 3) = 2.343 of Demsar's table 5
    assert found.critical_difference == pytest.approx(2.343 * (12 / 18) ** 0.5, abs=1e-3)


def test_a_run_that_diverged_is_last_and_a_block_with_a_failure_is_left_out():
    found = ranking(
        [
            *(ranked(label, "ring", seed, 1.0) for label in "bc" for seed in (0, 1, 2)),
            ranked("a", "ring", 0, None, "diverged"),
            ranked("a", "ring", 1, 0.5, "diverged"),
            ranked("a", "ring", 2, 0.5, "failed"),
        ]
    )
    assert (found.blocks, found.ranks) == (2, {"b": 1.5, "c": 1.5, "a": 3.0})


def test_too_little_for_a_ranking():
    with pytest.raises(Incompatible, match="there are 2 and 1"):
        ranking([ranked("a", "ring", 0, 1.0), ranked("b", "ring", 0, 2.0)])
