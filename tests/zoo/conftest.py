"""Losses by the names that the oracle has for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import ganzoo

CALLS = {
    "nonsaturating[smooth0.9]": ("nonsaturating", {"real_target": 0.9}),
    "lsgan[-1,1,0]": ("lsgan", {"a": -1.0, "b": 1.0, "c": 0.0}),
    "hinge[g-hinge]": ("hinge", {"generator_margin": 1.0}),
    "fgan-alpha[0.5]": ("fgan-alpha", {"alpha": 0.5}),
    "fgan-alpha[2]": ("fgan-alpha", {"alpha": 2.0}),
    "fgan-js-weighted[0.3]": ("fgan-js-weighted", {"pi": 0.3}),
}


@pytest.fixture
def loss_of() -> Callable[[str], ganzoo.Objective]:
    """The loss of an entry of the oracle, by its name there."""

    def build(name: str) -> ganzoo.Objective:
        called, options = CALLS.get(name, (name, {}))
        return ganzoo.get_loss(called, **options)

    return build
