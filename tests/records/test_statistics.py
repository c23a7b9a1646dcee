"""Each statistic against scipy, a published table, or a value worked out by hand."""

import math

import numpy as np
import pytest
import scipy.stats

from ganzoo.records.statistics import (
    friedman,
    holm,
    interquartile_mean,
    nemenyi_difference,
    probability_of_improvement,
    stratified_bootstrap,
)


def test_holm_by_hand():
    # sorted .01 .02 .03 .04 -> 4*.01, max(3*.02, .04), max(2*.03, .06), max(.04, .06)
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_friedman_is_scipys_with_ties():
    blocks = np.random.default_rng(1).integers(0, 4, size=(9, 5)).astype(float)
    found = friedman(blocks)
    expected = scipy.stats.friedmanchisquare(*blocks.T)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-12)
    assert sum(found.ranks) == pytest.approx(5 * 6 / 2)


def test_iman_davenport_of_demsars_example():
    # JMLR 7 (2006), section 3.2.3: chi-square 9.28, F(3, 39) = 3.69 for k = 4 and n = 14
    chi = 9.28
    f = 13 * chi / (14 * 3 - chi)
    assert f == pytest.approx(3.69, abs=0.01)
    blocks = np.random.default_rng(2).normal(size=(14, 4))
    found = friedman(blocks)
    expected = 13 * found.statistic / (14 * 3 - found.statistic)
    assert found.iman_davenport == pytest.approx(expected)
    assert found.iman_davenport_p == pytest.approx(scipy.stats.f.sf(expected, 3, 39))


def test_friedman_of_blocks_that_all_agree():
    found = friedman([[1, 2, 3]] * 4)
    assert found.ranks == (1, 2, 3)
    assert found.iman_davenport == math.inf
    assert found.iman_davenport_p == 0


@pytest.mark.parametrize("blocks", [[[1, 2, 3]], [[1, 2], [2, 1]], [1, 2, 3]])
def test_friedman_refuses_what_it_cannot_rank(blocks):
    with pytest.raises(ValueError, match="at least 2 blocks of 3 methods"):
        friedman(blocks)


@pytest.mark.parametrize(
    ("methods", "blocks", "expected"),
    # q of Demsar's table 5 (alpha .05), times sqrt(k (k + 1) / 6 n)
    [
        (4, 14, 2.569 * math.sqrt(20 / 84)),
        (6, 12, 2.850 * math.sqrt(42 / 72)),
        (2, 10, 1.960 * 0.1**0.5),
    ],
)
def test_nemenyi_difference_is_the_published_table(methods, blocks, expected):
    assert nemenyi_difference(methods, blocks) == pytest.approx(expected, abs=1e-3)


def test_interquartile_mean_by_hand():
    assert interquartile_mean([1, 2, 3, 4, 5, 6, 7, 800]) == pytest.approx((3 + 4 + 5 + 6) / 4)
    assert interquartile_mean([[1, 2], [3, 400]]) == pytest.approx(2.5)
    assert math.isnan(interquartile_mean([]))


def test_probability_of_improvement_by_hand():
    # of the nine pairs (a < b): 1 beats 2, 3, 2 ties 2, 2 beats 3, 5 beats none
    assert probability_of_improvement([1, 2, 5], [1, 2, 3]) == pytest.approx(
        (2 + 0.5 + 1 + 0.5) / 9
    )
    assert probability_of_improvement([1], [2]) == 1
    assert math.isnan(probability_of_improvement([], [1]))


def test_probability_of_improvement_is_mann_whitneys_u():
    random = np.random.default_rng(3)
    a, b = random.normal(size=8).round(1), random.normal(size=6).round(1)
    u = scipy.stats.mannwhitneyu(b, a).statistic
    assert probability_of_improvement(a, b) == pytest.approx(u / 48)


def test_bootstrap_of_one_group_is_scipys():
    values = np.random.default_rng(4).normal(size=30)
    found = stratified_bootstrap([values], lambda x: x.mean(axis=-1), repetitions=20000)
    expected = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=20000, method="percentile", rng=np.random.default_rng(5)
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.01)
    assert found.centre == pytest.approx(values.mean())


def test_bootstrap_keeps_every_task_as_large_as_it_is():
    # Constant groups: a resample that took runs of one task for another's would differ.
    found = stratified_bootstrap([[1.0] * 3, [10.0] * 5], lambda x: x.mean(axis=-1))
    assert found.low == found.high == pytest.approx(53 / 8)
    assert found.count == 8


def test_bootstrap_is_seeded():
    groups = [[1.0, 2.0, 4.0, 8.0, 9.0], [3.0, 5.0, 6.0, 1.0, 0.0]]
    assert stratified_bootstrap(groups, seed=1) == stratified_bootstrap(groups, seed=1)
    assert stratified_bootstrap(groups, seed=1) != stratified_bootstrap(groups, seed=2)
    assert stratified_bootstrap(groups).centre == interquartile_mean(groups)


@pytest.mark.parametrize("groups", [[], [[1.0], []]])
def test_bootstrap_refuses_empty_groups(groups):
    with pytest.raises(ValueError, match="no empty one"):
        stratified_bootstrap(groups)
