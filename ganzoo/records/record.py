"""Record: one run, one line of JSON. Every number in a report comes from one."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["VERSION", "Listed", "Portrait", "Record", "Speed"]

VERSION = 2


class Speed(msgspec.Struct, frozen=True):
    """What a run cost: wall-clock seconds of training alone, process seconds of the same,
    generator steps, discriminator turns in all, and real samples dealt to the discriminator.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    steps: int = 0
    discriminator_steps: int = 0
    samples: int = 0


class Portrait(msgspec.Struct, frozen=True):
    """An objective as pictures need it: its per-sample losses against the score.

    ``score`` is the axis; ``discriminator_real``, ``discriminator_fake``, ``generator`` are
    losses as minimised, ``generator_gradient`` the derivative of the last one; a column that
    cannot be drawn is empty. ``formulas`` is the docstring of the loss.
    """

    title: str = ""
    summary: str = ""
    formulas: str = ""
    paper: str = ""
    year: int = 0
    family: str = ""
    score: tuple[float, ...] = ()
    discriminator_real: tuple[float, ...] = ()
    discriminator_fake: tuple[float, ...] = ()
    generator: tuple[float, ...] = ()
    generator_gradient: tuple[float, ...] = ()


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a comparison.

    Attributes:
        key: the content hash of the recipe; a run with this key is not run again.
        label: how the objective is called in tables, e.g. ``"hinge + spectral-norm"``.
        task: how the data and networks are called in tables, e.g. ``"ring8"``.
        seed: of the run.
        recipe: the whole of the run, as JSON data.
        settings: of the training, as resolved from paper, task and recipe.
        networks: what was built, with its options, as a recipe would name it; empty of a run
            that failed, and of records from before this was kept.
        plugins: distribution -> version of everything that took part.
        machine: platform, processor, torch version, device, threads.
        status: ``"finished"``, ``"diverged"`` or ``"failed"``.
        reason: why it did not finish, in a sentence.
        curve: named columns of equal length, ``"step"`` and ``"seconds"`` among them; meters
            and metrics, None where one was not measured.
        metrics: the values at the end, by metric name; None for one that is not finite.
        best: the same at the best checkpoint, which was chosen on a validation split by the
            deciding metric; empty without one. Never to be shown without ``metrics``.
        best_step: the generator step of that checkpoint; 0 without one.
        floor: the same metrics on real training samples: what a perfect sampler gets.
        baseline: the same of images that have the mean and covariance of the training images,
            pixel by pixel, and nothing else in common with them; empty for other data.
        directions: metric name -> ``"lower"`` or ``"higher"``, which is better.
        ranked: the metrics that may decide, the deciding one first.
        speed: what it cost.
        budget: what was asked for: ``"steps"``, ``"seconds"`` of training, or both, whichever
            came first.
        seeds_at_once: those that were trained with it in one operation at a time, its own among
            them; then seconds are equal shares of theirs. Empty for a run trained alone.
        tuned: of a run whose settings were searched for: ``"draws"``, the ``"settings"`` that
            were chosen, the ``"metric"`` and its ``"validation"`` value, and of each draw in
            ``"tried"`` the same with its ``"status"``; empty for others.
        diagnosis: what went wrong, in words: ``"diverged"``, ``"collapsed"``, ``"saturated"``,
            ``"oscillating"``, ``"memorising"``, ``"still improving"``.
        missing: the modes or classes that the generator lost, by index or name.
        samples: a safetensors file beside the records with ``"fake"`` and ``"real"``, and
            ``"fake@STEP"`` for each of ``steps_shown``.
        steps_shown: the steps at which samples of the same noise were kept, ascending.
        portrait: the objective's formulas and losses against the score.
        commit: of ganzoo's sources, where they are a git checkout, ``"+changes"`` behind one
            that was changed; else empty.
        finished_at: ISO time.
    """

    key: str
    label: str
    task: str
    seed: int
    recipe: dict[str, Any]
    status: str
    version: int = VERSION
    reason: str = ""
    settings: dict[str, Any] = {}
    networks: str = ""
    plugins: dict[str, str] = {}
    machine: dict[str, Any] = {}
    curve: dict[str, list[float | None]] = {}
    metrics: dict[str, float | None] = {}
    floor: dict[str, float | None] = {}
    baseline: dict[str, float | None] = {}
    directions: dict[str, str] = {}
    ranked: tuple[str, ...] = ()
    best: dict[str, float | None] = {}
    best_step: int = 0
    speed: Speed = Speed()
    budget: dict[str, float] = {}
    seeds_at_once: tuple[int, ...] = ()
    tuned: dict[str, Any] = {}
    diagnosis: tuple[str, ...] = ()
    missing: tuple[int | str, ...] = ()
    samples: str = ""
    steps_shown: tuple[int, ...] = ()
    portrait: Portrait | None = None
    commit: str = ""
    finished_at: str = ""


class Listed(msgspec.Struct, frozen=True):
    """A run of the present plan: its key, and how the plan calls it."""

    key: str
    label: str
    task: str
    seed: int
