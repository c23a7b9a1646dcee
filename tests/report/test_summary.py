from __future__ import annotations

import msgspec
import pytest

from ganzoo.records import summarise
from ganzoo.report.notes import notes

change = msgspec.structs.replace


def values(make, label, *, name="energy-distance", seeds=(1.0, 2.0, 3.0), **changes):
    return [
        make(label, "ring8", seed, metrics={name: value}, **changes)
        for seed, value in enumerate(seeds)
    ]


def ranks(records):
    return {row.label: row.rank for row in summarise(records).tasks[0].rows}


def test_the_least_distance_is_first(make):
    records = values(make, "a") + values(make, "b", seeds=(0.1, 0.2, 0.1))
    table = summarise(records).tasks[0]
    assert [row.label for row in table.rows] == ["b", "a"]
    assert table.decider == "energy-distance"
    assert table.rows[1].metrics["energy-distance"].mean == 2.0
    assert table.rows[1].metrics["energy-distance"].half == pytest.approx(4.3027 / 3**0.5, 1e-4)
    assert table.floor["modes"] == 8.0


def test_the_highest_is_first_where_higher_is_better(make):
    records = [
        change(record, directions={"x": "higher"}, ranked=("x",))
        for record in values(make, "a", name="x") + values(make, "b", name="x", seeds=(9.0,) * 3)
    ]
    assert ranks(records) == {"b": 1, "a": 2}


def test_equal_means_share_a_rank(make):
    records = values(make, "a") + values(make, "b") + values(make, "c", seeds=(0.0, 0.0, 0.0))
    assert ranks(records) == {"c": 1, "a": 2.5, "b": 2.5}


def test_an_objective_that_diverged_ranks_after_those_that_never_did(make):
    records = values(make, "a") + values(make, "b", seeds=(0.1, 0.1, 0.1))
    records[3] = change(records[3], status="diverged")
    assert ranks(records) == {"a": 1, "b": 2}
    row = summarise(records).tasks[0].rows[1]
    assert row.incomplete
    assert row.metrics["energy-distance"].values == (0.1, 0.1)


def test_a_run_that_failed_counts_neither_way(make):
    records = values(make, "a") + values(make, "b", seeds=(0.1, 99.0, 0.1))
    records[4] = change(records[4], status="failed", reason="killed")
    assert ranks(records) == {"b": 1, "a": 2}


def test_nothing_finished_has_no_rank(make):
    records = values(make, "a") + [change(r, status="diverged") for r in values(make, "b")]
    assert ranks(records) == {"a": 1, "b": None}
    standings = summarise(records).standings
    assert [(s.label, s.rank) for s in standings] == [("a", 1.0), ("b", 2.0)]


def test_a_metric_that_is_none_or_missing_counts_as_not_measured(make):
    records = [*values(make, "a", seeds=(1.0, None, 3.0)), make("b", "ring8", 0, metrics={})]
    assert ranks(records) == {"a": 1, "b": None}
    assert summarise(records).tasks[0].rows[0].metrics["energy-distance"].values == (1.0, 3.0)


def test_quality_never_decides(make):
    ranked = ("quality", "mode-kl")
    records = [
        make(label, "ring8", 0, ranked=ranked, metrics={"quality": q, "mode-kl": kl})
        for label, q, kl in (("collapsed", 1.0, 3.0), ("good", 0.5, 0.1))
    ]
    table = summarise(records).tasks[0]
    assert table.decider == "mode-kl"
    assert "quality" not in table.ranked
    assert ranks(records) == {"good": 1, "collapsed": 2}
    only = [change(record, ranked=("quality",)) for record in records]
    assert ranks(only) == {"collapsed": None, "good": None}


def test_standings_over_tasks(runs):
    from ganzoo.records import load

    comparison = summarise(load(runs))
    assert len(comparison.records) == 24
    assert [table.task for table in comparison.tasks] == ["ring8", "digits"]
    assert comparison.standings[0].label == "wgan-gp"
    assert comparison.standings[0].tasks == 2
    assert set(comparison.portraits) == set(comparison.labels)
    assert comparison.tasks[0].rows[-1].label == "minimax"


def test_the_seed_in_the_middle(make):
    records = values(make, "a", seeds=(3.0, 1.0, 2.0))
    table = summarise(records).tasks[0]
    assert table.median(table.rows[0]).seed == 2
    lost = [change(record, status="failed") for record in records]
    table = summarise(lost).tasks[0]
    assert table.median(table.rows[0]) is None


def test_no_records_are_no_tasks():
    comparison = summarise([])
    assert (comparison.tasks, comparison.standings) == ((), ())


def test_notes_tell_what_is_not_alike(make):
    first, second = values(make, "a"), values(make, "wgan-gp")
    assert notes(summarise(first)) == []
    odd = change(second[0], recipe={"settings": {"steps": 7, "seed": 0}}, machine={"torch": "x"})
    found = " ".join(notes(summarise([*first, odd, second[1], second[1]])))
    assert "pools runs of different recipes" in found
    assert "settings.steps" in found
    assert "a seed more than once" in found
    assert "2 different machines" in found
    assert "1 for a; 2 for wgan-gp" in found
    assert "versions" not in found
