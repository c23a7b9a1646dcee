"""How good samples are, as functions on tensors of features: ``ganzoo.metrics``.

    fd = ganzoo.metrics.frechet_distance(fake, real)       # (N, F) and (M, F), any float dtype
    moments = ganzoo.metrics.Moments(2048)                 # or in batches, a set at a time
    moments.update(batch)

All are computed in float64 and in blocks, so that memory does not grow with N times M. Those
over all pairs can share one pass, which costs less than half of what they cost one by one::

    balls, kid, energy = ganzoo.metrics.all_pairs(
        fake, real, Balls(k=5), KernelMeans(Polynomial()), Energy()
    )

A :class:`Comparison` and a :class:`Tally` of one's own can join it; see there. What
the command line and comparisons know by name, with extractors, floors and options, are the
registered metrics (``ganzoo list metrics``, :func:`ganzoo.get_metric`) above the same functions.
"""

from __future__ import annotations

from ganzoo.evaluate.energy import Energy, energy_distance
from ganzoo.evaluate.frechet import frechet_distance
from ganzoo.evaluate.histogram import reverse_kl, shrunken_law
from ganzoo.evaluate.inception import inception_score
from ganzoo.evaluate.infinity import Extrapolated, frechet_infinity
from ganzoo.evaluate.kernel import (
    Blocks,
    Discrepancy,
    KernelMeans,
    gaussian_distance,
    kernel_blocks,
    kernel_discrepancy,
    kernel_distance,
)
from ganzoo.evaluate.levels import to_levels
from ganzoo.evaluate.manifold import Balls, Manifold, manifold
from ganzoo.evaluate.memorisation import Closest, Memorisation, memorisation
from ganzoo.evaluate.modes import ModeCounts, count_modes, covered_modes, high_quality_share
from ganzoo.evaluate.moments import Moments
from ganzoo.evaluate.neighbours import Nearest, Neighbours
from ganzoo.evaluate.pairwise import Band, Block
from ganzoo.evaluate.sharing import Ask
from ganzoo.evaluate.similarity import Gaussian, Polynomial
from ganzoo.evaluate.sweep import Comparison, Tally, all_pairs
from ganzoo.evaluate.transport import exact_wasserstein, sliced_wasserstein

__all__ = [
    "Ask",
    "Balls",
    "Band",
    "Block",
    "Blocks",
    "Closest",
    "Comparison",
    "Discrepancy",
    "Energy",
    "Extrapolated",
    "Gaussian",
    "KernelMeans",
    "Manifold",
    "Memorisation",
    "ModeCounts",
    "Moments",
    "Nearest",
    "Neighbours",
    "Polynomial",
    "Tally",
    "all_pairs",
    "count_modes",
    "covered_modes",
    "energy_distance",
    "exact_wasserstein",
    "frechet_distance",
    "frechet_infinity",
    "gaussian_distance",
    "high_quality_share",
    "inception_score",
    "kernel_blocks",
    "kernel_discrepancy",
    "kernel_distance",
    "manifold",
    "memorisation",
    "reverse_kl",
    "shrunken_law",
    "sliced_wasserstein",
    "to_levels",
]
