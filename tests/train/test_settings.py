"""Settings: checked as they are read, and layered."""

from __future__ import annotations

import pytest

from ganzoo import BadOption, Spec
from ganzoo.train import Settings


def test_settings_are_checked():
    with pytest.raises(BadOption, match="Did you mean 'generator_lr'"):
        Settings.of({"generator_rate": 1.0})
    with pytest.raises(BadOption, match="steps"):
        Settings.of({"steps": 0})
    with pytest.raises(BadOption, match="optimizer"):
        Settings.of({"optimizer": "adamw"})
    with pytest.raises(BadOption, match="ema"):
        Settings.of({"ema": 1.0})
    assert Settings.of({"steps": 5}, {"steps": 7}).steps == 7
    assert Settings().changed(batch=3).batch == 3
    assert Spec((3, 4, 4), 2).size == 48


def test_seconds_alone_lift_the_limit_of_the_steps_below():
    assert Settings.of({"steps": 5}, {"seconds": 2}).budget == {"seconds": 2}
    assert Settings.of({"steps": 5}, {"seconds": 2, "steps": 7}).budget == {
        "steps": 7,
        "seconds": 2,
    }
    assert Settings.of({"seconds": 2}, {"steps": 7}).budget == {"steps": 7, "seconds": 2}
    assert Settings.of({"steps": 5}).budget == {"steps": 5}
    with pytest.raises(BadOption, match="seconds=-1"):
        Settings(seconds=-1)
