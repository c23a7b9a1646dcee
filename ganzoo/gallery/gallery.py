"""The gallery: train the models one after the other, and put them on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ganzoo.errors import BadOption
from ganzoo.gallery.exhibit import Exhibit, exhibit
from ganzoo.gallery.models import chosen, recipe_of, task_of
from ganzoo.gallery.page import write_page
from ganzoo.recipe import Choice

__all__ = ["make_gallery"]


def make_gallery(
    models: Sequence[str] = (),
    *,
    dataset: str | Mapping[str, Any] | Choice = "digits",
    steps: int = 0,
    seed: int = 0,
    folder: Path | str = "runs/gallery",
    progress: bool = False,
    on_model: Callable[[Exhibit], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Path:
    """Train models on images, and write ``gallery.html`` with a PNG of every sheet beside it.

    What was trained in this folder before is not trained again, and a model that was broken
    off goes on. A model that fails is shown with its reason.

    Args:
        models: names of :func:`collection` or of any loss; without any, all of the collection.
        dataset: where the images come from.
        steps: of each model; 0 for what the plan ``classic`` says, or the data suggest.
        seed: of everything random.
        folder: of the page, the PNGs and, below ``models/``, the runs.
        progress: show a progress bar for each model.
        on_model: gets each model as it is done.
        should_stop: asked after each step; then the page is of the models that are done.

    Returns:
        The path of the page.

    Raises:
        UnknownName, AmbiguousName, BadOption, MissingData: models or data that there are not.
    """
    if steps < 0:
        raise BadOption(f"steps={steps}: at least 1, or 0 for as many as are usual")
    task, source = task_of(Choice.of(dataset))
    asked, target, done = chosen(models), Path(folder), []
    for number, model in enumerate(asked, start=1):
        found = exhibit(
            model,
            partial(recipe_of, model, task, source, steps=steps, seed=seed),
            folder=target,
            bar=f"{number}/{len(asked)} {model.title}" if progress else "",
            should_stop=should_stop,
        )
        if found is None:
            break
        done.append(found)
        if on_model is not None:
            on_model(found)
    return write_page(done, target, dataset=task.title, asked=len(asked), seed=seed)
