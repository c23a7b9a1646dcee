"""A page of more objectives than can be told apart: the best are set off, sentences stay short."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from ganzoo.records import load, summarise
from ganzoo.report import write_html
from ganzoo.report.crowd import foremost
from ganzoo.report.curves import figures
from ganzoo.report.notes import notes
from ganzoo.report.pareto import trade
from ganzoo.report.prose import verdict
from ganzoo.report.sentences import Name, grouped, listed, plain_text

# The better the earlier; the one that all are tested against is the last but one.
CROWD = (*(f"loss-{i:02d}" for i in range(21)), "nonsaturating", "minimax")
AHEAD = (*CROWD[:8], "nonsaturating")


@pytest.fixture(scope="module")
def crowd(make):
    return [
        make(
            label,
            "ring8",
            seed,
            metrics={"energy-distance": 1.5**i * (1 + 0.01 * seed)},
            ranked=("energy-distance",),
            diagnosis=(),
        )
        for i, label in enumerate(CROWD)
        for seed in range(3)
    ]


@pytest.fixture(scope="module")
def html(crowd, put, tmp_path_factory):
    folder = put(tmp_path_factory.mktemp("crowd"), crowd)
    return write_html(load(folder), folder, folder / "report.html")


def series(markup, what):
    """Which objectives' lines of some class a chart draws."""
    found = re.findall(r'<path class="line s\d d\d o(\d+) ([^"]*)"', str(markup))
    return {CROWD[int(number)] for number, kinds in found if what(kinds.split())}


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "a"),
        (3, "a, b and c"),
        (7, "a, b, c, d, e, f and g"),
        (8, "a, b, c, d, e, f and 2 others"),
    ],
)
def test_a_sentence_names_a_few_and_counts_the_rest(count, said):
    prose = listed("abcdefghijklm"[:count])
    assert plain_text(prose) == said
    assert sum(isinstance(piece, Name) for piece in prose) == min(count, 6 + (count == 7))


def test_the_largest_group_is_the_others():
    few, many = ["a", "b"], [str(i) for i in range(7)]
    assert grouped({"1": few, "5": ["c"]}) == "1 for a, b; 5 for c"
    assert grouped({"1": many, "5": few}) == "5 for a, b; 1 for the other 7"
    assert grouped({"1": many}) == "1 for 0, 1, 2, 3, 4, 5, 6"


def test_the_answer_counts_those_that_are_behind(crowd, make):
    (table,) = summarise(crowd).tasks
    assert "show it ahead of all 22 others." in plain_text(verdict(table))
    close = [
        make(label, "ring8", seed, metrics={"energy-distance": 1 + i / 1000 + (seed + i) % 3 / 10})
        for i, label in enumerate(CROWD)
        for seed in range(3)
    ]
    text = plain_text(verdict(summarise(close).tasks[0]))
    assert re.search(r"Still open: its lead over (1\d|20|21|22) others", text)
    assert len(text) < 600


def test_notes_spell_out_the_few_that_differ(crowd):
    changed = [
        replace(record, networks="wide" if record.label == "minimax" else "mlp") for record in crowd
    ]
    assert any(
        "ring8: wide for minimax; mlp for the other 22." in n for n in notes(summarise(changed))
    )


def test_the_best_and_the_opponent_are_in_colour(crowd, runs):
    summary = summarise(crowd)
    (table,) = summary.tasks
    assert foremost(summary, table) == AHEAD
    for figure in figures(summary, table):
        drawn = series(figure.steps, lambda kinds: True)
        assert series(figure.steps, lambda kinds: "behind" not in kinds) == set(AHEAD) & drawn
        assert len(drawn) > len(AHEAD)
        # those behind have no band, and are not read out
        assert str(figure.steps).count("data-name") <= 2 * len(AHEAD)
    few = summarise(load(runs))
    assert foremost(few, few.tasks[0]) == tuple(row.label for row in few.tasks[0].rows)
    assert not any("behind" in str(figure.steps) for figure in figures(few, few.tasks[0]))


def test_the_chart_of_costs_names_its_front_alone(crowd, runs):
    summary = summarise(crowd)
    found = trade(summary, summary.tasks[0])
    assert str(found.chart).count('class="beside') == len(found.front) < len(CROWD)
    few = summarise(load(runs))
    assert str(trade(few, few.tasks[0]).chart).count('class="beside') == len(few.tasks[0].rows)


def test_the_page_has_a_picture_of_all_pairs_and_a_table_of_tests(html):
    page = html.read_text()
    assert '<table class="matrix dense">' in page
    assert f'title="{CROWD[0]} against {CROWD[1]}: 100 %"' in page
    assert '<ul class="versus">' not in page
    table = page[page.index("<h3>Against nonsaturating</h3>") :]
    rows = re.findall(r"<tr><th.*?</tr>", table[: table.index("</table>")])[1:]
    assert len(rows) == len(CROWD) - 1
    assert all("too few blocks" in row for row in rows)
    assert "The eight best, and the one that all are tested against, are in colour" in page


@pytest.mark.browser
def test_a_chip_hides_its_own_objective_alone(html, chromium):
    tab = chromium.new_page()
    tab.goto(html.as_uri())
    counts = [tab.locator(f"#curves .line.o{i}:not(.gone)").count() for i in (0, 21)]
    # the 22nd has the colour and the dashes of the first
    assert min(counts) > 0
    tab.locator(".chips button").nth(21).click()
    after = [tab.locator(f"#curves .line.o{i}:not(.gone)").count() for i in (0, 21)]
    tab.close()
    assert after == [counts[0], 0]
