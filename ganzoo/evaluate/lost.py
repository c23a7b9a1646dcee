"""Which modes or classes of the data a generator has lost."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ganzoo.evaluate.metric import Samples
from ganzoo.evaluate.modes import count_modes

__all__ = ["Lost", "lost"]

SHARE = 0.2  # what a mode must hold of its due, as in the metric ``modes``


class Lost(NamedTuple):
    """The ``missing`` modes or classes, by index, of ``total``."""

    missing: tuple[int, ...]
    total: int


def lost(fake: Samples, real: Samples) -> Lost:
    """The modes that hold less than a fifth of their due; of 0 where the data have none.

    Of a mixture, samples within three scales of a mode are its own, and the due of each is
    the same. A generator that spreads its samples over all modes alike, none of them good,
    has lost nothing: it is blurred. With a classifier the due of a class is its share of the
    real samples.
    """
    mixture = fake.mixture or real.mixture
    if mixture is not None:
        counts = count_modes(fake.x.flatten(1), mixture)
        due = torch.full((len(counts.near),), SHARE * len(fake) / len(counts.near))
        found = _below(counts.near, due)
        blurred = not len(_below(counts.nearest, due)) and 2 * len(found) > len(due)
        return Lost(() if blurred else found, len(due))
    if fake.extractor is None or not fake.extractor.classes:
        return Lost((), 0)
    classes = fake.extractor.classes
    counted = [torch.bincount(each.predicted, minlength=classes) for each in (fake, real)]
    due = counted[1].cpu() * (SHARE * len(fake) / len(real))
    return Lost(_below(counted[0], due), int((due > 0).sum()))


def _below(counts: Tensor, due: Tensor) -> tuple[int, ...]:
    return tuple((counts.cpu() < due).nonzero().flatten().tolist())
