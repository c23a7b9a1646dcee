"""One cell, run to its end: from a recipe to a record."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace
from safetensors.torch import save

from ganzoo.compare.film import Film
from ganzoo.compare.grid import Cell
from ganzoo.compare.portrait import portray
from ganzoo.compare.provenance import commit, machine, plugins
from ganzoo.compare.store import write_whole
from ganzoo.compare.underway import Trail
from ganzoo.errors import GanzooError
from ganzoo.evaluate.lost import lost
from ganzoo.evaluate.memorisation import copies_among
from ganzoo.evaluate.metric import Samples
from ganzoo.game import Stream, TensorSource
from ganzoo.recipe import Choice, Recipe, Run, assemble
from ganzoo.records.diagnosis import diagnose
from ganzoo.records.record import Portrait, Record, Speed
from ganzoo.registry import default_registry, get_loss

__all__ = ["Measured", "Tell", "Watched", "explain", "failed", "run_cell"]

POINTS, IMAGES = 1000, 64
"""How many generated and real samples are kept for pictures."""

COPIED = 0.1
"""How far above its expectation a memorising generator's share of copies is at least."""

Tell = Callable[[int, int, dict[str, float | None]], None]
Measured = dict[str, float | None]

_BOUNDS: dict[bytes, tuple[Measured, Measured]] = {}


def run_cell(cell: Cell, samples: Path, tell: Tell, trail: Trail | None = None) -> Record:
    """Train and measure; whatever goes wrong becomes a record too.

    Args:
        cell: what to run.
        samples: the folder for samples.
        tell: is told of progress: step, steps in all, and the last meters and metrics; of a
            run that goes on from a checkpoint, all of it again.
        trail: where it leaves checkpoints, and goes on from one; nowhere without it.
    """
    try:
        trail = trail or Trail([cell])
        (watched,) = trail.followed(lambda: [Watched(cell, assemble(cell.recipe))])

        def told(values: Measured) -> None:
            tell(*watched.look(), values)

        watched.tell_again(tell)
        watched.run.go(
            on_report=told,
            on_evaluate=told,
            should_rest=trail.due,
            on_rest=lambda: trail.leave([watched]),
        )
    except (Exception, SystemExit) as error:
        traceback.print_exc(file=sys.stderr)
        return failed(cell, explain(error))
    return watched.record(samples)


class Watched:
    """The run of a cell, and the samples of its moments."""

    def __init__(self, cell: Cell, run: Run) -> None:
        self.cell, self.run, self.film = cell, run, Film(run)
        self.film.look()

    def look(self) -> tuple[int, int]:
        """Keep samples if it is time; gives the step, and how many there will be in all."""
        self.film.look()
        step = self.run.trainer.done
        return step, _expected(step, self.run.trainer.progress)

    def tell_again(self, tell: Tell) -> None:
        """Tell of all that the run has been through."""
        history, trainer = self.run.history, self.run.trainer
        steps = _expected(trainer.done, trainer.progress)
        for row in zip(*history.values(), strict=True):
            values = dict(zip(history, row, strict=True))
            tell(int(values["step"] or 0), steps, values)

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps of it."""
        return {"run": self.run.state_dict(), "film": self.film.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state."""
        self.run.load_state_dict(state["run"])
        self.film.load_state_dict(state["film"])

    def record(self, samples: Path, seeds: tuple[int, ...] = ()) -> Record:
        """The record of the run, which has ended. ``seeds`` are those it was trained with at
        once, its own among them.
        """
        try:
            return replace(_record(self.cell, self.run, self.film, samples), seeds_at_once=seeds)
        except (Exception, SystemExit) as error:
            traceback.print_exc(file=sys.stderr)
            return failed(self.cell, explain(error))


def failed(cell: Cell, reason: str) -> Record:
    """The record of a cell that gave no result."""
    return Record(status="failed", reason=reason, **_identity(cell))


def explain(error: BaseException) -> str:
    """An error in a line: the message of one of ganzoo's own, else the class as well."""
    if isinstance(error, GanzooError):
        return str(error)
    return " ".join(traceback.format_exception_only(error)[-1].split())


def _identity(cell: Cell) -> dict[str, Any]:
    return {
        "key": cell.key,
        "label": cell.label,
        "task": cell.task,
        "seed": cell.seed,
        "tuned": cell.tuned,
        "recipe": msgspec.to_builtins(cell.recipe),
        "plugins": plugins(cell.recipe),
        "machine": machine(),
        "commit": commit(),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _expected(step: int, progress: float) -> int:
    """How many steps the run will have in all, as far as can be seen."""
    return round(step / progress) if progress > 0 else step


def _record(cell: Cell, run: Run, film: Film, samples: Path) -> Record:
    floor, baseline = _bounds(cell.recipe, run)
    names = [default_registry().find("metrics", name).entry for name in floor]
    # A generator of NaN has no metrics, whatever was measured on its way there.
    metrics = run.metrics if run.status == "finished" else dict.fromkeys(floor)
    record = Record(
        status=run.status,
        reason=run.reason,
        settings=msgspec.to_builtins(run.trainer.settings),
        networks=str(run.networks),
        curve=run.history,
        metrics=metrics,
        best=run.best,
        best_step=run.best_step,
        floor=floor,
        baseline=baseline,
        directions={entry.name: getattr(entry, "direction", "lower") for entry in names},
        ranked=tuple(entry.name for entry in names if getattr(entry, "ranks", True)),
        speed=_speed(run),
        budget=run.trainer.settings.budget,
        samples=_save_samples(cell, run, film, samples),
        steps_shown=film.steps,
        portrait=_portrait(msgspec.json.encode((cell.recipe.loss, cell.recipe.add))),
        **_identity(cell),
    )
    return _diagnosed(record, run)


def _diagnosed(record: Record, run: Run) -> Record:
    """The record with its diagnosis, and the modes that are missing."""
    missing: tuple[int, ...] = ()
    modes, copied = 0, False
    if run.judged is not None:
        real = run.evaluator.reference.held_out
        missing, modes = lost(run.judged, real)
        copied = _copied(run, run.judged, real)
    found = replace(record, missing=missing)
    return replace(found, diagnosis=diagnose(found, modes=modes, copied=copied))


def _copied(run: Run, fake: Samples, real: Samples) -> bool:
    """Whether samples are nearer to a finite training set than to as many held-out samples,
    more often than chance allows and by more than would matter to anyone.
    """
    if not isinstance(run.source, TensorSource):
        return False
    found = copies_among(fake, real)
    return found.share > found.expected + max(3 * found.error, COPIED)


def _speed(run: Run) -> Speed:
    trainer, objective = run.trainer, run.objective
    turns = objective.turns("discriminator") if "discriminator" in objective.players else 0
    return Speed(
        seconds=trainer.seconds,
        cpu_seconds=trainer.cpu_seconds,
        steps=trainer.done,
        discriminator_steps=trainer.done * turns,
        samples=trainer.done * turns * trainer.settings.batch,
    )


def _bounds(recipe: Recipe, run: Run) -> tuple[Measured, Measured]:
    """Floor and baseline of these data, metrics and this seed, which all objectives share."""
    seed = run.trainer.settings.seed
    asked = (
        recipe.dataset,
        recipe.metrics,
        recipe.evaluate_samples,
        run.evaluator.parted,
        seed,
    )
    key = msgspec.json.encode(asked)
    if key not in _BOUNDS:
        _BOUNDS[key] = dict(run.evaluator.floor()), dict(run.evaluator.baseline())
    return _BOUNDS[key]


def _save_samples(cell: Cell, run: Run, film: Film, folder: Path) -> str:
    """Generated and real samples; the file's place beside the records, empty without one."""
    count = IMAGES if run.source.image else POINTS
    stream = Stream(cell.seed, "pictures", run.trainer.device)
    tensors = {"fake": run.sample(count), "real": run.source.held_out(count, stream)[0]}
    if not bool(tensors["fake"].isfinite().all()):
        return ""
    tensors |= film.tensors()
    content = save({name: x.float().cpu().contiguous() for name, x in tensors.items()})
    write_whole(folder / f"{cell.key}.safetensors", content)
    return f"{folder.name}/{cell.key}.safetensors"


@lru_cache(maxsize=64)
def _portrait(asked: bytes) -> Portrait | None:
    """The portrait of a loss as the recipe has it, from a fresh one in its initial state."""
    loss, add = msgspec.json.decode(asked, type=tuple[Choice, tuple[str, ...]])
    objective = get_loss(loss.name, add=add, **loss.options)
    return portray(objective, default_registry().find("losses", loss.name))
