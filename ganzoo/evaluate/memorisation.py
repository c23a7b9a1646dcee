"""Whether generated samples are copies of the training set."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ganzoo.evaluate.checks import check_pair
from ganzoo.evaluate.metric import Samples
from ganzoo.evaluate.neighbours import Nearest, Neighbours, nearest
from ganzoo.evaluate.order import content_order
from ganzoo.evaluate.sharing import Ask, answer
from ganzoo.evaluate.sweep import Comparison, Tally

__all__ = ["Memorisation", "asks_for_copies", "copies_among", "memorisation"]


class Memorisation(NamedTuple):
    """How often a generated sample is nearer to the training set than to held-out data.

    Attributes:
        share: of generated samples whose nearest reference is a training sample, 0 .. 1; a
            tie counts as half.
        expected: what samples that owe the training set no more than the held-out one get.
        error: the standard deviation of their share, exact over all ways to deal the
            references to two sets: a share of more than ``expected + 3 * error`` is no chance.
    """

    share: float
    expected: float
    error: float


def memorisation(fake: Tensor, training: Tensor, held_out: Tensor) -> Memorisation:
    """Compare the nearest training sample with the nearest held-out one, of equally many.

    Of sets of different size the larger one would be nearer to anything; it is thinned, by
    the content of its rows. Of a training set much larger than the held-out one most copies
    go unseen: with a share s of it in the comparison, a generator that only copies gets
    about ``(1 + s) / 2``.

    Args:
        fake: ``(N, F)`` generated features.
        training: ``(T, F)`` features of training samples.
        held_out: ``(H, F)`` features of real samples that training never saw.

    Raises:
        ShapeMismatch: lengths of features that differ, or fewer than two samples.
        BadData: NaN or infinite features.
    """
    check_pair(fake, held_out)
    check_pair(fake, training)
    size = min(len(training), len(held_out))
    seen, unseen = (x[content_order(x)[:size].to(x.device)] for x in (training, held_out))
    return _compared(nearest(fake, seen), nearest(fake, unseen), size)


def _compared(seen: Neighbours, unseen: Neighbours, size: int) -> Memorisation:
    """Of the nearest among so many training and as many held-out samples."""
    count = len(seen.squares)
    nearer, tied = seen.squares < unseen.squares, seen.squares == unseen.squares
    share = (int(nearer.sum()) + int(tied.sum()) / 2) / count
    # How many samples each reference is nearest to: dealt anew, they come and go together.
    places = torch.where(nearer, seen.places, size + unseen.places)[~tied]
    weights = torch.bincount(places, minlength=2 * size).double() / count
    spread = float((weights - weights.mean()).square().sum())
    return Memorisation(share, 0.5, math.sqrt(spread * size / (2 * (2 * size - 1))))


@dataclass(frozen=True)
class Closest(Comparison[None, Neighbours]):
    """The nearest real sample to each generated one."""

    def between(
        self, fake: Tensor, real: Tensor, of_fake: None, of_real: None
    ) -> Tally[Neighbours]:
        """What :func:`ganzoo.evaluate.neighbours.nearest` gives."""
        return Nearest(fake, real)


def asks_for_copies(fake: Samples, real: Samples) -> list[Ask]:
    """What :func:`copies_among` wants: the nearest training and the nearest held-out sample.

    Raises:
        Incompatible: there are no training samples beside the real ones.
    """
    training = real.training
    size = min(len(training), len(real))
    return [Ask(fake, _thinned(x, size), Closest()) for x in (training, real)]


def copies_among(fake: Samples, real: Samples) -> Memorisation:
    """:func:`memorisation` of generated samples, computed once for these real ones.

    Raises:
        Incompatible: there are no training samples beside the real ones.
    """
    seen, unseen = asks_for_copies(fake, real)
    check_pair(fake.features, real.features)
    return _compared(answer(seen), answer(unseen), len(seen.real))


def _thinned(samples: Samples, size: int) -> Samples:
    """So many of them, always the same ones."""
    if len(samples) == size:
        return samples

    def some() -> Samples:
        kept = content_order(samples.features)[:size].to(samples.x.device)
        return Samples(samples.x[kept]).with_features(samples.features[kept])

    return samples.remember(f"thinned {size}", some)
