"""The two sides of an evaluation: the samples, and the data that they are held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from torch import Tensor

from ganzoo.errors import BadData, BadOption, ShapeMismatch, UnknownName
from ganzoo.evaluate import Reference, Samples
from ganzoo.evaluate.levels import to_levels
from ganzoo.evaluate.order import content_order
from ganzoo.game import Source
from ganzoo.recipe.assembly import assemble
from ganzoo.recipe.recipe import Choice, Recipe
from ganzoo.recipe.samples import Kept, OnProgress, read_samples
from ganzoo.recipe.unkept import unkept
from ganzoo.registry import get_dataset

__all__ = ["LARGEST", "Against", "Given", "against", "fitted", "given"]

LARGEST = 10_000
"""Samples of each side that are compared where nothing else is asked for."""


@dataclass
class Given:
    """Samples, and the data of the run that made them, where one did."""

    x: Tensor
    labels: Tensor | None = None
    source: Source | None = None
    reference: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass
class Against:
    """Real samples.

    Attributes:
        real: gives them, with an extractor or without.
        floor: gives as many further real samples, None where there are none.
        shape: of a sample.
        levels: as :attr:`ganzoo.Source.levels`.
        source: where they are of a data set.
    """

    real: Callable[..., Samples]
    floor: Callable[..., Samples] | None
    shape: tuple[int, ...]
    levels: int
    source: Source | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def image(self) -> bool:
        """Whether samples are pictures."""
        return len(self.shape) == 3


def given(
    samples: str | Path | Tensor, count: int, size: int, on_progress: OnProgress | None
) -> Given:
    """Samples of a run's folder, of a folder or file, or as they are.

    Raises:
        BadOption: a count of 1 or below 0.
        BadData: fewer than two samples.
        MissingData: there is no such place, or it is a comparison's.
    """
    if count < 0 or count == 1:
        raise BadOption(f"count={count}: at least 2 samples, or 0 for all up to {LARGEST}")
    if isinstance(samples, Tensor):
        if not samples.ndim or len(samples) < 2:
            raise BadData(f"samples are (N, ...), at least 2; found {tuple(samples.shape)}")
        x = samples.detach().float() if samples.element_size() < 4 else samples.detach()
        return Given(_some(x if x.ndim > 1 else x[:, None], count))
    place = Path(samples).expanduser()
    if (place / "records.jsonl").is_file():
        raise unkept(place)
    if (place / "recipe.json").is_file():
        run = assemble(Recipe.load(place / "recipe.json"))
        run.trainer.load(place)
        x, labels = run.trainer.sample_labelled(count or run.evaluator.count)
        note = f"made by the averaged generator of step {run.trainer.done} of {run.recipe.label}"
        return Given(x.detach(), labels, run.source, str(run.recipe.dataset), [note])
    kept = read_samples(place, size=size, on_progress=on_progress)
    found = Given(_some(kept.x, count), notes=kept.notes)
    if len(found.x) < len(kept.x):
        found.notes.append(f"{len(found.x)} of {len(kept.x)} samples are compared, by content")
    return found


def _some(x: Tensor, count: int) -> Tensor:
    wanted = count or LARGEST
    return x if len(x) <= wanted else x[content_order(x)[:wanted]]


def against(
    reference: str | Path | Tensor | Source,
    *,
    count: int,
    seed: int,
    size: int,
    on_progress: OnProgress | None,
) -> Against:
    """Held-out samples of a data set, or those of a folder or file, as many as ``count``.

    Raises:
        UnknownName: it is neither there nor a data set; names the closest.
    """
    if isinstance(reference, Source):
        return _of_source(reference, count, seed)
    if isinstance(reference, Tensor):
        return _of_kept(Kept(reference.detach(), 0, []), count)
    place = Path(reference).expanduser()
    if place.exists():
        return _of_kept(read_samples(place, size=size, on_progress=on_progress), count)
    try:
        chosen = Choice.of(str(reference))
    except BadOption:
        raise UnknownName(f"{str(reference)!r} is neither a file nor a folder nor data") from None
    try:
        return _of_source(get_dataset(chosen.name, **chosen.options), count, seed)
    except UnknownName as error:
        raise UnknownName(f"{reference} is no file or folder, and {error}") from error


def _of_source(source: Source, count: int, seed: int) -> Against:
    def reference(extractor: object) -> Reference:
        return Reference(source, count, extractor=extractor, seed=seed)  # type: ignore[arg-type]

    return Against(
        lambda extractor=None: reference(extractor).held_out,
        lambda extractor=None: reference(extractor).training(),
        source.spec.shape,
        source.levels,
        source,
    )


def _of_kept(kept: Kept, count: int) -> Against:
    x = kept.x[content_order(kept.x)]
    made = partial(Samples, x[:count])
    further = partial(Samples, x[count : 2 * count]) if len(x) >= 2 * count else None
    return Against(made, further, tuple(x.shape[1:]), kept.levels, notes=kept.notes)


def fitted(x: Tensor, data: Against) -> Tensor:
    """Samples in the shape and on the levels of the data.

    Raises:
        ShapeMismatch: they are of another kind or size.
    """
    shape, own = data.shape, tuple(x.shape[1:])
    if data.image and len(own) == 3 and own[1:] == shape[1:]:
        grey = own[0] == 3 and bool((x == x[:, :1]).all())
        if shape[0] == 1 and grey:
            x = x[:, :1]
        elif shape[0] == 3 and own[0] == 1:
            x = x.expand(-1, 3, -1, -1)
    elif x[0].numel() == data.real().x[0].numel() and len(own) != 3:
        x = x.reshape(len(x), *shape)
    if tuple(x.shape[1:]) != shape:
        advice = (
            f" --size {shape[1]} (size={shape[1]}) resizes pictures."
            if data.image and len(own) == 3
            else ""
        )
        raise ShapeMismatch(f"the samples are of shape {own}, and the data of {shape}.{advice}")
    if data.levels:
        return to_levels(x, data.levels)
    return x.clamp(-1, 1) if data.image else x
