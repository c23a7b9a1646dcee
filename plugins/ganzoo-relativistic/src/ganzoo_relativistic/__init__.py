"""Relativistic losses for ganzoo. Importing this imports no torch."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import ganzoo

__all__ = ["ganzoo_losses"]


@ganzoo.hookimpl
def ganzoo_losses() -> Iterator[ganzoo.LossEntry]:
    """The losses of this plugin."""
    first = partial(ganzoo.LossEntry, family="relativistic", year=2018, paper="1807.00734")
    later = partial(ganzoo.LossEntry, family="relativistic", year=2019, paper="1901.02474")
    paired, average, centred = (
        f"ganzoo_relativistic.{module}:" for module in ("paired", "average", "centred")
    )
    yield first(
        "rsgan",
        target=f"{paired}rsgan",
        summary="Logistic loss of each real score less a generated one",
        aliases=("rpgan",),
    )
    yield later(
        "rlsgan",
        target=f"{paired}rlsgan",
        summary="Least squares of each real score less a generated one",
    )
    yield later(
        "rhinge", target=f"{paired}rhinge", summary="Hinge on each real score less a generated one"
    )
    yield ganzoo.LossEntry(
        "rpgan-r1r2",
        target=f"{paired}rpgan_r1r2",
        summary="R3GAN: rsgan with R1 and R2",
        aliases=("r3gan",),
        family="relativistic",
        year=2025,
        paper="2501.05441",
    )
    yield first(
        "ragan",
        target=f"{average}ragan",
        summary="Logistic loss of each score less the other side's mean",
    )
    yield first(
        "ralsgan",
        target=f"{average}ralsgan",
        summary="Least squares of each score less the other side's mean",
    )
    yield first(
        "rahinge",
        target=f"{average}rahinge",
        summary="Hinge on each score less the other side's mean",
    )
    yield later(
        "rcgan",
        target=f"{centred}rcgan",
        summary="Logistic loss of scores less the middle of both means",
    )
    yield later(
        "rclsgan",
        target=f"{centred}rclsgan",
        summary="Least squares of scores less the middle of both means",
    )
    yield later(
        "rchinge",
        target=f"{centred}rchinge",
        summary="Hinge on scores less the middle of both means",
    )
