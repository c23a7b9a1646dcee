"""The statistics against scikit-posthocs, statsmodels and scipy, to 1e-10."""

import numpy as np
import pytest
import scikit_posthocs
import scipy.stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from ganzoo.records.estimates import estimate, welch
from ganzoo.records.statistics import (
    friedman,
    holm,
    interquartile_mean,
    nemenyi,
    nemenyi_difference,
    probability_of_improvement,
    wilcoxon,
)


@pytest.fixture(params=[(6, 3), (12, 6), (25, 12)], ids=str)
def blocks(request):
    return np.random.default_rng(sum(request.param)).normal(size=request.param)


def close(expected):
    return pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_nemenyi_is_scikit_posthocs(blocks):
    expected = scikit_posthocs.posthoc_nemenyi_friedman(blocks).to_numpy()
    assert nemenyi(blocks) == close(expected)


def test_nemenyis_difference_is_where_its_p_is_five_percent(blocks):
    n, k = blocks.shape
    apart = nemenyi_difference(k, n) * np.sqrt(2) / np.sqrt(k * (k + 1) / (6 * n))
    assert scipy.stats.studentized_range.sf(apart, k, np.inf) == pytest.approx(0.05, rel=1e-8)


def test_friedman_is_scipys_and_iman_davenport_its_f(blocks):
    n, k = blocks.shape
    expected = scipy.stats.friedmanchisquare(*blocks.T)
    found = friedman(blocks)
    assert (found.statistic, found.p) == close((expected.statistic, expected.pvalue))
    f = (n - 1) * expected.statistic / (n * (k - 1) - expected.statistic)
    assert found.iman_davenport == close(f)
    assert found.iman_davenport_p == close(scipy.stats.f.sf(f, k - 1, (k - 1) * (n - 1)))


@pytest.mark.parametrize("count", [1, 3, 11])
def test_holm_is_statsmodels(count):
    p = np.random.default_rng(count).uniform(0, 0.2, size=count)
    assert holm(p.tolist()) == close(multipletests(p, method="holm")[1])


def test_wilcoxon_with_holm_is_scikit_posthocs(blocks):
    columns = list(blocks.T)
    expected = scikit_posthocs.posthoc_wilcoxon(columns, p_adjust="holm").to_numpy()
    rows, others = np.triu_indices(len(columns), 1)
    raw = [wilcoxon(columns[i] - columns[j]) for i, j in zip(rows, others, strict=True)]
    assert holm(raw) == close(expected[rows, others])


def test_welch_and_the_interval_are_statsmodels(blocks):
    a, b = blocks[:, 0], 2 * blocks[:, 1] + 0.5
    expected = CompareMeans(DescrStatsW(a), DescrStatsW(b)).ttest_ind(usevar="unequal")[1]
    assert welch(estimate(a), estimate(b)) == close(expected)
    found = estimate(a)
    low, high = DescrStatsW(a).tconfint_mean()
    assert (found.mean - found.half, found.mean + found.half) == close((low, high))


def test_the_interquartile_mean_and_improvement_are_scipys(blocks):
    assert interquartile_mean(blocks) == close(scipy.stats.trim_mean(blocks, 0.25, axis=None))
    a, b = blocks[:, 0].round(1), blocks[:, 1].round(1)
    u = scipy.stats.mannwhitneyu(b, a).statistic
    assert probability_of_improvement(a, b) == close(u / (len(a) * len(b)))
