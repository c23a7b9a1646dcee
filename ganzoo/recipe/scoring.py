"""``ganzoo.evaluate``: how good anyone's samples are."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from ganzoo.errors import BadOption, GanzooError
from ganzoo.evaluate import Extractor, Metric, Samples
from ganzoo.evaluate.cache import content_hash
from ganzoo.evaluate.sharing import share
from ganzoo.game import Source, TensorSource
from ganzoo.recipe.looking import chosen_extractor, doubts, extract
from ganzoo.recipe.recipe import Choice
from ganzoo.recipe.samples import OnProgress
from ganzoo.recipe.scores import Score, Scores
from ganzoo.recipe.sides import Against, Given, against, fitted, given
from ganzoo.registry import MetricEntry, default_registry, get_metric

__all__ = ["evaluate"]

_OF_POINTS = ("energy-distance", "sliced-wasserstein", "wasserstein", "precision", "recall")
_OF_IMAGES = (
    "frechet-distance",
    "fd-infinity",
    "kid",
    "precision",
    "recall",
    "density",
    "coverage",
)


def evaluate(
    samples: str | Path | Tensor,
    reference: str | Path | Tensor | Source = "",
    *,
    metrics: Sequence[str] = (),
    extractor: str | Extractor = "",
    count: int = 0,
    size: int = 0,
    seed: int = 0,
    cache: bool = True,
    on_progress: OnProgress | None = None,
) -> Scores:
    """Measure samples against real data.

    Args:
        samples: a folder of pictures; a .npy, .npz, .safetensors or .pt file; a folder of
            ``ganzoo train``; or a tensor ``(N, *shape)``, images in -1 .. 1.
        reference: likewise, or a data set by name (``"digits"``, ``"images(root='x')"``), of
            which held-out samples are taken; the run's own where it is empty.
        metrics: names with options, or what suits the data.
        extractor: what features are of: a name with options, as in
            ``"inception(path='weights.pth')"``, an Extractor, or what suits the data.
        count: samples of each side; 0 for all, up to 10 000.
        size: pictures are resized to so many pixels a side; 0 to take them as they are.
        seed: chooses real samples of a data set.
        cache: keep the real samples' features in the user's cache, by their content.
        on_progress: told what is done, how far, of how many.

    Raises:
        GanzooError: for places, names, options and data that do not work. A metric that cannot
            be computed is a score without a value.

    Example:
        >>> import torch
        >>> evaluate(torch.zeros(50, 2), "ring8", metrics=["modes"]).metrics
        {'modes': 0.0}
    """
    made = given(samples, count, size, on_progress)
    whole = made.source if made.source is not None and reference == "" else reference
    if isinstance(whole, str) and whole == "":
        raise BadOption("what are the samples to be held against? Give a reference (--reference)")
    data = against(whole, count=len(made.x), seed=seed, size=size, on_progress=on_progress)
    found = _measured(made, data, _metrics(metrics, data), extractor, cache, on_progress)
    name = made.reference if reference == "" else _name(reference)
    return replace(found, samples=_name(samples), reference=name)


def _measured(
    made: Given,
    data: Against,
    chosen: Mapping[str, tuple[Metric, MetricEntry]],
    extractor: str | Extractor,
    cache: bool,
    on_progress: OnProgress | None,
) -> Scores:
    needs = {need for _, entry in chosen.values() for need in entry.needs}
    looks, spelled, key = chosen_extractor(extractor, data, needs)
    real = data.real(looks)
    fake = Samples(fitted(made.x, data), looks, real.mixture, labels=made.labels)
    notes = [*made.notes, *data.notes]
    if looks is not None:
        extract(fake, "features of the samples", on_progress)
        name = content_hash(key, real.x) if cache and key else ""
        extract(real, "features of the reference", on_progress, name)
    if "features" in needs:
        notes += doubts(fake.features, real.features)
    floor = _floor(data, looks, on_progress)
    metrics, scores = [metric for metric, _ in chosen.values()], []
    share(metrics, fake, real)
    if floor is not None:
        share([each for each in metrics if each.expected(fake, real) is None], floor, real)
    for done, (name, (metric, entry)) in enumerate(chosen.items(), start=1):
        scores.append(_score(name, metric, entry, (fake, real, floor), notes))
        if on_progress is not None:
            on_progress("metrics", done, len(chosen))
    counts, said = (len(fake), len(real)), tuple(dict.fromkeys(notes))
    return Scores("", "", counts, extractor=spelled, scores=tuple(scores), notes=said)


def _name(thing: object) -> str:
    return str(thing) if isinstance(thing, str | Path) else f"a {type(thing).__name__}"


def _metrics(asked: Sequence[str], data: Against) -> dict[str, tuple[Metric, MetricEntry]]:
    names = tuple(asked) or (data.source.task.metrics if data.source else ())
    if not asked and names and data.image and isinstance(data.source, TensorSource):
        names = (*names, "memorisation")
    chosen = {}
    for spelled in names or (_OF_IMAGES if data.image else _OF_POINTS):
        call = Choice.of(spelled)
        entry = default_registry().find("metrics", call.name).entry
        assert isinstance(entry, MetricEntry)
        name = str(Choice(entry.name, call.options))
        chosen[name] = (get_metric(call.name, **call.options), entry)
    return chosen


def _floor(
    data: Against, looks: Extractor | None, on_progress: OnProgress | None
) -> Samples | None:
    if data.floor is None:
        return None
    found = data.floor(looks)
    if looks is not None:
        extract(found, "features of the floor", on_progress)
    return found


def _score(
    name: str,
    metric: Metric,
    entry: MetricEntry,
    sides: tuple[Samples, Samples, Samples | None],
    notes: list[str],
) -> Score:
    fake, real, floor = sides
    shown = {"better": entry.direction, "ranks": entry.ranks}
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            value, error = metric(fake, real), metric.error(fake, real)
            notes.extend(str(each.message) for each in said)
            perfect = metric.expected(fake, real)
            if perfect is None and floor is not None:
                perfect = metric(floor, real)
    except GanzooError as failure:
        return Score(name, None, reason=str(failure), **shown)  # type: ignore[arg-type]
    reason = "" if math.isfinite(value) else "not finite; see the notes"
    return Score(
        name,
        value if math.isfinite(value) else None,
        error if error is not None and math.isfinite(error) else None,
        perfect if perfect is not None and math.isfinite(perfect) else None,
        reason=reason,
        **shown,  # type: ignore[arg-type]
    )
