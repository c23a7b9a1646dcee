from __future__ import annotations

import re
from xml.etree import ElementTree

import msgspec
import pytest

from ganzoo.records import load, ranking, summarise
from ganzoo.report import diagnosis
from ganzoo.report.certainty import certainty
from ganzoo.report.duels import duel
from ganzoo.report.evidence import evidence
from ganzoo.report.pareto import front, trade
from ganzoo.report.power import reach, seeds_sentence
from ganzoo.report.ranks import alike, diagram
from ganzoo.report.tracks import track

change = msgspec.structs.replace


@pytest.fixture(scope="module")
def comparison(runs):
    return summarise(load(runs))


def test_brackets_are_the_longest_stretches_not_told_apart():
    assert alike([1.0, 2.0, 3.0, 4.0], 1.5) == [(0, 1), (1, 2), (2, 3)]
    assert alike([1.0, 1.2, 1.4, 4.0], 1.5) == [(0, 2)]
    assert alike([1.0, 3.0], 2.0) == [], "a difference as large as the critical one is shown"


def test_the_diagram_has_a_row_for_each_objective(comparison):
    drawn = diagram(comparison, ranking(comparison.records))
    assert list(drawn.ranks.values()) == sorted(drawn.ranks.values())
    assert set(drawn.tracks) == set(comparison.labels)
    places = [
        float(re.search(r'cx="([\d.]+)%"', str(drawn.tracks[name]))[1]) for name in drawn.ranks
    ]
    assert places == sorted(places)
    for svg in (*drawn.tracks.values(), *drawn.brackets.values(), drawn.scale):
        assert ElementTree.fromstring(str(svg)).tag == "svg"
    assert "critical difference" in str(drawn.scale)


def test_certainty_says_it_all(comparison):
    sure = certainty(comparison)
    assert set(sure.order) == set(comparison.labels)
    assert sure.diagram.blocks == 5, "the block in which a run failed is left out"
    assert "says 95 % covers the truth in 50 to 80 % of cases" in sure.caution
    pairs = sure.pairs["ring8"]
    assert len(pairs) == 6
    assert {pair.verdict for pair in pairs if pair.shown} == {"shown"}
    assert all(pair.verdict.startswith(("open", "cannot")) for pair in pairs if not pair.shown)
    assert [one.label for one in sure.versus] == ["minimax", "wgan-gp", "hinge + spectral-norm"]
    assert {one.opponent for one in sure.versus} == {"nonsaturating"}
    cells = {pair: int(cell.text) for pair, cell in sure.matrix.items()}
    assert cells["wgan-gp", "minimax"] + cells["minimax", "wgan-gp"] == 100


def test_too_little_for_ranks_is_said(make):
    sure = certainty(summarise([make(label, "ring8", 0) for label in ("a", "b")]))
    assert sure.diagram is None
    assert "at least 3 objectives" in sure.why
    assert "means nothing" in sure.caution
    assert certainty(summarise([make("a", "ring8", 0)])) is None


def test_five_seeds_need_no_caution(make):
    records = [make(label, "ring8", seed) for label in "abc" for seed in range(5)]
    assert certainty(summarise(records)).caution == ""


def test_the_front_is_what_nothing_beats():
    assert front([(1, 5), (2, 3), (3, 4), (4, 1), (4, 2)]) == [0, 1, 3]
    assert front([(1, 1), (1, 1)]) == [0, 1]
    assert front([]) == []


def test_cost_against_quality(comparison, make):
    found = trade(comparison, comparison.tasks[0])
    tree = ElementTree.fromstring(str(found.chart))
    kinds = [element.get("class", "").split()[:2] for element in tree.iter("circle")]
    assert kinds.count(["dot", "solid"]) == len(found.front)
    assert kinds.count(["dot", "solid"]) + kinds.count(["dot", "hollow"]) == 4
    assert kinds.count(["dot", "seed"]) == 11
    assert "wgan-gp" in found.front
    assert "minimax" not in found.front, "it diverged"
    assert (
        trade(summarise([make("a", "ring8", 0)]), summarise([make("a", "ring8", 0)]).tasks[0])
        is None
    )


def test_words_are_counted_and_explained(comparison, make):
    row = next(r for r in comparison.tasks[0].rows if r.label == "nonsaturating")
    assert diagnosis.text(row) == "collapsed, oscillating"
    row = next(r for r in comparison.tasks[0].rows if r.label == "minimax")
    assert diagnosis.text(row) == "diverged 1/3"
    assert list(diagnosis.legend(comparison)) == ["diverged", "collapsed", "oscillating"]
    odd = make("a", "ring8", 0, diagnosis=("odd\n",), missing=tuple(range(20)))
    assert diagnosis.text(summarise([odd]).tasks[0].rows[0]) == "odd"
    assert diagnosis.missing(odd).endswith("10, 11 and 8 more")


def test_every_run_has_its_place(comparison):
    groups, common = evidence(comparison)
    anchors = [anchor for group in groups for anchor, _, _ in group.runs]
    assert len(set(anchors)) == len(anchors) == 24
    assert groups[0].made == {}
    assert common == {
        "software": "ganzoo 0.1.0",
        "machine": "platform Linux, torch 2.14.1, device cpu, threads 1",
        "commit": "0123abcd+changes",
    }
    told = msgspec.json.decode(groups[0].json)
    assert [one["seed"] for one in told] == [0, 1, 2]
    assert told[0]["recipe"]["settings"]["steps"] == 1500
    assert "curve" not in told[0]


def test_what_d_says_is_drawn_as_probability_or_score(comparison, make):
    table = comparison.tasks[0]
    rows = {row.label: row for row in table.rows}
    assert duel(comparison, table, rows["nonsaturating"]).probability
    assert duel(comparison, table, rows["wgan-gp"]) is None
    record = make("wgan-gp", "ring8", 0)
    scored = change(record, curve={**record.curve, "score/real": record.curve["loss/generator"]})
    found = summarise([scored])
    drawn = duel(found, found.tasks[0], found.tasks[0].rows[0])
    assert not drawn.probability
    assert "mean score" in str(drawn.chart)


def test_from_five_seeds_on_bands_are_intervals(make):
    records = [make("a", "ring8", seed) for seed in range(5)]
    few, many = track(records[:4], "loss/generator"), track(records, "loss/generator")
    values = [r.curve["loss/generator"][0] for r in records]
    assert (few.low[0], few.high[0]) == (min(values[:4]), max(values[:4]))
    half = many.high[0] - many.mean[0]
    assert half == pytest.approx(many.mean[0] - many.low[0])
    assert half != pytest.approx(max(values) - many.mean[0])


def test_what_the_seeds_can_show(make):
    def table(*rows):
        records = [
            make(label, "ring8", seed, metrics={"energy-distance": value})
            for label, values in rows
            for seed, value in enumerate(values)
        ]
        return summarise(records).tasks[0]

    assert reach(table(("a", (1, 1.1, 1.2)), ("b", (2, 2.1, 2.2)))) == "a factor of about 1.3"
    assert reach(table(("a", (1e-9, 1.0)), ("b", (2.0, 2.1)))) == "a factor above a thousand"
    assert reach(table(("a", (-1, 1)), ("b", (2, 3)))).startswith("about ")
    assert reach(table(("a", (1, 1)), ("b", (2, 2)))) == ""
    assert "only large differences" in seeds_sentence([table(("a", (1, 1)), ("b", (2, 2)))])
    two = [table(("a", (1, 1.1, 1.2)), ("b", (2, 2.1, 2.2)))] * 2
    assert "from a factor of about 1.3 on ring8 and 1.3 on ring8; smaller" in seeds_sentence(two)
    assert "happened once" in seeds_sentence([table(("a", (1,)), ("b", (2,)))])
