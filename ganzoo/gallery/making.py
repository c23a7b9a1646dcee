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

__all__ = ["gallery"]


def gallery(
    models: Sequence[str] = (),
    *,
    dataset: str | Mapping[str, Any] | Choice = "digits",
    steps: int = 0,
    seed: int = 0,
    folder: Path | str = "runs/gallery",
    progress: bool = False,
    on_model: Callable[[Exhibit], object] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Path:
    """Train models on images, and write ``gallery.html`` with a PNG of every sheet beside it.

    What was trained in this folder before is not trained again, what was broken off goes on,
    and a model that fails is shown with its reason.

    Args:
        models: names of :func:`collection` or of any loss; without any, all of the collection.
        dataset: where the images come from.
        steps: of each model; 0 for what the plan ``classic`` says, or the data suggest.
        seed: of everything random.
        folder: of the page, the PNGs and, below ``models/``, the runs.
        progress: show a progress bar for each model.
        on_model: gets each model as it is done.
        should_stop: asked after each step; the page is of what is done then.

    Returns:
        The path of the page.

    Raises:
        UnknownName, AmbiguousName, BadOption, MissingData: there are no such models or data.
    """
    if steps < 0:
        raise BadOption(f"steps={steps}: 1 or more, or 0 for the usual number")
    task, source = task_of(dataset)
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
        on_model(found)
    data = str(Choice(task.dataset.name, task.dataset.options))
    return write_page(done, target, dataset=data, asked=len(asked), seed=seed)
