"""What a Gaussian of the pixels scores, where a reader compares."""

from __future__ import annotations

import csv
import io
import json

import pytest
from rich.console import Console

from ganzoo.records import summarise
from ganzoo.report import csv_text, json_text, markdown, print_terminal
from ganzoo.report.gaussian import doubt, doubts, unbeaten
from ganzoo.report.page import html
from ganzoo.report.sentences import plain_text

GAUSSIAN = {"class-modes": 956.0, "fd": 78.0, "odd": 1.0}
NAME = "a Gaussian of the pixels"


@pytest.fixture
def records(make):
    """Fewer modes than the Gaussian by one of the two, a worse distance by none."""

    def run(label, modes, distance, seed):
        values = {"class-modes": modes, "fd": distance, "odd": 5.0}
        return make(
            label, "stacked", seed, metrics=values, baseline=GAUSSIAN, curve={}, portrait=None,
            floor={"class-modes": 1000.0}, directions={"class-modes": "higher"},
            ranked=("class-modes", "fd"), best={}, best_step=0,
        )  # fmt: skip

    return [run(n, m, 50.0 + s, s) for n, m in (("a", 917.0), ("b", 960.0)) for s in range(2)]


def test_who_does_not_beat_it_is_said(records):
    table = summarise(records).tasks[0]
    assert {name: [r.label for r in rows] for name, rows in unbeaten(table).items()} == {
        "class-modes": ["a"]
    }, "by what never ranks, nothing is said"
    said = plain_text(doubt(table))
    assert said.startswith(
        "By class modes, a does not beat a Gaussian that has the pixels\u2019 mean"
    )
    assert "(956)" in said
    assert doubts(summarise(records)) == [], "the leader does"


def test_a_leader_that_does_not_beat_it_is_said_at_the_top(records, tmp_path):
    behind = [r for r in records if r.label == "a"]
    said = plain_text(doubts(summarise(behind)))
    assert said.startswith("On stacked not even the leader beats a Gaussian")
    assert said in json.loads(json_text(behind))["answer"][-1]
    assert said.replace("stacked", "**stacked**") in markdown(behind)
    assert "not even the leader" in html(behind, tmp_path)
    assert "not even the leader" not in html(records, tmp_path)


def test_equal_is_no_better_and_all_are_named_as_none(make):
    def run(label, value):
        return make(label, "x", 0, metrics={"fd": value}, ranked=("fd",), baseline=GAUSSIAN)

    table = summarise([run("c", 78.0), run("d", 99.0), run("e", None)]).tasks[0]
    assert plain_text(doubt(table)).startswith("By fd, no objective beats a Gaussian")


def test_without_one_there_is_nothing_to_say(make, tmp_path):
    records = [make("a", "ring8", 0), make("b", "ring8", 0)]
    table = summarise(records).tasks[0]
    assert (table.gaussian, doubt(table)) == ({}, [])
    assert NAME not in markdown(records)
    assert NAME not in html(records, tmp_path)


def test_it_stands_under_the_table_in_every_form(records, tmp_path):
    out = io.StringIO()
    print_terminal(records, Console(file=out, width=100, color_system=None))
    (line,) = (line for line in out.getvalue().splitlines() if NAME in line)
    assert line.split()[5:] == ["956", "78.0", "1"]
    (line,) = (line for line in markdown(records).splitlines() if line.startswith(f"|  | {NAME}"))
    assert "| 956 | 78.0 | 1 |" in line
    page = html(records, tmp_path)
    assert f'<th scope="row" class="label">{NAME}</th>' in page
    assert page.count("“A Gaussian of the pixels”") == 1
    assert json.loads(json_text(records))["tasks"][0]["gaussian"] == GAUSSIAN
    lines = list(csv.DictReader(io.StringIO(csv_text(records))))
    assert {line["gaussian"] for line in lines if line["name"] == "class-modes"} == {"956.0"}
