"""Options that a term declares: what is kept of them, what is refused and in which words."""

import inspect
import math

import pytest
import torch

import ganzoo
from ganzoo import BadOption
from ganzoo.terms import Gamma, within


class Speaking(ganzoo.Term, weight=10.0):
    margin: float = ganzoo.option(1, above=0)
    moments: int = ganzoo.option(3, at_least=1)
    flip: bool = ganzoo.option(True)
    bound: float | None = ganzoo.option(None, above=0)
    k: torch.Tensor = ganzoo.option(0.5, at_least=0, at_most=1, buffer=True)
    turns: torch.Tensor = ganzoo.state(2)

    def __post_init__(self):
        self.doubled = 2 * self.margin


class Silent(Speaking, margin=4.0, without=("weight", "every", "flip")):
    limit: float = ganzoo.option(0.01, positional=True)


class Needing(ganzoo.Term):
    base = ganzoo.option()


class Written(Speaking):
    def __init__(self, first, weight=2.0):
        super().__init__(weight, margin=7)
        self.first = first


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        ({"above": 0}, [1e-9, 3, math.inf]),
        ({"at_least": 1}, [1, 1.5, math.inf]),
        ({"at_least": -1, "at_most": 1}, [-1, 0, 1.0]),
        ({"above": 0, "below": 1}, [1e-9, 0.5]),
        ({"one_of": ("l1", "l2")}, ["l1", "l2"]),
        ({}, [math.nan]),
    ],
    ids=str,
)
def test_a_value_that_works_comes_back(limits, fits):
    assert all(within("x", value, **limits) is value for value in fits)


@pytest.mark.parametrize(
    ("limits", "value", "says"),
    [
        ({"above": 0}, 0, "x=0: above 0"),
        ({"above": 2.5, "words": "a rate above 2.5"}, 2.5, "x=2.5: a rate above 2.5"),
        ({"at_least": 1}, 0, "x=0: at least 1"),
        ({"at_least": -1, "at_most": 1}, -1.5, "x=-1.5: at least -1 and at most 1"),
        ({"at_least": -1, "at_most": 1}, 1.5, "x=1.5: at least -1 and at most 1"),
        ({"above": 0, "below": 1}, 1, "x=1: above 0 and below 1"),
        ({"above": 0, "below": 1}, math.nan, "x=nan: above 0 and below 1"),
        ({"at_most": 1}, math.nan, "x=nan: at most 1"),
        ({"one_of": ("l1", "l2")}, "l3", "x='l3': 'l1' or 'l2'"),
    ],
    ids=str,
)
def test_another_is_refused_by_its_name(limits, value, says):
    with pytest.raises(BadOption) as caught:
        within("x", value, **limits)
    assert str(caught.value) == says


def test_options_are_kept_as_they_are_annotated():
    term = Speaking(margin=2, moments=4.0, flip=0, bound=3)
    kept = (term.margin, term.moments, term.flip, term.bound)
    assert kept == (2.0, 4, False, 3.0)
    assert [type(value) for value in kept] == [float, int, bool, float]
    assert term.doubled == 4.0  # made after the options
    assert Speaking().bound is None
    assert (Speaking().margin, type(Speaking().margin)) == (1.0, float)


def test_state_is_a_buffer_that_moves_and_is_saved_with_the_term():
    term = Speaking(5, k=0.25)
    assert {name: value.item() for name, value in term.state_dict().items()} == {
        "weight": 5,
        "k": 0.25,
        "turns": 2,
    }
    assert {value.dtype for value in term.state_dict().values()} == {torch.float64}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"margin": 0}, "margin=0: above 0"),
        ({"moments": 2.5}, "moments=2.5: a whole number"),
        ({"k": 1.5}, "k=1.5: at least 0 and at most 1"),
        ({"bound": 0}, "bound=0: above 0"),
        ({"every": 0}, "every=0: a term speaks at every 1st, 2nd, ... step"),
        ({"every": 1.5}, "every=1.5: a whole number"),
    ],
    ids=str,
)
def test_what_does_not_work_is_refused(options, says):
    with pytest.raises(BadOption) as caught:
        Speaking(**options)
    assert str(caught.value) == says


def test_a_class_changes_takes_away_and_renames_what_it_inherits():
    assert (Speaking().weight, ganzoo.Term().weight) == (10, 1)
    silent = Silent(0.5)
    assert (silent.margin, silent.limit, silent.weight, silent.flip) == (4, 0.5, 10, True)
    with pytest.raises(TypeError, match="weight"):
        Silent(weight=2)
    assert str(inspect.signature(Gamma)) == "(gamma: 'float' = 10.0, every: 'int' = 1)"
    assert Gamma(3).weight == Gamma(gamma=3).gamma == 3


def test_the_signature_tells_every_option_in_order():
    text = (
        "(weight: 'float' = 10.0, every: 'int' = 1, *, margin: 'float' = 1, moments: 'int' = 3, "
        "flip: 'bool' = True, bound: 'float | None' = None, k: 'float' = 0.5)"
    )
    assert str(inspect.signature(Speaking)) == text
    assert str(inspect.signature(Silent)).startswith("(limit: 'float' = 0.01, *, margin")
    assert str(inspect.signature(Needing)).endswith("*, base)")
    assert str(inspect.signature(Written)) == "(first, weight=2.0)"


def test_names_are_checked_as_those_of_any_constructor():
    with pytest.raises(TypeError, match="marginn"):
        Speaking(marginn=1)
    with pytest.raises(TypeError, match="base"):
        Needing()
    with pytest.raises(TypeError, match="turns"):
        Speaking(turns=1)
    assert Needing(base=len).base is len


def test_a_class_cannot_change_an_option_that_there_is_not():
    for keywords in ({"wieght": 1.0}, {"without": ("wieght",)}):
        with pytest.raises(TypeError, match=r"has no option 'wieght'; it has weight, every"):
            type("Wrong", (ganzoo.Term,), {}, **keywords)


def test_a_written_constructor_passes_on_what_it_likes():
    term = Written("first")
    assert (term.first, term.weight, term.margin, term.doubled) == ("first", 2, 7, 14)


def test_two_bases_give_their_options_once():
    class Named(Gamma):
        pass

    class Counting(ganzoo.Term):
        steps: int = ganzoo.option(0)

    class Both(Named, Counting, gamma=2.0):
        pass

    assert list(inspect.signature(Both).parameters) == ["gamma", "every", "steps"]
    assert Both(steps=3).gamma == 2
