from __future__ import annotations

import math

import torch

from ganzoo.train.meters import Meters


def meters(values):
    made = Meters(torch.device("cpu"))
    for step, value in enumerate(values):
        made.add({"term": torch.tensor(value), "sum": torch.tensor(2 * value)}, step)
    return made


def test_means_since_the_last_reading():
    made = meters([1.0, 3.0])
    made.add({"other": torch.tensor(5.0)}, 2)
    means, worst = made.read()
    assert means == {"term": 2.0, "sum": 4.0, "other": 5.0}
    assert worst is None
    assert made.read() == ({}, None)


def test_the_first_value_that_is_not_finite_is_named():
    made = meters([1.0, 2.0, math.inf, math.nan, 1.0])
    assert not made.finite()
    means, worst = made.read()
    assert worst == ("term", 2)
    assert not math.isfinite(means["term"])
    assert made.finite()


def test_state_round_trip():
    made, other = meters([1.0, 2.0]), Meters(torch.device("cpu"))
    other.load_state_dict(made.state_dict())
    other.add({"term": torch.tensor(6.0), "sum": torch.tensor(0.0)}, 2)
    assert other.read()[0] == {"term": 3.0, "sum": 2.0}
