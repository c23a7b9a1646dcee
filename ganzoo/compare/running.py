"""One cell, run to its end: from a recipe to a record."""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors.torch import save

from ganzoo.compare.grid import Cell
from ganzoo.compare.portrait import portray
from ganzoo.compare.store import write_whole
from ganzoo.errors import GanzooError
from ganzoo.game import Stream
from ganzoo.recipe import Choice, Recipe, Run, assemble
from ganzoo.records.record import Portrait, Record, Speed
from ganzoo.registry import Found, default_registry, get_loss, parse_call

__all__ = ["explain", "failed", "run_cell"]

POINTS, IMAGES = 1000, 64
"""How many generated and real samples are kept for pictures."""

Tell = Callable[[int, int, dict[str, float | None]], None]
Measured = dict[str, float | None]

_FLOORS: dict[bytes, Measured] = {}


def run_cell(cell: Cell, samples: Path, tell: Tell) -> Record:
    """Train and measure; whatever goes wrong becomes a record too.

    Args:
        cell: what to run.
        samples: the folder for samples.
        tell: is told of progress: step, steps in all, and the last meters and metrics.
    """
    try:
        run = assemble(cell.recipe)
        steps = run.trainer.settings.steps
        run.go(on_report=lambda row: tell(int(row["step"] or 0), steps, {**row, **run.metrics}))
        return _record(cell, run, samples)
    except (Exception, SystemExit) as error:
        traceback.print_exc(file=sys.stderr)
        return failed(cell, explain(error))


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
        "recipe": msgspec.to_builtins(cell.recipe),
        "plugins": {f.distribution: f.version for f in _found(cell.recipe)},
        "machine": _machine(),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _record(cell: Cell, run: Run, samples: Path) -> Record:
    floor = _floor(cell.recipe, run)
    names = [default_registry().find("metrics", name).entry for name in floor]
    # A generator of NaN has no metrics, whatever was measured on its way there.
    metrics = run.metrics if run.status == "finished" else dict.fromkeys(floor)
    return Record(
        status=run.status,
        reason=run.reason,
        settings=msgspec.to_builtins(run.trainer.settings),
        curve=run.history,
        metrics=metrics,
        floor=floor,
        directions={entry.name: getattr(entry, "direction", "lower") for entry in names},
        ranked=tuple(entry.name for entry in names if getattr(entry, "ranks", True)),
        speed=_speed(run),
        samples=_save_samples(cell, run, samples),
        portrait=_portrait(msgspec.json.encode((cell.recipe.loss, cell.recipe.add))),
        **_identity(cell),
    )


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


def _floor(recipe: Recipe, run: Run) -> Measured:
    """The floor of these data, metrics and this seed, which all objectives share."""
    seed = run.trainer.settings.seed
    asked = (recipe.dataset, recipe.metrics, recipe.evaluate_samples, seed)
    key = msgspec.json.encode(asked)
    if key not in _FLOORS:
        _FLOORS[key] = dict(run.evaluator.floor())
    return _FLOORS[key]


def _save_samples(cell: Cell, run: Run, folder: Path) -> str:
    """Generated and real samples; the file's place beside the records, empty without one."""
    count = IMAGES if run.source.image else POINTS
    stream = Stream(cell.seed, "pictures", run.trainer.device)
    tensors = {"fake": run.sample(count), "real": run.source.held_out(count, stream)[0]}
    if not bool(tensors["fake"].isfinite().all()):
        return ""
    content = save({name: x.float().cpu().contiguous() for name, x in tensors.items()})
    write_whole(folder / f"{cell.key}.safetensors", content)
    return f"{folder.name}/{cell.key}.safetensors"


@lru_cache(maxsize=64)
def _portrait(asked: bytes) -> Portrait | None:
    """The portrait of a loss as the recipe has it, from a fresh one in its initial state."""
    loss, add = msgspec.json.decode(asked, type=tuple[Choice, tuple[str, ...]])
    objective = get_loss(loss.name, add=add, **loss.options)
    return portray(objective, default_registry().find("losses", loss.name))


def _found(recipe: Recipe) -> list[Found]:
    """Everything of the recipe that a registry knows."""
    registry = default_registry()
    named = [
        ("losses", recipe.loss.name),
        ("datasets", recipe.dataset.name),
        *(("terms", parse_call(term)[0]) for term in recipe.add),
        *(("metrics", name) for name in recipe.metrics),
    ]
    if recipe.architecture is not None:
        named.append(("architectures", recipe.architecture.name))
    return [registry.find(kind, name) for kind, name in named]


@lru_cache(maxsize=1)
def _machine() -> dict[str, Any]:
    cuda = torch.cuda.is_available()
    return {
        "platform": platform.platform(),
        "python": platform.python_version(),
        "processor": _processor(),
        "torch": str(torch.__version__),
        "device": torch.cuda.get_device_name() if cuda else "cpu",
        "threads": torch.get_num_threads(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    found = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return found[0] if found else platform.processor()
