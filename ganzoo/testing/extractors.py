"""The conformance kit for feature extractors: what any correct one does."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import BadOption, GanzooError, MissingData, MissingDependency
from ganzoo.evaluate import Extractor
from ganzoo.game import Stream
from ganzoo.registry import Found, default_registry, get_dataset, get_extractor
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.words import DOCUMENTED, UNKNOWN_OPTION

__all__ = ["CHECKS", "Subject"]

_SHAPES = ((1, 8, 8), (3, 8, 8), (1, 32, 32), (3, 32, 32), (3, 64, 64), (2,))


class Subject:
    """An extractor under examination, and samples that suit it.

    Args:
        extractor: a registered name, or an extractor, which is copied and left as it is.
        samples: ``(N, *shape)``; where none are given, those of a data set that names it, or of
            the first usual shape that it takes.
        options: of the registered extractor.
    """

    waived: Mapping[str, str]

    def __init__(
        self, extractor: str | Extractor, *, samples: Tensor | None = None, **options: Any
    ) -> None:
        self._given, self.options, self.waived = extractor, options, {}
        self.found: Found | None = None
        self.excused = ""
        if isinstance(extractor, str):
            self.found = default_registry().find("extractors", extractor)
        try:
            self.extractor()
        except (MissingData, MissingDependency) as error:
            self.excused = str(error)
            return
        except BadOption as error:
            if self.found is None or getattr(self.found.entry, "builtin", True) or options:
                raise
            self.excused = str(error)  # it cannot be built without being told of what
            return
        suited = samples if samples is not None else next(self._suited(), None)
        self.excused = "" if suited is not None else "no installed data suit it; give samples=..."
        self.samples = torch.empty(0) if suited is None else suited

    def remade(self, **options: Any) -> Subject:
        """The same with some options changed."""
        assert self.found is not None
        return Subject(self.found.id, **{**self.options, **options})

    def extractor(self) -> Extractor:
        """A fresh one."""
        if isinstance(self._given, str):
            return get_extractor(self._given, **self.options)
        return copy.deepcopy(self._given)

    def _suited(self) -> Iterator[Tensor]:
        """Samples that it takes, the best first."""
        for x in (*self._of_data(), *(_noise(shape) for shape in _SHAPES)):
            try:
                self.extractor().features(x)
            except (GanzooError, RuntimeError, ValueError, IndexError):
                continue
            yield x

    def _of_data(self) -> Iterator[Tensor]:
        name = self.found.name if self.found else ""
        for found in default_registry().entries("datasets"):
            if not getattr(found.entry, "builtin", True):
                continue
            try:
                source = get_dataset(found.id)
            except GanzooError:
                continue
            if source.extractor == name:
                yield source.held_out(24, Stream(0, "kit").seek(0))[0]


def _noise(shape: tuple[int, ...]) -> Tensor:
    return torch.randn(24, *shape, generator=torch.Generator().manual_seed(0)).tanh()


def _features(subject: Subject) -> None:
    x, extractor = subject.samples, subject.extractor()
    found = extractor.features(x.clone().requires_grad_())
    if found.ndim != 2 or len(found) != len(x) or not found.shape[1]:
        fail(f"the features of {len(x)} samples have shape {tuple(found.shape)}, and not (N, F)")
    if found.dtype not in (torch.float32, torch.float64) or not bool(found.isfinite().all()):
        fail(f"the features are {found.dtype}, or not all finite; float32 or wider is wanted")
    if found.requires_grad:
        fail("the features carry a graph: compute them under torch.no_grad")
    if not bool((found.std(0) > 0).any()):
        fail("all samples have the same features")


def _per_sample(subject: Subject) -> None:
    x, extractor = subject.samples, subject.extractor()
    whole = extractor.features(x)
    alone = torch.cat([extractor.features(x[i : i + 1]) for i in range(6)])
    if not torch.allclose(whole[:6], alone, rtol=1e-3, atol=1e-4 * float(whole.abs().max())):
        fail(
            "the features of a sample depend on the batch that it is in: is the network in "
            "training mode, with batch normalisation or dropout? Call .eval() on it."
        )


def _repeats(subject: Subject) -> None:
    x, state = subject.samples, torch.get_rng_state()
    one, other = (subject.extractor().features(x) for _ in range(2))
    if not torch.equal(state, torch.get_rng_state()):
        torch.set_rng_state(state)
        fail("it draws from torch's global generator: weights are fixed, or of a seed of their own")
    if not torch.equal(one, other):
        fail("two extractors of one name give the same samples other features")
    if x._version:
        fail("it changes the samples that it is given")


def _classes(subject: Subject) -> None:
    extractor, x = subject.extractor(), subject.samples
    says = bool(getattr(subject.found.entry, "classifier", False)) if subject.found else None
    if says is not None and says != (extractor.classes > 0):
        fail(f"its entry says classifier={says}, and it tells {extractor.classes} classes apart")
    if not extractor.classes:
        skip("it is no classifier")
    found = extractor.predict(x)
    if found.shape != (len(x),) or found.dtype != torch.int64:
        fail(f"its classes are {found.dtype} of shape {tuple(found.shape)}; int64 (N,) is wanted")
    if not bool(((found >= 0) & (found < extractor.classes)).all()):
        fail(f"it finds classes beyond 0 .. {extractor.classes - 1}")


CHECKS = (
    DOCUMENTED,
    UNKNOWN_OPTION,
    Check("features", "features are (N, F), finite, without a graph, and differ", _features),
    Check("per_sample", "a sample's features do not depend on its batch", _per_sample),
    Check("repeats", "the same samples get the same features", _repeats),
    Check("classes", "a classifier finds its own classes", _classes),
)
"""What any correct extractor passes."""
