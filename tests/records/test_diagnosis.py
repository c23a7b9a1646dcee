"""Every word on made-up curves that deserve it, and on ones that don't."""

import math

import msgspec
import numpy as np
import pytest

from ganzoo.records.diagnosis import collapsed, diagnose, improving, oscillating, saturated
from ganzoo.records.record import Record

STEPS = [100.0 * (1 + i) for i in range(16)]


def made(values, *, gradient=None, **changes):
    curve = {"step": STEPS[: len(values)], "kl": list(values)}
    curve["gradient/generator"] = gradient or [1.0] * len(values)
    plain = {
        "key": "k", "label": "l", "task": "t", "seed": 0, "recipe": {}, "status": "finished",
        "curve": curve, "ranked": ("kl",), "directions": {"kl": "lower"}, "floor": {"kl": 0.001},
    }  # fmt: skip
    return Record(**{**plain, **changes})


FLAT = [0.5] * 16
WAVES = [0.5 * 2.0 ** (i % 2) for i in range(16)]
FALLING = [8.0 * 0.8**i for i in range(16)]


def test_a_run_that_went_well_has_no_words():
    assert diagnose(made(FLAT), modes=8) == ()
    assert diagnose(made([1.0 * 0.3**i for i in range(8)] + [0.001] * 8), modes=8) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "diverged"}, ("diverged",)),
        ({"status": "failed", "missing": (1, 2)}, ()),
        ({"missing": (3,)}, ("collapsed",)),
        ({"missing": tuple(range(8)), "status": "diverged"}, ("diverged", "collapsed")),
    ],
)
def test_words_of_the_end(changes, words):
    assert diagnose(made(FLAT, **changes), modes=8) == words


def test_words_of_the_curve():
    assert diagnose(made(WAVES)) == ("oscillating",)
    assert diagnose(made(FALLING)) == ("still improving",)
    assert diagnose(made(FLAT, gradient=[1.0, *[1e-5] * 15])) == ("saturated",)
    assert diagnose(made(FLAT), copied=True) == ("memorising",)
    assert diagnose(made(FALLING, status="diverged")) == ("diverged",)


def test_chance_near_the_floor_is_neither_a_wave_nor_a_gain():
    noise = 0.001 * np.exp(np.random.default_rng(0).normal(scale=0.3, size=16))
    assert diagnose(made(noise.tolist())) == ()
    assert diagnose(made([0.003 * 0.9**i for i in range(16)])) == ()


def test_metrics_that_are_better_when_higher():
    record = made([1 / value for value in FALLING], directions={"kl": "higher"}, floor={})
    assert diagnose(record) == ("still improving",)
    assert diagnose(msgspec.structs.replace(record, directions={"kl": "lower"})) == ()


def test_a_curve_without_values_says_nothing():
    assert diagnose(made([None] * 16, gradient=[None] * 16)) == ()
    assert diagnose(made(FLAT, ranked=())) == ()
    assert diagnose(made(FLAT, curve={})) == ()


@pytest.mark.parametrize(
    ("missing", "modes", "is_so"),
    [(0, 8, False), (1, 8, True), (1, 10, True), (1, 25, False), (3, 25, True), (5, 0, False)],
)
def test_collapse_is_one_mode_in_ten(missing, modes, is_so):
    assert collapsed(missing, modes) is is_so


def test_a_gradient_that_falls_with_the_learning_rate_has_not_vanished():
    assert not saturated([20.0 * 0.7**i for i in range(16)])
    assert saturated([20.0 * 0.4**i for i in range(16)])
    assert not saturated([1.0, 0.0, 0.0])  # too few readings
    assert saturated([1.0, None, 1e-9, 1e-9, math.nan, 1e-9])


def series(values):
    return [((i + 1) / len(values), math.log(v)) for i, v in enumerate(values)]


def test_waves_count_in_the_last_half_alone():
    assert oscillating(series(WAVES))
    assert not oscillating(series(WAVES[:8] + FLAT[:8]))
    assert not oscillating(series([1 + 0.2 * (i % 2) for i in range(16)]))  # too small
    assert not oscillating(series([1, 1, 1, 1, 1, 3, 1, 1]))  # once up and down
    assert not oscillating([])


def test_improving_asks_for_more_than_one_lucky_step():
    assert improving(series(FALLING))
    assert not improving(series([1.0] * 15 + [0.5]))
    assert not improving(series([0.1] * 8 + FALLING[8:]))  # it was better before
    assert not improving(series([1.0, 0.5]))
