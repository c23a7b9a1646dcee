"""The parent: hands cells to workers, writes their records, survives their deaths."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import torch

from ganzoo.compare.display import Display
from ganzoo.compare.grid import Cell
from ganzoo.compare.messages import Died, Done, Job, Progress, Ready, Stop
from ganzoo.compare.pool import Events, Pool
from ganzoo.compare.running import failed
from ganzoo.compare.store import Store
from ganzoo.errors import GanzooError
from ganzoo.records.record import Record

__all__ = ["default_workers", "run_cells"]

_TRIES = 2
_STILLBIRTHS = 3


def default_workers(cells: Sequence[Cell]) -> int:
    """One for each core that this process may use, at most one a cell; one alone where the
    cells share a GPU.
    """
    devices = {str(cell.recipe.settings.get("device", "auto")) for cell in cells}
    if devices - {"cpu"} and torch.cuda.is_available():
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, len(cells)))


def run_cells(cells: Sequence[Cell], store: Store, *, workers: int, display: Display) -> None:
    """Run every cell; each record is appended to the store, by this process alone, as its
    run ends.

    Args:
        cells: what to run, in order.
        store: where records go; the caller has its lock.
        workers: how many processes; 0 for :func:`default_workers`.
        display: is told of everything.

    Raises:
        KeyboardInterrupt: at SIGINT or SIGTERM, when all workers have ended.
        GanzooError: no worker starts.
    """
    if not cells:
        return
    with Pool.of(workers or default_workers(cells), store.logs) as pool:
        _Shift(cells, store, pool, display).work()


class _Shift:
    """One go at a list of cells."""

    def __init__(self, cells: Sequence[Cell], store: Store, pool: Pool, display: Display) -> None:
        self.waiting, self.store, self.pool, self.display = deque(cells), store, pool, display
        self.busy: dict[int, Cell] = {}
        self.deaths: Counter[str] = Counter()
        self.stillbirths = 0

    def work(self) -> None:
        with _signals(self.pool.events):
            self._hand_out()
            while self.busy:
                number, message = self.pool.events.get()
                if isinstance(message, Stop):
                    self._stop()
                elif isinstance(message, Ready):
                    self.stillbirths = 0
                elif isinstance(message, Progress):
                    self.display.progress(number, message.step, message.steps, message.meters)
                elif isinstance(message, Done):
                    self._finish(number, message.record)
                else:
                    self._bury(number, message)
                self._hand_out()

    def _hand_out(self) -> None:
        for number in range(self.pool.count):
            if self.waiting and number not in self.busy:
                cell = self.busy[number] = self.waiting.popleft()
                self.display.begins(number, cell)
                self.pool.give(number, Job(cell, str(self.store.samples)))

    def _finish(self, number: int, record: Record) -> None:
        del self.busy[number]
        self.store.append(record)
        self.display.ends(number, record)

    def _bury(self, number: int, death: Died) -> None:
        """The cell of a worker that died is run once more, by a new one, then given up. It
        does not count if the worker never came up: that is not the cell's doing.
        """
        self.pool.bury(number)
        cell = self.busy.get(number)
        if cell is None:
            return
        if death.started:
            self.deaths[cell.key] += 1
        else:
            self.stillbirths += 1
        if self.stillbirths >= _STILLBIRTHS:
            raise GanzooError(
                f"no worker starts: {death.reason}; see {self.pool.logs} for what they printed"
            )
        if self.deaths[cell.key] >= _TRIES:
            self._finish(number, failed(cell, f"{death.reason}, {_TRIES} times"))
            return
        del self.busy[number]
        self.waiting.appendleft(cell)
        self.display.note(f"{cell.title}: {death.reason}; it is run once more")

    def _stop(self) -> None:
        """End the workers; a record that had come in by then is kept."""
        self.pool.end()
        while not self.pool.events.empty():
            number, message = self.pool.events.get()
            if isinstance(message, Done) and number in self.busy:
                self._finish(number, message.record)
        raise KeyboardInterrupt


@contextmanager
def _signals(events: Events) -> Iterator[None]:
    """SIGINT and SIGTERM become a message, so that nothing is left half done.

    A signal handler belongs to the main thread; in another one, the signals stay as they are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        events.put((-1, Stop()))

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
