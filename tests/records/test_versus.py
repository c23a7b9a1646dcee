"""Every objective against one: what blocks can show, and what they can't."""

import math

import pytest
import scipy.stats

from ganzoo.errors import UnknownName
from ganzoo.records.record import Record
from ganzoo.records.statistics import wilcoxon
from ganzoo.records.versus import LEAST_BLOCKS, against


def run(label, seed, value, *, task="ring8", status="finished"):
    return Record(
        key=f"{label}{task}{seed}", label=label, task=task, seed=seed, recipe={}, status=status,
        metrics={"fd": value}, ranked=("fd",), directions={"fd": "lower"},
    )  # fmt: skip


def runs(**values):
    return [run(label, seed, v) for label, vs in values.items() for seed, v in enumerate(vs)]


def test_six_blocks_are_the_fewest_that_can_show_anything():
    five, six = ([float(i) for i in range(1, n + 1)] for n in (LEAST_BLOCKS - 1, LEAST_BLOCKS))
    assert wilcoxon(five) > 0.05 > wilcoxon(six)


def test_a_difference_in_every_block_is_shown():
    base = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    records = runs(base=base, good=[v / (2 + i / 9) for i, v in enumerate(base)], same=base)
    good, same = against(records, "base")
    assert (good.wins, good.losses, good.shown) == (8, 0, True)
    # The other cannot be tested, and takes no part in the correction.
    assert good.p == pytest.approx(2 / 2**8)
    assert good.text() == "good ended better than base in 8 of 8 blocks: it is better (p = 0.0078)."
    assert (same.wins, same.losses, math.isnan(same.p)) == (0, 0, True)
    assert same.text() == "same and base have no block in which they differ."
    (worse,) = [v for v in against(records, "good") if v.label == "base"]
    assert worse.text().endswith("in 0 of 8 blocks: it is worse (p = 0.016).")


def test_few_blocks_say_that_they_are_too_few():
    (found,) = against(runs(base=[1.0, 2.0], other=[0.5, 0.1]), "base")
    assert not found.shown
    assert found.text().endswith(
        "in 2 of 2 blocks; of fewer than 6 no such count can show a difference."
    )


def test_logarithms_make_tasks_alike_and_divergence_is_worst():
    small = [run(label, s, v) for label, f in (("a", 1.0), ("b", 2.0)) for s, v in enumerate(
        [f * 0.001, f * 0.002, f * 0.003])]  # fmt: skip
    large = [run(label, s, v, task="digits") for label, f in (("a", 1.0), ("b", 3.0))
             for s, v in enumerate([f * 10, f * 20])]  # fmt: skip
    lost = [run("a", 7, None, status="diverged"), run("b", 7, 1.0)]
    failed = [run("a", 8, None, status="failed"), run("b", 8, 1.0)]
    (found,) = against([*small, *large, *lost, *failed], "a")
    assert (found.wins, found.losses) == (1, 5)
    logs = [math.log(2)] * 3 + [math.log(3)] * 2
    expected = scipy.stats.wilcoxon([*logs, -(1 + math.log(3))]).pvalue
    assert found.p == pytest.approx(expected, rel=1e-6)


def test_without_a_name_it_is_nonsaturating_or_else_the_first():
    records = runs(base=[1.0, 2.0], nonsaturating=[2.0, 3.0], last=[0.1, 0.2])
    assert {found.opponent for found in against(records)} == {"nonsaturating"}
    others = [record for record in records if record.label != "nonsaturating"]
    assert [(found.label, found.opponent) for found in against(others)] == [("last", "base")]
    assert [found.opponent for found in against(others, "last")] == ["last"]
    assert against(runs(base=[1.0])) == against([]) == ()


def test_an_opponent_that_there_is_not():
    with pytest.raises(UnknownName, match="no objective is called 'bas'. Did you mean 'base'"):
        against(runs(base=[1.0], other=[2.0]), "bas")
