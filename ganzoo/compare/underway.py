"""Runs under way: the checkpoints that they leave, for whoever goes on with them."""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ganzoo.compare.grid import Cell
from ganzoo.compare.jobs import group_title
from ganzoo.compare.provenance import commit, machine, plugins
from ganzoo.compare.store import write_whole
from ganzoo.errors import CheckpointError
from ganzoo.recipe import Recipe
from ganzoo.train import checkpoint

if TYPE_CHECKING:
    from ganzoo.compare.running import Watched

__all__ = ["Trail", "begun", "clear", "forget"]

PERIOD = 30.0
"""Seconds from one checkpoint of a job to the next, at the least; shorter jobs leave none."""

SHARE = 0.01  # of a job's time, at the most, that goes into checkpoints

_KEYS = "keys.json"


class Trail:
    """What one job leaves on its way: its run, or all runs that are trained at once, in one
    checkpoint, so that they are at one step whatever interrupts them.

    Args:
        cells: of the job.
        home: what the folders of all jobs are in; None to leave nothing and to find nothing.
        say: is told in a sentence where the job goes on, or why it cannot.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        home: Path | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._keys, self._title = [cell.key for cell in cells], group_title(cells)
        self._recipe, self._say = cells[0].recipe, say
        self._folder = None if home is None else _folder(home, self._keys)
        self._next = time.monotonic() + PERIOD

    def due(self) -> bool:
        """Whether it is time for a checkpoint."""
        return self._folder is not None and time.monotonic() >= self._next

    def leave(self, runs: Sequence[Watched]) -> None:
        """Write a checkpoint of the job's runs as they are now. One that cannot be written
        ends no run.
        """
        if self._folder is None:
            return
        start = time.monotonic()
        state = {"origin": _origin(self._recipe), "runs": [run.state_dict() for run in runs]}
        try:
            if not (self._folder / _KEYS).exists():
                write_whole(self._folder / _KEYS, msgspec.json.encode(self._keys))
            checkpoint.save(self._folder, max(run.run.trainer.done for run in runs), state)
        except OSError as error:
            self._say(f"{self._title}: no checkpoint could be written ({error})")
        end = time.monotonic()
        self._next = end + max(PERIOD, (end - start) / SHARE)

    def followed(self, make: Callable[[], Sequence[Watched]]) -> Sequence[Watched]:
        """The job's runs, as the newest whole checkpoint has them; as ``make`` makes them where
        there is none, or it was left by other versions or on another machine: then a record
        could not say where it comes from.
        """
        runs = make()
        if self._folder is None or not checkpoint.available(self._folder):
            return runs
        try:
            state = checkpoint.load_newest(self._folder)
            _check(state["origin"], _origin(self._recipe))
            for run, own in zip(runs, state["runs"], strict=True):
                run.load_state_dict(own)
        except Exception as error:  # whatever it is that cannot be read, the runs can be made
            traceback.print_exc(file=sys.stderr)
            self._say(f"{self._title}: begins anew ({error})")
            shutil.rmtree(self._folder, ignore_errors=True)
            return make()
        step = max(run.run.trainer.done for run in runs)
        self._say(f"{self._title}: goes on from step {step}")
        return runs


def begun(home: Path) -> list[tuple[str, ...]]:
    """The keys of each job that has left a checkpoint."""
    found = []
    for path in sorted(home.glob(f"*/{_KEYS}")):
        if checkpoint.available(path.parent):
            try:
                found.append(msgspec.json.decode(path.read_bytes(), type=tuple[str, ...]))
            except msgspec.DecodeError:
                continue
    return found


def forget(home: Path, keys: Sequence[str]) -> None:
    """Remove what the job of these keys has left."""
    shutil.rmtree(_folder(home, keys), ignore_errors=True)


def clear(home: Path) -> None:
    """Remove what all jobs have left: nothing is under way."""
    shutil.rmtree(home, ignore_errors=True)


def _folder(home: Path, keys: Sequence[str]) -> Path:
    if len(keys) == 1:
        return home / keys[0]
    return home / hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]


def _origin(recipe: Recipe) -> dict[str, Any]:
    return {"plugins": plugins(recipe), "machine": machine(), "commit": commit()}


def _check(then: dict[str, Any], now: dict[str, Any]) -> None:
    """Raises CheckpointError where a checkpoint is from elsewhere, with what differs."""
    for part in ("plugins", "machine"):
        for name in dict.fromkeys((*then[part], *now[part])):
            was, here = then[part].get(name, "none"), now[part].get(name, "none")
            if was != here:
                raise CheckpointError(f"its checkpoint is of {name} {was}, and here is {here}")
    if then["commit"] != now["commit"]:
        raise CheckpointError("its checkpoint is of another commit of ganzoo")
