"""Checks of options: what passes, what is refused, and in which words."""

import math

import pytest

from ganzoo import BadOption
from ganzoo.terms import above, at_least, between, fraction


@pytest.mark.parametrize(
    ("check", "fits"),
    [
        (lambda x: above(0, x=x), [1e-9, 3, math.inf]),
        (lambda x: at_least(1, x=x), [1, 1.5, math.inf]),
        (lambda x: between(-1, 1, x=x), [-1, 0, 1.0]),
        (lambda x: fraction(x=x), [1e-9, 0.5, 1]),
    ],
)
def test_a_value_in_range_comes_back(check, fits):
    assert [check(value) for value in fits] == fits


@pytest.mark.parametrize(
    ("check", "value", "says"),
    [
        (lambda x: above(0, x=x), 0, "x=0: above 0"),
        (lambda x: above(2.5, "a rate above 2.5", x=x), 2.5, "x=2.5: a rate above 2.5"),
        (lambda x: at_least(1, x=x), 0, "x=0: at least 1"),
        (lambda x: between(-1, 1, x=x), -1.5, "x=-1.5: -1 to 1"),
        (lambda x: between(-1, 1, "a cosine", x=x), 1.5, "x=1.5: a cosine"),
        (lambda x: fraction(x=x), 0, "x=0: above 0, 1 at most"),
        (lambda x: fraction("a share", x=x), 1.5, "x=1.5: a share"),
    ],
)
def test_another_is_refused_by_its_name(check, value, says):
    for wrong, words in ((value, says), (math.nan, f"x=nan: {says.partition(': ')[2]}")):
        with pytest.raises(BadOption) as caught:
            check(wrong)
        assert str(caught.value) == words
