"""A progress bar for one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ganzoo.train.settings import ENDLESS

__all__ = ["shown"]


@contextmanager
def shown(label: str, steps: int) -> Iterator[Callable[[dict[str, float | None]], None]]:
    """Show a bar of the steps while the context lasts, one without an end where seconds alone
    are the budget; gives what is to be told of each row.

    Beside the bar stand the losses of the last row. Nothing is drawn where the output is
    no terminal.
    """
    # rich costs more to import than the rest of a short command
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[losses]}"),
    )
    with Progress(*columns, transient=True) as bar:
        total = None if steps == ENDLESS else steps
        task = bar.add_task(label, total=total, losses="")

        def on_report(row: dict[str, float | None]) -> None:
            losses = "  ".join(
                f"{name[0].upper()} {row[f'loss/{name}']:.3f}"
                for name in ("discriminator", "generator")
                if row.get(f"loss/{name}") is not None
            )
            bar.update(task, completed=row["step"] or 0, losses=losses)

        yield on_report
