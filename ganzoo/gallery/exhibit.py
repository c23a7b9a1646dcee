"""Exhibit: what the gallery keeps of one model, and how it comes to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from ganzoo.errors import GanzooError
from ganzoo.gallery.models import Model, about, recipe_of
from ganzoo.recipe import Choice, Run, assemble

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
        last: the last value of every meter.
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
    last: dict[str, float | None] = {}
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
    dataset: Choice,
    *,
    steps: int,
    seed: int,
    folder: Path,
    on_report: OnReport | None = None,
) -> Exhibit:
    """Train a model and take its pictures on the way, or read what was done before.

    A model that fails gives an exhibit with the reason. A run that was broken off goes on
    from its last milestone.

    Args:
        model, dataset, steps, seed: what is trained.
        folder: of the gallery; each run has its own below ``models/``.
        on_report: gets every row of the history.
    """
    try:
        recipe = recipe_of(model, dataset, steps=steps, seed=seed)
        place = folder / "models" / f"{_plain(model.name)}-{recipe.key[:8]}"
        if (place / _FILE).exists():
            return _read(place)
        run = assemble(recipe)
        run.resume(place)
        taken = _train(run, place, on_report)
        shown = Exhibit(
            name=model.name,
            title=model.title,
            about=about(model),
            reason=f"The run diverged: {run.reason}." if run.status == "diverged" else "",
            steps=taken,
            seconds=run.trainer.seconds,
            latent=run.trainer.game.prior.latent,
            metrics=_measured(run),
            last={name: column[-1] for name, column in run.history.items() if column},
        )
        (place / _FILE).write_bytes(msgspec.json.format(msgspec.json.encode(shown)) + b"\n")
        return _read(place)
    except GanzooError as error:
        return Exhibit(name=model.name, title=model.title, reason=str(error))
    except Exception as error:  # a fault of one model is not the end of the others
        return Exhibit(
            name=model.name, title=model.title, reason=f"{type(error).__name__}: {error}"
        )


def _train(run: Run, place: Path, on_report: OnReport | None) -> list[int]:
    """Go from milestone to milestone; gives those that were reached."""
    from safetensors.torch import save_file

    from ganzoo.gallery.shots import shots

    trainer, taken = run.trainer, []
    for step in milestones(trainer.settings.steps):
        if step > trainer.done:
            trainer.run(step - trainer.done, on_report=on_report)
        if trainer.status == "diverged":
            break
        file = place / f"shots-{step:08d}.safetensors"
        if trainer.done == step:
            save_file(shots(run), file)
            trainer.save(place)
        if file.exists():
            taken.append(step)
    return taken


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
    shown.shots = [load_file(place / f"shots-{step:08d}.safetensors") for step in shown.steps]
    return shown


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
