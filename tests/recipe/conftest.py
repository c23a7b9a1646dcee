"""Runs of a few steps."""

from __future__ import annotations

from functools import partial

import pytest

from ganzoo.recipe import train


@pytest.fixture
def quick():
    """``train`` for four steps."""
    return partial(train, steps=4, report_every=2, batch=16)
