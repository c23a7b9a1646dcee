from __future__ import annotations

import re

import msgspec
import pytest

from ganzoo.records import load, summarise
from ganzoo.report.prose import answer, verdict
from ganzoo.report.sentences import Name, plain_text

change = msgspec.structs.replace


def build(make, task="ring8", **labels):
    return [
        make(label.replace("_", "-"), task, seed, metrics={"energy-distance": value})
        for label, seeds in labels.items()
        for seed, value in enumerate(seeds)
    ]


def said(records):
    return plain_text(verdict(summarise(records).tasks[0]))


def answered(records):
    return " ".join(map(plain_text, answer(summarise(records))))


def test_a_clear_lead_is_shown_and_a_narrow_one_is_open(make):
    records = build(make, a=(0.010, 0.011, 0.012), b=(0.011, 0.013, 0.012), c=(0.9, 1.0, 1.1))
    text = said(records)
    assert "a has the lowest energy distance, 0.0110" in text
    assert "of the runner-up, b" in text
    assert "show it ahead of c." in text
    assert "Still open: its lead over b (about " in text
    assert "With three seeds and spreads like these" in text
    assert re.search(r"\(four times in five\) from a factor of about \d", text)


def test_one_seed_shows_nothing(make):
    text = said(build(make, a=(0.1,), b=(0.9,)))
    assert "what happened once: no difference is shown" in text
    assert "ahead" not in text


def test_many_seeds_show_more(make):
    text = said(build(make, a=(1, 1.1, 0.9, 1, 1.05, 0.95), b=(5, 5.1, 4.9, 5, 5.05, 4.95)))
    assert "show it ahead of b." in text
    assert "from a factor of about 1.1; smaller ones stay open" in text


def test_seeds_without_a_spread_cannot_be_tested(make):
    text = said(build(make, a=(1.0, 1.0), b=(2.0, 2.0), c=(3.0, 3.0)))
    assert "do not show it ahead" in text
    assert "no spread, to test it), c (likewise)" in text


def test_one_objective_alone(make):
    text = said(build(make, a=(0.1, 0.2)))
    assert text.startswith("a has an energy distance of 0.15")
    assert "nothing to rank it against" in text


def test_divergence_is_told_and_costs_the_first_place(make):
    records = build(make, a=(0.5, 0.6, 0.5), b=(0.1, 0.1, 0.1))
    records[3] = change(records[3], status="diverged")
    text = said(records)
    assert text.startswith("a ranks first")
    assert "b diverged in 1 of its 3 runs and ranks after those that never did" in text


@pytest.mark.parametrize("status", ["diverged", "failed"])
def test_nothing_finished(make, status):
    records = [change(record, status=status) for record in build(make, a=(0.1,), b=(0.2,))]
    assert "No run finished on ring8" in said(records)
    assert answered(records) == "None of the 2 runs finished, so there is nothing to compare."


def test_nothing_that_may_decide(make):
    records = [change(record, ranked=()) for record in build(make, a=(0.1,), b=(0.2,))]
    assert "No finished run on ring8 has a metric that may decide" in said(records)
    assert "do not rank" in answered(records)


def test_one_winner_of_all_tasks(runs):
    comparison = summarise(load(runs))
    first, second = answer(comparison)
    assert plain_text(first).startswith(
        "wgan-gp has the best mean on both tasks: on ring8 with an "
    )
    assert "times as much" in plain_text(first)
    assert "its lead over" in plain_text(second)
    assert Name("wgan-gp") in [piece for piece in first if isinstance(piece, Name)]


def test_no_winner_of_all_tasks(make):
    records = build(make, "ring8", a=(0.1, 0.2), b=(0.3, 0.4))
    records += build(make, "grid25", a=(0.5, 0.6), b=(0.3, 0.4))
    records = [change(record, ranked=("energy-distance",)) for record in records]
    text = answered(records)
    assert text.startswith("No objective leads everywhere: on ring8 a with an energy distance")
    assert "By mean rank over the tasks, a and b tie for the best place (1.5)." in text


def test_no_ratio_of_what_may_be_negative_or_should_be_high(make):
    negative = build(make, a=(-0.1, -0.2), b=(0.3, 0.4))
    assert "times as much" not in said(negative)
    high = [change(r, directions={"energy-distance": "higher"}) for r in negative]
    assert said(high).startswith("b has the highest energy distance")
    assert "times as much" not in said(high)


def test_near_the_floor_no_ratio_is_made(make):
    floor = {"energy-distance": 0.01}
    near = [change(r, floor=floor) for r in build(make, a=(0.011, 0.012, 0.013), b=(0.9, 1.0, 1.1))]
    text = said(near)
    assert "times as much" not in text
    assert "of the runner-up, b; a perfect sampler gets 0.0100." in text
    assert "times as much" in said([change(r, floor={}) for r in near])
