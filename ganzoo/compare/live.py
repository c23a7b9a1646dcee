"""Live: a comparison as TensorBoard event files, while it runs."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ganzoo.compare.display import Display, Meters
from ganzoo.compare.grid import Cell
from ganzoo.errors import MissingDependency
from ganzoo.records.record import Record

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

__all__ = ["EventFiles"]

_AXES = frozenset({"step", "seconds"})


class EventFiles(Display):
    """Writes every meter and metric to event files, a folder for each run, and hands on to
    another display what it is told.

    Args:
        folder: what the folders of the runs are in.
        shown: the other display.

    Raises:
        MissingDependency: TensorBoard, whose format it is, cannot be imported.
    """

    def __init__(self, folder: Path, shown: Display) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise MissingDependency(
                f"event files need TensorBoard, which cannot be imported ({error}); "
                f"'pip install tensorboard' would do, and then 'tensorboard --logdir {folder}' "
                f"shows them"
            ) from error
        self.folder, self.shown, self._make = folder, shown, SummaryWriter
        self._writers: dict[int, SummaryWriter] = {}

    def __enter__(self) -> Self:
        self.shown.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in list(self._writers):
            self._writers.pop(worker).close()
        self.shown.__exit__(kind, error, trace)

    def starts(self, total: int, done: int) -> None:
        """See :class:`Display`."""
        self.shown.starts(total, done)

    def begins(self, worker: int, cell: Cell) -> None:
        """See :class:`Display`."""
        if worker in self._writers:
            self._writers.pop(worker).close()
        place = self.folder / _folder_name(cell.task) / _folder_name(cell.label)
        run = f"draw {cell.draw}" if cell.draw >= 0 else f"seed {cell.seed}"
        # Whoever runs a cell again begins its curves anew.
        for old in (place / run).glob("events.out.tfevents.*"):
            old.unlink()
        self._writers[worker] = self._make(str(place / run), flush_secs=5)
        self.shown.begins(worker, cell)

    def progress(self, worker: int, step: int, steps: int, meters: Meters) -> None:
        """See :class:`Display`."""
        writer = self._writers[worker]
        for name, value in meters.items():
            if name not in _AXES and value is not None:
                writer.add_scalar(name, value, step)
        self.shown.progress(worker, step, steps, meters)

    def leaves(self, worker: int) -> None:
        """See :class:`Display`."""
        self._writers.pop(worker).close()
        self.shown.leaves(worker)

    def ends(self, worker: int, record: Record) -> None:
        """See :class:`Display`."""
        writer = self._writers.pop(worker)
        words = ", ".join((record.status, *record.diagnosis, record.reason)).rstrip(", ")
        writer.add_text("how it ended", words, record.speed.steps)
        writer.close()
        self.shown.ends(worker, record)

    def note(self, text: str) -> None:
        """See :class:`Display`."""
        self.shown.note(text)


def _folder_name(label: str) -> str:
    return re.sub(r"[^\w .,=+()-]", "_", label)
