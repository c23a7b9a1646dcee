from __future__ import annotations

import math
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from scipy import stats

from ganzoo.records import Record, summarise
from ganzoo.records.pooled import improvements, pooled, results
from ganzoo.records.statistics import stratified_bootstrap

change = msgspec.structs.replace


def runs(task, higher=False, **labels):
    return [
        Record(
            key=f"{task}{label}{seed}",
            label=label,
            task=task,
            seed=seed,
            recipe={},
            status="finished",
            metrics={"m": value},
            ranked=("m",),
            directions={"m": "higher" if higher else "lower"},
        )
        for label, values in labels.items()
        for seed, value in enumerate(values)
    ]


def test_results_are_lower_is_better_and_divergence_is_worst():
    records = runs("t", higher=True, a=(1.0, 2.0), b=(3.0, 4.0, 5.0))
    records[2] = change(records[2], status="diverged")
    records[3] = change(records[3], status="failed")
    (table,) = summarise(records).tasks
    assert results(table) == {"b": [math.inf, -5.0], "a": [-1.0, -2.0]}


def test_the_pooled_score_is_the_interquartile_mean_of_standard_scores():
    one, other = {"a": (1.0, 2.0, 4.0), "b": (8.0, 16.0, 4.0)}, {"a": (-1.0, 0.0), "b": (5.0, 9.0)}
    found = {p.label: p.score for p in pooled(summarise(runs("x", **one) + runs("y", **other)))}
    logs = {label: np.log(values) for label, values in one.items()}
    every = np.concatenate(list(logs.values()))
    plain = np.concatenate(list(other.values()))
    for label in "ab":
        scores = [
            *((logs[label] - every.mean()) / every.std()),
            *((np.array(other[label]) - plain.mean()) / plain.std()),
        ]
        assert found[label].centre == pytest.approx(stats.trim_mean(scores, 0.25))
        assert found[label].low <= found[label].centre <= found[label].high
    assert list(found) == ["a", "b"]


def test_a_run_that_diverged_scores_as_the_worst():
    records = runs("t", a=(1.0, 2.0), b=(3.0, 4.0))
    records[1] = change(records[1], status="diverged")
    (a, b) = (next(p for p in pooled(summarise(records)) if p.label == name) for name in "ab")
    assert a.score.high == pytest.approx(b.score.high)


def test_who_has_no_result_on_a_task_is_not_pooled():
    records = runs("x", a=(1.0, 2.0), b=(3.0, 4.0)) + runs("y", a=(1.0, 2.0))
    assert [p.label for p in pooled(summarise(records))] == ["a"]


def test_improvements_are_means_over_tasks_with_ties_half():
    records = runs("x", a=(1.0, 2.0), b=(2.0, 3.0)) + runs("y", a=(9.0,), b=(1.0,))
    found = improvements(summarise(records).tasks)
    assert found["a", "b"] == pytest.approx((0.875 + 0.0) / 2)
    assert found["a", "b"] + found["b", "a"] == pytest.approx(1.0)


def test_runs_that_diverged_tie_with_each_other_and_lose_to_the_rest():
    records = [change(r, status="diverged") for r in runs("x", a=(1.0,), b=(2.0,))]
    records += runs("x", c=(1e9,))
    found = improvements(summarise(records).tasks)
    assert found["a", "b"] == 0.5
    assert found["c", "a"] == 1.0


def test_nothing_decides_nothing():
    table = SimpleNamespace(decider="", rows=())
    assert improvements([table]) == {}
    assert pooled(summarise([])) == ()


def test_with_three_seeds_the_interval_covers_less_than_it_says():
    random, hits, trials = np.random.default_rng(0), 0, 150
    for trial in range(trials):
        groups = [random.normal(size=3) for _ in range(2)]
        found = stratified_bootstrap(groups, repetitions=200, seed=trial)
        hits += found.low <= 0 <= found.high
    assert 0.70 <= hits / trials <= 0.92
