"""The search for settings, as a reader sees it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from ganzoo.records import summarise
from ganzoo.report import markdown, print_terminal
from ganzoo.report.page import html
from ganzoo.report.searching import tried

DRAWS = ({}, {"generator_lr": 0.00012, "betas": [0.5, 0.999]}, {"generator_lr": 0.01})
AS_WORDS = ("as they are", "generator_lr=0.00012, betas=(0.5, 0.999)", "generator_lr=0.01")


def tuned(chosen, *values, draws=DRAWS):
    kinds = {None: "diverged"}
    tries = [
        {"settings": settings, "validation": value, "status": kinds.get(value, "finished")}
        for settings, value in zip(draws, values, strict=True)
    ]
    return {
        "draws": len(values), "draw": chosen, "metric": "energy-distance", "tried": tries,
        "settings": draws[chosen], "validation": values[chosen], "failures": values.count(None),
    }  # fmt: skip


@pytest.fixture
def records(make):
    ways = {"a": tuned(1, 0.5, 0.25, None), "b": tuned(0, 0.125, 4.0, 1234.5)}
    return [make(n, "ring8", s, tuned=t, portrait=None) for n, t in ways.items() for s in range(2)]


def test_a_line_for_each_draw_and_a_cell_for_each_objective(records):
    (found,) = tried(summarise(records))
    assert (found.task, found.metric) == ("ring8", "energy distance ↓")
    assert tuple(name for name, _ in found.lines) == AS_WORDS
    column = found.labels.index("a")
    assert [cells[column].marked for _, cells in found.lines] == ["0.5", "0.25 ✓", "diverged"]
    assert [cells[1 - column].marked for _, cells in found.lines] == ["0.125 ✓", "4", "1.23e+03"]
    assert found.sentence == (
        "Each objective had 3 draws, the same for all. Without a value ended 1 of a."
    )


def test_unequal_searches_are_called_so(make):
    def said(first, second):
        records = [make("a", "ring8", 0, tuned=first), make("b", "ring8", 0, tuned=second)]
        (found,) = tried(summarise(records))
        return found

    other = ({}, {"generator_lr": 0.5})
    found = said(tuned(0, 1.0, 2.0, 3.0), tuned(0, 1.0, 2.0, draws=other))
    assert "different numbers of draws: " in found.sentence
    assert len(found.lines) == 4
    place = found.labels.index("b")
    assert [cells[place].text for _, cells in found.lines] == ["1", "–", "–", "2"]
    found = said(tuned(0, 1.0, 2.0, draws=DRAWS[:2]), tuned(0, 1.0, 2.0, draws=other))
    assert "2 draws, not the same for all" in found.sentence


def test_records_that_kept_the_chosen_draw_alone(make):
    kept = {"draws": 12, "draw": 7, "settings": {"generator_lr": 0.01}, "validation": 0.5}
    (found,) = tried(summarise([make("a", "ring8", 0, tuned={**kept, "metric": "fd"})]))
    assert found.lines == (("generator_lr=0.01", (("0.5", True),)),)
    assert "kept the chosen draw alone" in found.sentence
    assert tried(summarise([make("a", "ring8", 0)])) == []


def test_every_form_has_it(records, tmp_path):
    out = io.StringIO()
    print_terminal(records, Console(file=out, width=100, color_system=None))
    assert "Search on ring8: energy distance ↓, on samples set apart" in out.getvalue()
    assert "0.25 ✓" in out.getvalue()
    text = markdown(records)
    assert "## The search on ring8" in text
    assert "| as they are | " in text
    page = html(records, tmp_path)
    assert '<td class="best">0.25 ✓</td>' in page
    assert "The search for settings" in page
    assert "&#34;tried&#34;" not in page, "it stands there once, and in no record"
    assert "The search for settings" not in html([], tmp_path)


def test_what_records_say_stays_text(make, tmp_path):
    odd = tuned(0, 1.0, draws=({"<b>x": "<i>y\x1b"},))
    records = [make("a|<u>", "ring8", 0, tuned=odd)]
    assert "<b>x" not in html(records, tmp_path)
    assert "\\<b\\>x=\\<i\\>y |" in markdown(records)
    out = io.StringIO()
    print_terminal(records, Console(file=out, width=30, color_system=None))
    assert "\x1b" not in out.getvalue()
    assert max(map(len, out.getvalue().splitlines())) <= 30
