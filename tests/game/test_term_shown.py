"""What a term's options look like, without a line of its own."""

from functools import partial

import torch
from torch import nn

import ganzoo
from ganzoo import terms


class Everything(ganzoo.Term):
    def __init__(self, weight=2.0, every=1, *, rate=0.5, kernel=None, name="x", steps=3, base=None):
        super().__init__(weight, every)
        self.rate, self.kernel, self.name, self.base = rate, kernel, name, base
        self.register_buffer("steps", torch.tensor(float(steps)))


def test_options_are_shown_as_the_constructor_names_them():
    assert repr(Everything()) == (
        "Everything(weight=2, rate=0.5, kernel=None, name='x', steps=3, base=None)"
    )


def test_a_function_is_shown_by_its_name_with_what_is_bound():
    shown = repr(Everything(kernel=partial(torch.add, alpha=2.0)))
    assert "kernel=add(alpha=2)" in shown
    assert "kernel=relu," in repr(Everything(kernel=torch.relu))


def test_what_has_changed_since_is_shown_as_it_is_now():
    term = Everything()
    term.weight.fill_(0.25)
    term.steps.add_(4)
    assert "weight=0.25" in repr(term)
    assert "steps=7" in repr(term)


def test_weight_and_every_are_left_out_where_they_are_one():
    assert repr(terms.Wasserstein()) == "Wasserstein()"
    assert repr(terms.Wasserstein(0.5, every=4)) == "Wasserstein(weight=0.5, every=4)"


def test_a_module_is_shown_once_and_a_method_is_no_option():
    assert repr(Everything(base=nn.ReLU())).count("base") == 1

    class Named(ganzoo.Term):
        def __init__(self, check=3):
            super().__init__()

    assert repr(Named()) == "Named()"


def test_gamma_is_the_weight_by_its_other_name():
    term = terms.R1(gamma=3.0, every=16)
    assert repr(term) == "R1(gamma=3, every=16)"
    assert term.gamma is term.weight
