"""The gallery: train the models one after the other, and put them on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from ganzoo.errors import BadOption
from ganzoo.gallery.exhibit import Exhibit, exhibit
from ganzoo.gallery.models import chosen
from ganzoo.gallery.page import write_page
from ganzoo.recipe import Choice
from ganzoo.registry import lookup
from ganzoo.train.progress import shown

__all__ = ["STEPS", "make_gallery"]

STEPS = 2000


def make_gallery(
    models: Sequence[str] = (),
    *,
    dataset: str | Mapping[str, Any] | Choice = "digits",
    steps: int = STEPS,
    seed: int = 0,
    folder: Path | str = "runs/gallery",
    progress: bool = False,
    on_model: Callable[[Exhibit], None] | None = None,
) -> Path:
    """Train models on images, and write ``gallery.html`` with a PNG of every sheet beside it.

    What was trained in this folder before is not trained again, and a model that was broken
    off goes on. A model that fails is shown with its reason.

    Args:
        models: names of :data:`MODELS` or of any other loss; all of the collection where
            there are none.
        dataset: where the images come from.
        steps: of the generator, for each model.
        seed: of everything random.
        folder: of the page, the PNGs and, below ``models/``, the runs.
        progress: show a progress bar for each model.
        on_model: gets each model as soon as it is done.

    Returns:
        The path of the page.

    Raises:
        UnknownName, AmbiguousName, BadOption, MissingData: models or data that there are not.
    """
    if steps < 1:
        raise BadOption(f"steps={steps}: at least 1")
    data, target = Choice.of(dataset), Path(folder)
    source = lookup.get_dataset(data.name, **data.options)
    if not source.image:
        raise BadOption(
            f"a gallery shows pictures; the samples of {data} have the shape "
            f"{tuple(source.spec.shape)}. 'digits', 'mnist' and 'fashion-mnist' are pictures."
        )
    done = []
    for model in chosen(models):
        with shown(model.title, steps) if progress else nullcontext() as on_report:
            found = exhibit(model, data, steps=steps, seed=seed, folder=target, on_report=on_report)
        done.append(found)
        if on_model is not None:
            on_model(found)
    return write_page(done, target, dataset=str(data), steps=steps, seed=seed)
