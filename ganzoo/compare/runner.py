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
from ganzoo.compare.jobs import AtOnce, Group, group_title, in_order, jobs, keys_of
from ganzoo.compare.messages import Apart, Died, Done, Job, Progress, Ready, Said, Stop
from ganzoo.compare.pool import Events, Pool
from ganzoo.compare.running import failed
from ganzoo.compare.store import Store
from ganzoo.compare.underway import begun, clear, forget
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


def run_cells(
    cells: Sequence[Cell],
    store: Store,
    *,
    workers: int,
    display: Display,
    at_once: AtOnce = "auto",
) -> None:
    """Run every cell; each record is appended to the store, by this process alone, as its
    run ends. Those that had begun when they were interrupted go on, in the company they had.

    Args:
        cells: what to run, in order.
        store: where records go; the caller has its lock.
        workers: how many processes; 0 for :func:`default_workers`.
        display: is told of everything.
        at_once: whether several seeds of a loss on a task are trained at once.

    Raises:
        KeyboardInterrupt: at SIGINT or SIGTERM, when all workers have ended.
        GanzooError: no worker starts.
    """
    if not cells:
        clear(store.checkpoints)
        return
    count = workers or default_workers(cells)
    left = begun(store.checkpoints)
    groups = jobs(cells, workers=count, at_once=at_once, begun=left)
    for keys in set(left) - {keys_of(group) for group in groups}:
        forget(store.checkpoints, keys)
    if chosen := _chosen(groups, at_once):
        display.note(chosen)
    with Pool.of(count, store.logs) as pool:
        _Shift(cells, groups, store, pool, display, forced=at_once is True).work()
    clear(store.checkpoints)


class _Shift:
    """One go at a list of cells."""

    def __init__(
        self,
        cells: Sequence[Cell],
        groups: Sequence[Group],
        store: Store,
        pool: Pool,
        display: Display,
        *,
        forced: bool,
    ) -> None:
        self.forced = forced
        self.cells, self.waiting = cells, deque(groups)
        self.store, self.pool, self.display = store, pool, display
        self.given: dict[int, Group] = {}
        self.busy: dict[int, dict[int, Cell]] = {}
        self.said: set[str] = set()
        self.deaths: Counter[tuple[str, ...]] = Counter()
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
                    lane = self._lane(number, message.place)
                    self.display.progress(lane, message.step, message.steps, message.meters)
                elif isinstance(message, Said):
                    self.display.note(message.text)
                elif isinstance(message, Done):
                    self._finish(number, message.record, message.place)
                elif isinstance(message, Apart):
                    self._part(number, message.reason)
                else:
                    self._bury(number, message)
                self._hand_out()

    def _hand_out(self) -> None:
        for number in range(self.pool.count):
            if self.waiting and number not in self.busy:
                group = self.waiting.popleft()
                self.given[number], self.busy[number] = group, dict(enumerate(group))
                for place, cell in enumerate(group):
                    self.display.begins(self._lane(number, place), cell)
                places = str(self.store.samples), str(self.store.checkpoints)
                self.pool.give(number, Job(group, *places, forced=self.forced))

    def _lane(self, number: int, place: int) -> int:
        """What the display knows a run by: a worker, or one of the seeds that it has at once."""
        return number + place * self.pool.count

    def _finish(self, number: int, record: Record, place: int = 0) -> None:
        self.store.append(record)
        del self.busy[number][place]
        if not self.busy[number]:
            del self.busy[number]
            forget(self.store.checkpoints, keys_of(self.given[number]))
        self.display.ends(self._lane(number, place), record)

    def _part(self, number: int, reason: str) -> None:
        """What a worker has left of its job is run one by one, by whoever is free."""
        left = self._taken_back(number)
        forget(self.store.checkpoints, keys_of(self.given[number]))
        self._wait(*((cell,) for cell in left))
        # One reason concerns many: the seeds of every loss on networks of that kind, say.
        if reason not in self.said:
            self.said.add(reason)
            self.display.note(f"{group_title(left)}: one after the other ({reason})")

    def _taken_back(self, number: int) -> Group:
        left = self.busy.pop(number)
        for place in left:
            self.display.leaves(self._lane(number, place))
        return tuple(left.values())

    def _wait(self, *groups: Group) -> None:
        self.waiting = deque(in_order([*self.waiting, *groups], self.cells))

    def _bury(self, number: int, death: Died) -> None:
        """The job of a worker that died is run once more, by a new one, which goes on from a
        checkpoint if there is one. Then a cell is given up, and cells that were one job are run
        one by one, at once if they have no checkpoint. It does not count if the worker never
        came up: that is not the job's doing.
        """
        self.pool.bury(number)
        if number not in self.busy:
            return
        group, left = self.given[number], tuple(self.busy[number].values())
        job = keys_of(group)
        if death.started:
            self.deaths[job] += 1
        else:
            self.stillbirths += 1
        if self.stillbirths >= _STILLBIRTHS:
            raise GanzooError(
                f"no worker starts: {death.reason}; see {self.pool.logs} for what they printed"
            )
        once_more = self.deaths[job] < _TRIES and len(left) == len(group)
        if len(group) > 1 and death.started:
            once_more = once_more and job in begun(self.store.checkpoints)
        if once_more:
            self._wait(self._taken_back(number))
            self.display.note(f"{group_title(group)}: {death.reason}; it is run once more")
        elif len(group) > 1:
            self._part(number, death.reason)
        else:
            record = failed(group[0], f"{death.reason}, {_TRIES} times")
            self._finish(number, record, *self.busy[number])

    def _stop(self) -> None:
        """End the workers; a record that had come in by then is kept."""
        self.pool.end()
        while not self.pool.events.empty():
            number, message = self.pool.events.get()
            if isinstance(message, Done) and number in self.busy:
                self._finish(number, message.record, message.place)
        raise KeyboardInterrupt


def _chosen(groups: Sequence[Group], at_once: AtOnce) -> str:
    """How many runs are trained with others at once, and why; empty where that is nothing new."""
    several = sum(len(group) for group in groups if len(group) > 1)
    if not several:
        return ""
    why = "as was asked for" if at_once is True else "faster on a CPU; --no-seeds-at-once: alone"
    whole = sum(map(len, groups))
    return f"{several} of {whole} runs are trained at once with other seeds ({why})"


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
