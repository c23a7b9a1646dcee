"""A comparison's folder as samples: why it cannot be measured, and what can."""

from __future__ import annotations

import shlex
from pathlib import Path

import msgspec
from safetensors import safe_open

from ganzoo.errors import MissingData
from ganzoo.recipe.recipe import Recipe
from ganzoo.records.reading import current
from ganzoo.records.record import Record

__all__ = ["command", "unkept"]


def unkept(folder: Path) -> MissingData:
    """The error of whoever would measure a comparison's folder: of a run that has ended it
    holds the record and a few samples for its picture, and no weights to make more of.

    Raises:
        BadData: its records cannot be read.
    """
    said = [
        f"{folder} is a comparison: it keeps no weights of its runs to make samples by, and the "
        f"samples of its pictures are too few to judge a run by.",
        f"What it measured itself, on more: ganzoo report {shlex.quote(str(folder))}",
    ]
    kept = next((r for r in current(folder) if (folder / r.samples).is_file()), None)
    if kept is not None:
        recipe = msgspec.convert(kept.recipe, Recipe)
        name = f"{kept.label} on {kept.task}, seed {kept.seed}"
        home = f"runs/{kept.key}"
        said += [
            f"To measure {name} otherwise, train it where its weights are kept: "
            f"{command(recipe, home)} && ganzoo evaluate {home}",
            f"Its {_count(folder, kept)} samples as they are: ganzoo evaluate "
            f"{shlex.quote(str(folder / kept.samples))} --reference "
            f"{shlex.quote(str(recipe.dataset))}",
        ]
    return MissingData("\n".join(said))


def command(recipe: Recipe, folder: str) -> str:
    """The line that trains a recipe and keeps it in a folder; what the recipe measures on the
    way is left out.
    """
    settings = {name: value for name, value in recipe.settings.items() if name != "seed"}
    words = ["ganzoo", "train", str(recipe.loss), "--dataset", str(recipe.dataset)]
    if recipe.architecture is not None:
        words += ["--architecture", str(recipe.architecture)]
    for term in recipe.add:
        words += ["--add", term]
    for name, value in settings.items():
        words += ["--set", f"{name}={value if isinstance(value, str) else repr(value)}"]
    words += ["--seed", str(recipe.settings.get("seed", 0))]
    words += ["--defaults", "paper"] if recipe.defaults == "paper" else []
    return shlex.join([*words, "--folder", folder])


def _count(folder: Path, record: Record) -> int:
    with safe_open(folder / record.samples, "numpy") as file:
        return int(file.get_slice("fake").get_shape()[0])
