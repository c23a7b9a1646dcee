"""What a comparison shows while it runs: live bars in a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ganzoo.compare.grid import Cell
from ganzoo.records.record import Record

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

__all__ = ["Display", "Lines", "Live", "display_for"]

Meters = Mapping[str, float | None]


class Display:
    """Shows nothing; the base of those that do.

    A worker is a number; one that trains several seeds at once has a number for each.
    """

    total, done = 0, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def starts(self, total: int, done: int) -> None:
        """There are ``total`` runs, ``done`` of them from before."""
        self.total, self.done = total, done

    def begins(self, worker: int, cell: Cell) -> None:
        """A worker begins a run."""

    def progress(self, worker: int, step: int, steps: int, meters: Meters) -> None:
        """A worker's run has come so far."""

    def leaves(self, worker: int) -> None:
        """A worker has let go of its run, which will begin again."""

    def ends(self, worker: int, record: Record) -> None:
        """A worker's run has ended."""
        self.done += 1

    def note(self, text: str) -> None:
        """Something worth a line."""


class Lines(Display):
    """A plain line for each run that ends."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def starts(self, total: int, done: int) -> None:
        """See :class:`Display`."""
        super().starts(total, done)
        self.note(opening(total, done))

    def ends(self, worker: int, record: Record) -> None:
        """See :class:`Display`."""
        super().ends(worker, record)
        width = len(str(self.total))
        self.note(f"[{self.done:{width}}/{self.total}] {closing(record)}")

    def note(self, text: str) -> None:
        """See :class:`Display`."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


class Live(Display):
    """A bar for the whole and one for each worker; runs that ended scroll by above."""

    def __init__(self, console: Console) -> None:
        # rich.progress costs more to import than the rest of a short command.
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self.bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[meters]}", markup=False, style="dim"),
            console=console,
            transient=True,
        )
        self.whole = self.bars.add_task("all runs", total=None, meters="")
        self.workers: dict[int, TaskID] = {}
        self.known: dict[int, dict[str, float | None]] = {}

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bars.stop()

    def starts(self, total: int, done: int) -> None:
        """See :class:`Display`."""
        super().starts(total, done)
        self.note(opening(total, done))
        # Counted from what is left: runs from before took none of this time.
        self.bars.reset(self.whole, total=total - done)

    def begins(self, worker: int, cell: Cell) -> None:
        """See :class:`Display`."""
        self.known.pop(worker, None)
        if worker in self.workers:
            self.bars.remove_task(self.workers[worker])
        self.workers[worker] = self.bars.add_task(f"  {cell.title}", total=None, meters="starts")

    def progress(self, worker: int, step: int, steps: int, meters: Meters) -> None:
        """See :class:`Display`."""
        # What was measured last says more than the losses of the rows after it.
        known = self.known[worker] = {**self.known.get(worker, {}), **meters}
        bar = self.workers[worker]
        self.bars.update(bar, completed=step, total=steps, meters=spoken(known))

    def leaves(self, worker: int) -> None:
        """See :class:`Display`."""
        self.bars.remove_task(self.workers.pop(worker))

    def ends(self, worker: int, record: Record) -> None:
        """See :class:`Display`."""
        super().ends(worker, record)
        self.bars.remove_task(self.workers.pop(worker))
        self.bars.advance(self.whole)
        self.note(closing(record))

    def note(self, text: str) -> None:
        """See :class:`Display`."""
        self.bars.console.print(text, markup=False, highlight=False)


def display_for(console: Console) -> Display:
    """Live bars in a terminal, lines elsewhere."""
    return Live(console) if console.is_terminal else Lines(console)


def opening(total: int, done: int) -> str:
    """What there is to do."""
    if done == total:
        return f"all {total} runs have been made before"
    left = total - done
    return f"{left} run{'s' * (left != 1)}" + (f"; {done} more were made before" if done else "")


def closing(record: Record) -> str:
    """How a run ended, in a line."""
    head = f"{record.label} on {record.task}, seed {record.seed}: {record.status}"
    if record.status != "finished":
        return f"{head}: {record.reason}"
    deciding = next(iter((*record.ranked, *record.metrics)), "")
    value = record.metrics.get(deciding)
    metric = f", {deciding} {value:.4g}" if value is not None else ""
    return f"{head}{metric}, {record.speed.seconds:.1f} s"


def spoken(meters: Meters) -> str:
    """The last metric that was measured; the losses where there is none yet."""
    known = {name: value for name, value in meters.items() if value is not None}
    plain = [n for n in known if "/" not in n and n not in ("step", "seconds")]
    if plain:
        return f"{plain[0]} {known[plain[0]]:.4g}"
    losses = [n for n in ("loss/discriminator", "loss/generator") if n in known]
    return "  ".join(f"{name[5]} {known[name]:.3g}" for name in losses)
