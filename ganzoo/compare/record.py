"""Record: one run, one line of JSON. Every number in a report comes from one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["Portrait", "Record", "Speed", "append", "read"]


class Speed(msgspec.Struct, frozen=True):
    """What a run cost: wall-clock seconds of training alone, process seconds of the same,
    generator steps, discriminator turns in all, and real samples dealt to the discriminator.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    steps: int = 0
    discriminator_steps: int = 0
    samples: int = 0


class Portrait(msgspec.Struct, frozen=True):
    """An objective as pictures need it: its per-sample losses against the score.

    ``score`` is the axis; ``discriminator_real``, ``discriminator_fake``, ``generator`` are
    losses as minimised, ``generator_gradient`` the derivative of the last one; ``formulas``
    is the docstring of the loss.
    """

    title: str = ""
    summary: str = ""
    formulas: str = ""
    paper: str = ""
    year: int = 0
    family: str = ""
    score: tuple[float, ...] = ()
    discriminator_real: tuple[float, ...] = ()
    discriminator_fake: tuple[float, ...] = ()
    generator: tuple[float, ...] = ()
    generator_gradient: tuple[float, ...] = ()


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a comparison.

    Attributes:
        key: the content hash of the recipe; a run with this key is not run again.
        label: how the objective is called in tables, e.g. ``"hinge + spectral-norm"``.
        task: how the data and networks are called in tables, e.g. ``"ring8"``.
        seed: of the run.
        recipe: the whole of the run, as JSON data.
        plugins: distribution -> version of everything that took part.
        machine: platform, processor, torch version, device, threads.
        status: ``"finished"``, ``"diverged"`` or ``"failed"``.
        reason: why it did not finish, in a sentence.
        curve: named columns of equal length, ``"step"`` and ``"seconds"`` among them; meters
            and metrics, None where one was not measured.
        metrics: the values at the end, by metric name.
        floor: the same metrics on real training samples: what a perfect sampler gets.
        directions: metric name -> ``"lower"`` or ``"higher"``, which is better.
        ranked: the metrics that may decide, the deciding one first.
        speed: what it cost.
        samples: a safetensors file beside the records with ``"fake"`` and ``"real"``.
        portrait: the objective's formulas and losses against the score.
        finished_at: ISO time.
    """

    key: str
    label: str
    task: str
    seed: int
    recipe: dict[str, Any]
    status: str
    version: int = 1
    reason: str = ""
    plugins: dict[str, str] = {}
    machine: dict[str, Any] = {}
    curve: dict[str, list[float | None]] = {}
    metrics: dict[str, float] = {}
    floor: dict[str, float] = {}
    directions: dict[str, str] = {}
    ranked: tuple[str, ...] = ()
    speed: Speed = Speed()
    samples: str = ""
    portrait: Portrait | None = None
    finished_at: str = ""


def append(path: Path, record: Record) -> None:
    """Add one line and fsync it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(msgspec.json.encode(record) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Record]:
    """All records of a file, in the order they were written."""
    return [msgspec.json.decode(line, type=Record) for line in path.read_bytes().splitlines()]
