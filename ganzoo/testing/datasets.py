"""The conformance kit for data sets: what any correct source does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import BadOption, GanzooError, MissingData, MissingDependency
from ganzoo.game import Source, Spec, Stream, TensorSource
from ganzoo.registry import (
    Found,
    default_registry,
    get_architecture,
    get_dataset,
    get_extractor,
)
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.words import DOCUMENTED, UNKNOWN_OPTION
from ganzoo.train import Settings

__all__ = ["CHECKS", "Subject"]

_COUNT = 64


class Subject:
    """A source under examination.

    Args:
        data: a registered name, or a source.
        options: of the registered data set.
    """

    waived: Mapping[str, str]

    def __init__(self, data: str | Source, **options: Any) -> None:
        self.options, self.waived, self.excused = options, {}, ""
        self.found: Found | None = None
        if isinstance(data, str):
            self.found = default_registry().find("datasets", data)
        try:
            self.source = get_dataset(data, **options) if isinstance(data, str) else data
        except (MissingData, MissingDependency) as error:
            self.excused = str(error)
        except BadOption as error:
            if self.found is None or getattr(self.found.entry, "builtin", True) or options:
                raise
            self.excused = str(error)  # it cannot be built without being told where it is

    def remade(self, **options: Any) -> Subject:
        """The same with some options changed."""
        assert self.found is not None
        return Subject(self.found.id, **{**self.options, **options})

    def draw(self, count: int = _COUNT, index: int = 0) -> tuple[Tensor, Tensor | None]:
        """A batch, and its labels."""
        return self.source.draw(count, Stream(0, "kit").seek(index))

    def held_out(self, count: int = _COUNT) -> tuple[Tensor, Tensor | None]:
        """Held-out samples, and their labels."""
        return self.source.held_out(count, Stream(0, "kit/held-out").seek(0))


def _shapes(subject: Subject) -> None:
    spec = subject.source.spec
    for count in (1, 7, _COUNT):
        for what, (x, labels) in (
            ("draw", subject.draw(count)),
            ("held_out", subject.held_out(count)),
        ):
            fewer = what == "held_out" and isinstance(subject.source, TensorSource)
            wanted = min(count, len(x)) if fewer else count
            if tuple(x.shape) != (wanted, *spec.shape) or x.dtype != torch.float32:
                fail(
                    f"{what}({count}) gives {x.dtype} of shape {tuple(x.shape)}; "
                    f"{(count, *spec.shape)} in float32 is wanted, whatever the draw"
                )
            if not bool(x.isfinite().all()):
                fail(f"{what} gives samples that are not finite")
            _examine_labels(labels, wanted, spec)


def _examine_labels(labels: Tensor | None, count: int, spec: Spec) -> None:
    if labels is None:
        if spec.classes:
            fail(f"its spec has {spec.classes} classes, and there are no labels")
        return
    if labels.shape != (count,) or labels.dtype != torch.int64:
        fail(f"labels are {labels.dtype} of shape {tuple(labels.shape)}; int64 (N,) is wanted")
    if not bool(((labels >= 0) & (labels < spec.classes)).all()):
        fail(f"a label is beyond 0 .. {spec.classes - 1}")


def _repeats(subject: Subject) -> None:
    state = torch.get_rng_state()
    first, _ = subject.draw(index=3)
    subject.draw(index=5)
    again, _ = subject.draw(index=3)
    other, _ = subject.draw(index=4)
    if not torch.equal(state, torch.get_rng_state()):
        torch.set_rng_state(state)
        fail("it draws from torch's global generator: draw from the stream it is given")
    if not torch.equal(first, again):
        fail("one place of a stream deals two different batches: a run could not be resumed")
    if torch.equal(first, other):
        fail("two places of a stream deal the same batch: does it draw from the stream at all?")


def _range(subject: Subject) -> None:
    if not subject.source.image:
        skip("its samples are no images")
    x, _ = subject.draw(256)
    low, high, levels = float(x.min()), float(x.max()), subject.source.levels
    if low < -1 - 1e-6 or high > 1 + 1e-6:
        fail(f"images are to be in -1 .. 1; these are in {low:.3g} .. {high:.3g}")
    if low >= 0:
        fail(
            f"images are to be in -1 .. 1; these are in {low:.3g} .. {high:.3g}: scaled to 0 .. 1?"
        )
    if levels:
        steps = (x + 1) * (levels - 1) / 2
        off = float((steps - steps.round()).abs().max())
        if off > 1e-3:
            fail(f"it says that elements take {levels} values, and some lie between them")


def _held_out(subject: Subject) -> None:
    source = subject.source
    x, _ = subject.held_out(10**6 if isinstance(source, TensorSource) else 2000)
    if isinstance(source, TensorSource) and len(x) != len(source.test):
        fail(f"asked for more than there are, held_out gives {len(x)} of {len(source.test)}")
    train = source.train if isinstance(source, TensorSource) else subject.draw(2000)[0]
    test = source.test if isinstance(source, TensorSource) else x
    known = {row.numpy().tobytes() for row in train.flatten(1)}
    both = sum(row.numpy().tobytes() in known for row in test.flatten(1))
    if both > len(test) // 100:  # a set may have a few samples twice
        fail(
            f"{both} of {len(test)} held-out samples are dealt in training too: metrics would "
            f"praise a generator that learnt them by heart"
        )


def _epochs(subject: Subject) -> None:
    source = subject.source
    if not isinstance(source, TensorSource):
        skip("it has no end, or is no TensorSource")
    batches = -(-len(source.train) // 256)
    if batches > 64:
        skip("it is too large to go through")
    rows = torch.cat([subject.draw(256, index)[0] for index in range(batches)])[: len(source.train)]
    dealt = len({row.numpy().tobytes() for row in rows.flatten(1)})
    there = len({row.numpy().tobytes() for row in source.train.flatten(1)})
    if dealt < there:
        fail(f"in one epoch {dealt} of {there} different training samples are dealt")


def _classes(subject: Subject) -> None:
    classes = subject.source.spec.classes
    if not classes:
        skip("it has no classes")
    _, labels = subject.draw(min(40 * classes, 40_000))
    assert labels is not None
    seen = int((torch.bincount(labels, minlength=classes) > 0).sum())
    if seen < classes:
        fail(f"of {classes} classes only {seen} are dealt")


def _mixture(subject: Subject) -> None:
    mixture = subject.source.mixture
    if mixture is None:
        skip("it is no known mixture")
    x, _ = subject.draw(2000)
    nearest = torch.cdist(x.flatten(1), mixture.centres.to(x)).amin(1)
    size = x.flatten(1).shape[1]
    ratio = float(nearest.square().mean()) / (size * mixture.scale**2)
    if not 0.5 < ratio < 2:
        fail(
            f"samples are {ratio**0.5:.2g} times as far from the nearest centre as the scale "
            f"that its mixture declares, {mixture.scale:.3g}: is one of them standardised, and "
            f"the other not?"
        )


def _suggestions(subject: Subject) -> None:
    source, registry = subject.source, default_registry()
    task = source.task
    try:
        Settings.of(task.settings)
        networks = get_architecture(task.architecture, source.spec, **task.options)
        entries = {name: registry.find("metrics", name).entry for name in task.metrics}
        extractor = get_extractor(source.extractor)
    except GanzooError as error:
        fail(f"what it suggests cannot be had: {error}")
    x, _ = subject.draw(2)
    z = torch.zeros(2, source.spec.latent)
    made = networks.generator()(z)
    if made.shape != x.shape:
        fail(f"the suggested generator makes {tuple(made.shape)}, and not {tuple(x.shape)}")
    if extractor.features(x).shape[0] != 2:
        fail(f"the extractor {source.extractor!r} does not take its samples")
    if entries and not getattr(next(iter(entries.values())), "ranks", True):
        fail(f"the first metric, {task.metrics[0]!r}, decides, and is none that may rank")
    lacking = {
        "mixture": source.mixture is None,
        "classifier": not extractor.classes,
    }
    for name, entry in entries.items():
        absent = [need for need in getattr(entry, "needs", ()) if lacking.get(need)]
        if absent:
            fail(f"it suggests the metric {name!r}, which needs a {absent[0]}, and has none")


def _device(subject: Subject) -> None:
    if subject.source.to("cpu") is not subject.source:
        fail("to(device) gives something else than the source itself")
    x, labels = subject.draw(4)
    if x.device.type != "cpu" or (labels is not None and labels.device.type != "cpu"):
        fail("on the CPU it deals samples on another device")


CHECKS = (
    DOCUMENTED,
    UNKNOWN_OPTION,
    Check("shapes", "shapes are static, labels whole numbers within the classes", _shapes),
    Check("repeats", "a place of a stream always deals the same batch", _repeats),
    Check("range", "images are in -1 .. 1, on their levels", _range),
    Check("held_out", "what is held out is not dealt in training", _held_out),
    Check("epochs", "every training sample comes once in an epoch", _epochs),
    Check("classes", "every class is dealt", _classes),
    Check("mixture", "samples lie about the declared modes", _mixture),
    Check("suggestions", "suggested networks, settings, metrics fit the data", _suggestions),
    Check("device", "it deals where it was moved to", _device),
)
"""What any correct data set passes."""
