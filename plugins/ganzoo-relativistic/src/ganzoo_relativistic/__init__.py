"""Relativistic losses for ganzoo. Importing this imports no torch."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import ganzoo

__all__ = ["ganzoo_losses"]


def _entry(where: str, summary: str, *, year: int, paper: str, alias: str = "") -> ganzoo.LossEntry:
    return ganzoo.LossEntry(
        where.partition(":")[2].replace("_", "-"),
        target=f"{__name__}.{where}",
        summary=summary,
        aliases=(alias,) if alias else (),
        family="relativistic",
        year=year,
        paper=paper,
    )


@ganzoo.hookimpl
def ganzoo_losses() -> Iterator[ganzoo.LossEntry]:
    """The losses of this plugin."""
    first = partial(_entry, year=2018, paper="1807.00734")
    later = partial(_entry, year=2019, paper="1901.02474")
    r3gan = partial(_entry, year=2025, paper="2501.05441", alias="r3gan")
    yield first("paired:rsgan", "Logistic loss of real less generated scores", alias="rpgan")
    yield later("paired:rlsgan", "Least squares of real less generated scores")
    yield later("paired:rhinge", "Hinge on real less generated scores")
    yield r3gan("paired:rpgan_r1r2", "R3GAN: rsgan with R1 and R2")
    yield first("average:ragan", "Logistic loss of scores less the other side's mean")
    yield first("average:ralsgan", "Least squares of scores less the other side's mean")
    yield first("average:rahinge", "Hinge on scores less the other side's mean")
    yield later("centred:rcgan", "Logistic loss of scores less the middle of both means")
    yield later("centred:rclsgan", "Least squares of scores less the middle of both means")
    yield later("centred:rchinge", "Hinge on scores less the middle of both means")
