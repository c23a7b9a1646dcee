"""Whether generated samples are copies of the training set."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from ganzoo.evaluate.checks import check_pair, wide
from ganzoo.evaluate.metric import Samples
from ganzoo.evaluate.order import content_order
from ganzoo.evaluate.pairwise import pairs, squared_distances

__all__ = ["Memorisation", "copies_among", "memorisation", "nearest"]


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
    seen_squares, seen_places = nearest(fake, seen)
    unseen_squares, unseen_places = nearest(fake, unseen)
    nearer, tied = seen_squares < unseen_squares, seen_squares == unseen_squares
    share = (int(nearer.sum()) + int(tied.sum()) / 2) / len(fake)
    # How many samples each reference is nearest to: dealt anew, they come and go together.
    places = torch.where(nearer, seen_places, size + unseen_places)[~tied]
    weights = torch.bincount(places, minlength=2 * size).double() / len(fake)
    spread = float((weights - weights.mean()).square().sum())
    return Memorisation(share, 0.5, math.sqrt(spread * size / (2 * (2 * size - 1))))


def copies_among(fake: Samples, real: Samples) -> Memorisation:
    """:func:`memorisation` of generated samples, computed once for these real ones.

    Raises:
        Incompatible: there are no training samples beside the real ones.
    """
    # The real samples are kept with the value, or their id might become another's.
    _, found = fake.remember(
        f"memorisation {id(real)}",
        lambda: (real, memorisation(fake.features, real.training.features, real.features)),
    )
    return found


def nearest(x: Tensor, reference: Tensor) -> tuple[Tensor, Tensor]:
    """``(N,)`` squared distance of each row of ``x`` (N, F) to the nearest row of
    ``reference`` (M, F), in float64, and ``(N,)`` which row that is.
    """
    centre = wide(reference).mean(0)
    squares = torch.full((len(x),), torch.inf, dtype=torch.float64, device=centre.device)
    places = torch.zeros(len(x), dtype=torch.int64, device=centre.device)
    for rows, columns in pairs(len(x), len(reference)):
        found, place = squared_distances(x[rows], reference[columns], centre).min(1)
        closer = found < squares[rows]
        squares[rows] = torch.where(closer, found, squares[rows])
        places[rows] = torch.where(closer, place + columns.start, places[rows])
    return squares, places
