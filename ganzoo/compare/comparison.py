"""compare: from a plan to a Comparison, going on where an earlier call stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganzoo.compare.plan import Plan
from ganzoo.errors import MissingDependency
from ganzoo.records import Ranking, Record, Summary, ranking, summarise
from ganzoo.records.versus import Versus, against
from ganzoo.report import markdown, write_html

if TYPE_CHECKING:
    from ganzoo.compare.display import Display
    from ganzoo.compare.grid import Cell
    from ganzoo.compare.store import Store

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    Args:
        plan: what was compared.
        records: one for each run, in the order of the plan.
        folder: where everything is.
    """

    plan: Plan
    records: tuple[Record, ...]
    folder: Path

    @property
    def report_path(self) -> Path:
        """Where the page is, once :meth:`write_report` or ``ganzoo compare`` has written it."""
        return self.folder / "report.html"

    @cached_property
    def summary(self) -> Summary:
        """Each objective on each task, with means over seeds, their intervals, and ranks."""
        return summarise(self.records)

    def table(self) -> str:
        """The results as Markdown: a table for each task, and what it shows."""
        return markdown(list(self.records))

    def write_report(self, *, opponent: str = "") -> Path:
        """Write the page with everything, and give its path. Every objective is tested against
        the ``opponent``, which is chosen as :meth:`against` does where none is named.
        """
        return write_html(list(self.records), self.folder, self.report_path, opponent=opponent)

    def ranking(self) -> Ranking:
        """Who ranks where over all tasks and seeds, and by how much ranks must differ.

        Raises:
            Incompatible: fewer than three objectives or two complete blocks.
        """
        return ranking(self.records)

    def against(self, label: str = "") -> tuple[Versus, ...]:
        """Every other objective against one, over all tasks and seeds, by Wilcoxon's test with
        Holm's correction; ``.text()`` says it in a sentence.

        Args:
            label: of the one; nonsaturating where it takes part, or else the plan's first.

        Raises:
            UnknownName: no objective is called so.
        """
        return against(self.records, label)

    def columns(self) -> dict[str, list[Any]]:
        """A column for each of label, task, seed, status, reason, diagnosis, steps, seconds,
        each metric of the last checkpoint by its name, ``"best <metric>"`` for each of the
        best one, and key, with a row for each run; None where there is no value.
        """
        rows = [_flat(record) for record in self.records]
        names = dict.fromkeys(name for row in rows for name in row)
        return {name: [row.get(name) for row in rows] for name in names}

    def frame(self) -> Any:
        """:meth:`columns` as a ``pandas.DataFrame``.

        Raises:
            MissingDependency: without pandas.
        """
        try:
            import pandas  # type: ignore[import-untyped,unused-ignore]
        except ImportError as error:
            raise MissingDependency(
                "frame() needs pandas, which is not installed: pip install pandas. "
                "columns() gives the same as lists"
            ) from error
        return pandas.DataFrame(self.columns())


def compare(
    plan: Plan | Mapping[str, Any] | str | Path | None = None,
    *,
    name: str = "",
    directory: str | Path = "runs",
    workers: int = 0,
    fresh: bool = False,
    live: bool = False,
    display: Display | None = None,
) -> Comparison:
    """Train every loss of a plan on every task with every seed, and measure.

    Each run is a record in ``<directory>/<name>/records.jsonl``, known by the content of its
    recipe: a run that has been made is not made again, so that the same call after an
    interruption goes on where it was. Runs that failed are tried again.

    Args:
        plan: a plan, a mapping like that of a file, a TOML file; the built-in one without.
        name: of the folder; the plan's where none is given.
        directory: what the folder is in.
        workers: processes; 0 for one a core, or one alone where there is a GPU.
        fresh: put earlier records aside (``records.old-<n>.jsonl``) and make every run.
        live: write TensorBoard event files into ``live`` in the folder, while it runs.
        display: is told of everything; nothing is shown without one.

    Raises:
        MissingDependency: ``live`` without TensorBoard.
        BadPlan: the plan cannot be read, or names what no plugin offers.
        GanzooError: another process writes this folder, or no worker starts.
        KeyboardInterrupt: at SIGINT or SIGTERM; what was made is kept.

    Example:
        >>> plan = {"losses": ["lsgan"], "tasks": ["ring8"], "seeds": 1}
        >>> compare(plan, directory="runs").records[0].status  # doctest: +SKIP
        'finished'
    """
    # Late, because they import torch.
    from ganzoo.compare.display import Display
    from ganzoo.compare.grid import grid
    from ganzoo.compare.store import Store

    made, shown = Plan.of(plan).but(name=name), display or Display()
    grid(made)  # what is wrong with the plan is said before anything is touched
    store = Store(Path(directory) / made.name)
    shown = _written(store, shown) if live else shown
    with store.locked(), shown:
        go = partial(_run, plan=made, workers=workers, fresh=fresh, display=shown)
        chosen = _tune(go, made, store, shown) if made.tune else {}
        go(grid(made, chosen), store)
        return Comparison(made, tuple(store.current()), store.folder)


def _written(store: Store, shown: Display) -> Display:
    """The same display, with event files beside it."""
    from ganzoo.compare.live import EventFiles

    return EventFiles(store.folder / "live", shown)


def _tune(
    go: Callable[[list[Cell], Store], None], plan: Plan, store: Store, display: Display
) -> dict[tuple[str, str], dict[str, Any]]:
    """Search for settings; the runs of the search have a folder of their own within."""
    from ganzoo.compare.store import Store
    from ganzoo.compare.tuning import choose, tuning_cells

    cells, inner = tuning_cells(plan), Store(store.folder / "tuning")
    display.note(f"a search first: {plan.tune} draws of settings for every loss on every task")
    go(cells, inner)
    return choose(plan, cells, inner.read())


def _run(
    cells: list[Cell], store: Store, *, plan: Plan, workers: int, fresh: bool, display: Display
) -> None:
    from ganzoo.compare.runner import run_cells

    waiting = _prepare(store, plan, cells, fresh=fresh, display=display)
    display.starts(len(cells), len(cells) - len(waiting))
    run_cells(waiting, store, workers=workers, display=display, at_once=plan.seeds_at_once)


def _prepare(
    store: Store, plan: Plan, cells: Sequence[Cell], *, fresh: bool, display: Display
) -> list[Cell]:
    """Put the folder in order; gives the cells that are still to run."""
    from ganzoo.records.record import Listed

    for message in store.repair():
        display.note(message)
    aside = store.start_afresh() if fresh else None
    if aside is not None:
        display.note(f"earlier records are now in {aside}")
    runs = [Listed(cell.key, cell.label, cell.task, cell.seed) for cell in cells]
    store.plans(plan.text(), runs)
    known = store.read()
    waiting = [c for c in cells if c.key not in known or known[c.key].status == "failed"]
    kept = [known[c.key] for c in cells if c not in waiting]
    if other := _other_versions(kept):
        display.note(f"made before by other versions than these: {other}; --fresh makes all anew")
    return waiting


def _other_versions(records: Sequence[Record]) -> str:
    """The plugins of records that are now here in another version, or not at all."""
    from ganzoo.registry import default_registry

    here = {plugin.distribution: plugin.version for plugin in default_registry().plugins()}
    used = {pair for record in records for pair in record.plugins.items()}
    return ", ".join(f"{name} {version}" for name, version in sorted(used - set(here.items())))


def _flat(record: Record) -> dict[str, Any]:
    names = ("label", "task", "seed", "status", "reason")
    best = {f"best {name}": value for name, value in record.best.items()}
    return {
        **{name: getattr(record, name) for name in names},
        "diagnosis": ", ".join(record.diagnosis),
        "steps": record.speed.steps,
        "seconds": record.speed.seconds,
        **record.metrics,
        **best,
        "key": record.key,
    }
