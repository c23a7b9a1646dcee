"""The real side of every comparison: drawn once, and what was computed of it kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import torch
from torch import Tensor

from ganzoo.errors import BadData, BadOption
from ganzoo.evaluate.checks import require_varied
from ganzoo.evaluate.extractor import Extractor
from ganzoo.evaluate.metric import Samples
from ganzoo.game.source import Source, TensorSource
from ganzoo.game.stream import Stream

__all__ = ["Reference", "sensible_count"]

_Batch = tuple[Tensor, Tensor | None]

_POINTS, _IMAGES, _OF_A_CLASS = 4000, 2000, 26


class Reference:
    """Real samples that a metric compares with.

    Args:
        source: where they are from.
        count: how many, where there are as many.
        extractor: what metrics look at instead.
        seed: chooses them; the same ones for the same seed.
        device: where they are wanted; None for where the source gives them.
        parted: set a part of them aside for choices (:attr:`validation`), of which the others
            then know nothing: as many again where the source has no end of them, and of a
            finite set a third, always the same one.
    """

    def __init__(
        self,
        source: Source,
        count: int,
        *,
        extractor: Extractor | None = None,
        seed: int = 0,
        device: torch.device | str | None = None,
        parted: bool = False,
    ) -> None:
        self.source, self.count, self.extractor = source, count, extractor
        self.seed, self.device, self.parted = seed, device, parted

    @cached_property
    def held_out(self) -> Samples:
        """Samples that training never sees; what metrics remember of them is kept.

        Raises:
            BadData: fewer than two of them, NaN among them, or all the same.
        """
        return self._samples(*self._parts[0], "held-out", training=self.training)

    @cached_property
    def validation(self) -> Samples:
        """Further samples that training never sees, to choose by: a checkpoint, or settings.

        Raises:
            BadOption: they are not parted.
            BadData: as for :attr:`held_out`.
        """
        if not self.parted:
            raise BadOption("no samples were set apart to choose by; ask for parted=True")
        return self._samples(*self._parts[1], "validation", training=self.training)

    @cached_property
    def _parts(self) -> list[_Batch]:
        """The held-out samples, and those set apart from them."""
        if not self.parted:
            return [self.source.held_out(self.count, self._stream("held-out"))]
        asked = 2 * self.count
        x, labels = self.source.held_out(asked, self._stream("held-out"))
        cut = self.count
        if len(x) < asked:
            # Parted alike for every seed: what one run chose by, no other run is judged by.
            alike = Stream(0, "evaluate/parts", self.device or "cpu").seek(0)
            x, labels = self.source.held_out(asked, alike)
            cut = len(x) - len(x) // 3
        pairs = [(x[:cut], labels if labels is None else labels[:cut])]
        pairs.append((x[cut:], labels if labels is None else labels[cut:]))
        return [(x[: self.count], y if y is None else y[: self.count]) for x, y in pairs]

    def training(self) -> Samples:
        """As many training samples; of a finite set no more than it has, so that none comes
        twice. Drawn anew at each call.

        Raises:
            BadData: fewer than two of them, NaN among them, or all the same.
        """
        count = min(self.count, _training_size(self.source) or self.count)
        x, labels = self.source.draw(count, self._stream("floor"))
        return self._samples(x, labels, "training")

    def wrap(self, x: Tensor, labels: Tensor | None = None) -> Samples:
        """Samples on the device of the held-out ones, with the same extractor and truth."""
        return self._made(x.to(self.held_out.x.device), labels)

    def _made(
        self, x: Tensor, labels: Tensor | None, training: Callable[[], Samples] | None = None
    ) -> Samples:
        labels = None if labels is None else labels.to(x.device)
        return Samples(x, self.extractor, self.source.mixture, labels=labels, training=training)

    def _stream(self, purpose: str) -> Stream:
        return Stream(self.seed, f"evaluate/{purpose}", self.device or "cpu").seek(0)

    def _samples(
        self,
        x: Tensor,
        labels: Tensor | None,
        name: str,
        training: Callable[[], Samples] | None = None,
    ) -> Samples:
        if len(x) < 2:
            raise BadData(f"a comparison needs at least 2 {name} samples; the data gave {len(x)}")
        broken = int((~torch.isfinite(x.flatten(1)).all(1)).sum())
        if broken:
            raise BadData(f"{broken} of {len(x)} {name} samples are NaN or infinite")
        require_varied(x.flatten(1), "elements")
        return self._made(x if self.device is None else x.to(self.device), labels, training)


def sensible_count(source: Source, extractor: Extractor | None = None) -> int:
    """How many samples to compare: 4000 points or 2000 images, 26 of each class where there
    are many (so 26 000 for the 1000 classes of stacked digits, as is usual), and no more than
    a finite training set has.
    """
    count = _IMAGES if source.image else _POINTS
    if extractor is not None:
        count = max(count, _OF_A_CLASS * extractor.classes)
    return min(count, _training_size(source) or count)


def _training_size(source: Source) -> int:
    """How many training samples there are; 0 for no end of them."""
    return len(source.train) if isinstance(source, TensorSource) else 0
