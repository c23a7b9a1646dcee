"""What the parent and its workers tell each other, a line of JSON each."""

from __future__ import annotations

import msgspec

from ganzoo.compare.grid import Cell
from ganzoo.records.record import Record

__all__ = ["Apart", "Died", "Done", "Job", "Message", "Progress", "Ready", "Said", "Stop"]


class Job(msgspec.Struct, frozen=True):
    """To a worker: run this cell, or these that differ in seed alone at once, and put the
    samples into this folder, and checkpoints into a folder in that one. ``forced``: at once
    even where that was not measured to be faster.
    """

    cells: tuple[Cell, ...]
    samples: str
    checkpoints: str
    forced: bool = False


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """From a worker: it is up."""


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """From a worker: where a run is, of how many steps, with the last meters; ``place`` is that
    of its cell in the job.
    """

    step: int
    steps: int
    meters: dict[str, float | None]
    place: int = 0


class Said(msgspec.Struct, frozen=True, tag="said"):
    """From a worker: something that is worth a line."""

    text: str


class Done(msgspec.Struct, frozen=True, tag="done"):
    """From a worker: a run has ended, so or so."""

    record: Record
    place: int = 0


class Apart(msgspec.Struct, frozen=True, tag="apart"):
    """From a worker: the cells of its job must run each by itself, and why."""

    reason: str


class Died(msgspec.Struct, frozen=True, tag="died"):
    """From who watches a worker: it is gone, why, and whether it ever was up."""

    reason: str
    started: bool


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """From a signal: end everything."""


Message = Ready | Progress | Said | Done | Apart | Died | Stop
