"""Exhibit: what the gallery keeps of one model, and how it comes to be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from ganzoo.errors import GanzooError
from ganzoo.gallery.models import Model, about
from ganzoo.recipe import Recipe, Run, assemble
from ganzoo.train.progress import shown

__all__ = ["Exhibit", "exhibit", "milestones"]

Array = NDArray[np.float64]
OnReport = Callable[[dict[str, float | None]], None]
_FILE = "exhibit.json"


class Exhibit(msgspec.Struct, kw_only=True):
    """A trained model, or why there is none.

    Attributes:
        name, title: see :class:`Model`.
        about: what it is, in a line.
        reason: why it failed or diverged; empty where it did not.
        steps: the milestones at which there are pictures: 0 (before training), early, middle
            and last.
        seconds: of training.
        latent: elements of z.
        metrics: at the end, by name.
        first, last: the first and the last value of every meter.
        held_out: what was measured on held-out samples, by name, a value for each milestone.
        shots: the arrays of each milestone; kept apart, as safetensors.
    """

    name: str
    title: str
    about: str = ""
    reason: str = ""
    steps: list[int] = []
    seconds: float = 0.0
    latent: int = 0
    metrics: dict[str, float | None] = {}
    first: dict[str, float | None] = {}
    last: dict[str, float | None] = {}
    held_out: dict[str, list[float | None]] = {}
    shots: list[dict[str, Any]] = []

    def at_end(self, name: str) -> Array | None:
        """Arrays of the last milestone, as float64; None where there are none."""
        return self.at(-1, name)

    def at(self, milestone: int, name: str) -> Array | None:
        """Arrays of a milestone by its place, as float64; None where there are none."""
        found = self.shots[milestone].get(name) if self.shots else None
        return None if found is None else np.asarray(found, np.float64)


def milestones(steps: int) -> list[int]:
    """Before training, early, in the middle and at the end."""
    return sorted({0, max(1, steps // 25), max(1, steps // 2), steps})


def exhibit(
    model: Model,
    recipe: Callable[[], Recipe],
    *,
    folder: Path,
    bar: str = "",
    should_stop: Callable[[], bool] = lambda: False,
) -> Exhibit | None:
    """Train a model and take its pictures on the way, or read what was done before.

    A model that fails gives an exhibit with the reason. A run that was broken off goes on
    from where it stood.

    Args:
        model: what is shown.
        recipe: makes what trains it.
        folder: of the gallery; each run has its own below ``models/``.
        bar: the text beside a progress bar; none where it is empty.
        should_stop: asked after each step; then the run is kept, and there is no exhibit yet.
    """
    try:
        made = recipe()
        place = folder / "models" / f"{_plain(model.name)}-{made.key[:8]}"
        if (place / _FILE).exists():
            return _read(place)
        run = assemble(made)
        run.resume(place)
        with shown(bar, run.trainer.settings.steps) if bar else nullcontext() as on_report:
            ended = _train(run, place, on_report, should_stop)
        if not ended:
            return None
        (place / _FILE).write_bytes(
            msgspec.json.format(msgspec.json.encode(_shown(model, run, place))) + b"\n"
        )
        return _read(place)
    except GanzooError as error:
        return Exhibit(name=model.name, title=model.title, reason=str(error))
    except Exception as error:  # a fault of one model is not the end of the others
        return Exhibit(
            name=model.name, title=model.title, reason=f"{type(error).__name__}: {error}"
        )


def _shown(model: Model, run: Run, place: Path) -> Exhibit:
    steps = [step for step in milestones(run.trainer.settings.steps) if _file(place, step).exists()]
    metrics, history = _measured(run), run.history
    columns = {name: [v for v in column if v is not None] for name, column in history.items()}
    at = {step: place for place, step in enumerate(history["step"])}
    return Exhibit(
        name=model.name,
        title=model.title,
        about=about(model),
        reason=f"The run diverged: {run.reason}." if run.status == "diverged" else "",
        steps=steps,
        seconds=run.trainer.seconds,
        latent=run.trainer.game.prior.latent,
        metrics=metrics,
        first={name: column[0] for name, column in columns.items() if column},
        last={name: column[-1] for name, column in columns.items() if column},
        held_out={
            name: [column[at[step]] for step in steps if step in at]
            for name, column in history.items()
            if name.startswith("held-out/")
        },
    )


def _train(
    run: Run, place: Path, on_report: OnReport | None, should_stop: Callable[[], bool]
) -> bool:
    """Go from milestone to milestone; gives whether the run came to an end."""
    from safetensors.torch import save_file

    from ganzoo.gallery.shots import shots

    trainer, stopped = run.trainer, False

    def stop() -> bool:
        nonlocal stopped
        stopped = stopped or should_stop()
        return stopped

    for step in milestones(trainer.settings.steps):
        if step > trainer.done:
            trainer.run(step - trainer.done, on_report=on_report, should_stop=stop)
        if trainer.status == "diverged":
            return True
        if trainer.done == step:
            found = run.held_out()
            if found:
                trainer.note(found)
            save_file(shots(run), _file(place, step))
            trainer.save(place)
        if stopped:
            return False
    return True


def _file(place: Path, step: int) -> Path:
    return place / f"shots-{step:08d}.safetensors"


def _measured(run: Run) -> dict[str, float | None]:
    if run.status != "finished":
        return {}
    try:
        return run.evaluate()
    except GanzooError:  # figures are a help to the pictures, which stand without
        return {}


def _read(place: Path) -> Exhibit:
    from safetensors.numpy import load_file

    shown = msgspec.json.decode((place / _FILE).read_bytes(), type=Exhibit)
    shown.shots = [load_file(_file(place, step)) for step in shown.steps]
    return shown


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
