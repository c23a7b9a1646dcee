"""What the parent and its workers tell each other, a line of JSON each."""

from __future__ import annotations

import msgspec

from ganzoo.compare.grid import Cell
from ganzoo.records.record import Record

__all__ = ["Died", "Done", "Job", "Message", "Progress", "Ready", "Stop"]


class Job(msgspec.Struct, frozen=True):
    """To a worker: run this cell, and put its samples into this folder."""

    cell: Cell
    samples: str


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """From a worker: it is up."""


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """From a worker: where its run is, of how many steps, with the last meters."""

    step: int
    steps: int
    meters: dict[str, float | None]


class Done(msgspec.Struct, frozen=True, tag="done"):
    """From a worker: its run has ended, so or so."""

    record: Record


class Died(msgspec.Struct, frozen=True, tag="died"):
    """From who watches a worker: it is gone, why, and whether it ever was up."""

    reason: str
    started: bool


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """From a signal: end everything."""


Message = Ready | Progress | Done | Died | Stop
