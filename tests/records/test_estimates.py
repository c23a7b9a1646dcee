from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ganzoo.records.estimates import (
    Estimate,
    contrasts,
    detectable,
    estimate,
    logarithms,
    seeds_needed,
    welch,
)
from ganzoo.records.statistics import holm

numbers = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(numbers, min_size=2, max_size=9))
def test_the_interval_is_students(values):
    found = estimate(values)
    assert found.mean == pytest.approx(np.mean(values), abs=1e-6)
    deviation = np.std(values, ddof=1)
    half = stats.t.ppf(0.975, len(values) - 1) * deviation / math.sqrt(len(values))
    assert found.half == pytest.approx(half, abs=1e-6)


def test_what_is_no_number_is_left_out():
    assert estimate([1.0, None, math.nan, math.inf, 3.0]).values == (1.0, 3.0)
    assert not estimate([None]).known
    assert math.isnan(estimate([]).mean)
    one = estimate([2.0])
    assert (one.mean, math.isnan(one.half)) == (2.0, True)


def test_a_constant_has_no_spread():
    found = estimate([0.1] * 7)
    assert (found.mean, found.half, found.deviation) == (0.1, 0.0, 0.0)


@given(st.lists(numbers, min_size=2, max_size=6), st.lists(numbers, min_size=2, max_size=6))
def test_welch_is_scipys(first, second):
    if min(np.ptp(first), np.ptp(second)) < 1e-3:
        return
    p = welch(estimate(first), estimate(second))
    assert p == pytest.approx(stats.ttest_ind(first, second, equal_var=False).pvalue, abs=1e-9)


@pytest.mark.parametrize(("first", "second"), [([1], [2, 3]), ([], [1, 2]), ([1, 1], [2, 2])])
def test_welch_knows_what_it_cannot_test(first, second):
    assert math.isnan(welch(estimate(first), estimate(second)))


def test_holm_steps_down_and_passes_over_tests_not_made():
    assert holm([0.01, 0.04, 0.03, math.nan])[:3] == pytest.approx([0.03, 0.06, 0.06])
    assert math.isnan(holm([0.01, math.nan])[1])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_seeds_needed_have_the_power_they_promise():
    first, second = Estimate((0, 1), 0.0, 1.0, 1.0), Estimate((0, 1), 1.3, 1.0, 1.4)
    needed = seeds_needed(first, second, tests=3)
    assert needed is not None
    draws = np.random.default_rng(0)
    shown = []
    for _ in range(1500):
        a, b = draws.normal(0, 1, needed), draws.normal(1.3, 1.4, needed)
        shown.append(welch(estimate(a), estimate(b)) < 0.05 / 3)
    assert 0.76 < np.mean(shown) < 0.86


def test_seeds_needed_where_nothing_can_be_said():
    same = Estimate((1, 2), 1.0, 1.0, 1.0)
    assert seeds_needed(same, same) is None
    assert seeds_needed(Estimate((1, 1), 1.0, 0.0, 0.0), Estimate((2, 2), 2.0, 0.0, 0.0)) is None
    near = Estimate((1, 2), 1.0001, 1.0, 1.0)
    assert seeds_needed(same, near) is None
    far = Estimate((1, 2), 1e9, 1.0, 1.0)
    assert seeds_needed(same, far) == 2


def test_distances_are_compared_by_their_logarithms():
    small, large = [0.0013, 0.0018, 0.0020], [0.38, 0.51, 0.54]
    larger = [0.7, 1.45, 1.44]
    named = [(str(i), estimate(values)) for i, values in enumerate((small, large, larger))]
    assert contrasts(named)[1].shown
    # With a value that is not positive, as they are: the spread of the last drowns the rest.
    named[0] = ("0", estimate([-0.0013, 0.0018, 0.0020]))
    assert not contrasts(named)[1].shown
    assert logarithms([estimate([1.0, math.e])])[0].mean == pytest.approx(0.5)


def test_a_contrast_is_shown_in_the_better_direction_alone():
    low, high = ("low", estimate([1.0, 1.1, 0.9])), ("high", estimate([5.0, 5.1, 4.9]))
    assert contrasts([low, high])[0].shown
    assert not contrasts([high, low])[0].shown
    assert contrasts([high, low], lower=False)[0].shown


def test_more_seeds_than_were_had_are_named():
    first, second = estimate([1.0, 2.0, 3.0]), estimate([2.0, 3.0, 4.5])
    (found,) = contrasts([("a", first), ("b", second)])
    assert not found.shown
    assert found.needed is not None
    assert found.needed > 3


def test_false_claims_stay_below_what_is_announced():
    draws = np.random.default_rng(1).normal(size=(250, 4, 5))
    claims = 0
    for runs in draws:
        ranked = sorted((estimate(values) for values in runs), key=lambda e: e.mean)
        found = contrasts([(str(i), e) for i, e in enumerate(ranked)])
        assert len(found) == len(list(combinations(range(4), 2)))
        claims += any(c.shown for c in found if c.first == "0")
    assert claims / len(draws) < 0.06


@pytest.mark.parametrize(("count", "gap"), [(3, 3.07), (10, 1.325), (17, 0.991)])
def test_what_can_be_detected_is_what_tables_of_power_say(count, gap):
    # Of the two-sample t-test at 5 % and 80 %, as in statsmodels' TTestIndPower.solve_power.
    unit = estimate([-1.0, 0.0, 1.0])
    assert unit.deviation == 1.0
    assert detectable([unit, unit], count) == pytest.approx(gap, rel=2e-3)
    assert detectable([unit, unit], count, tests=6) > gap


def test_detectable_agrees_with_the_seeds_needed():
    unit = estimate([-1.0, 0.0, 1.0])
    gap = detectable([unit, unit], 12, tests=3)
    far = Estimate(unit.values, gap * 1.001, unit.half, unit.deviation)
    assert seeds_needed(unit, far, tests=3) == 12


def test_nothing_can_be_said_of_one_seed_or_no_spread():
    assert math.isnan(detectable([estimate([1.0, 2.0])], 1))
    assert math.isnan(detectable([estimate([1.0, 1.0])], 3))
    assert math.isnan(detectable([], 3))
