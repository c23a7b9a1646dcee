"""Building blocks that several families of objectives share."""

from ganzoo.terms.constraint import SpectralNorm, WeightClip
from ganzoo.terms.gradient import R1, R2, GradientPenalty, interpolates, score_gradient
from ganzoo.terms.score import ScoreTerm, Wasserstein

__all__ = [
    "R1",
    "R2",
    "GradientPenalty",
    "ScoreTerm",
    "SpectralNorm",
    "Wasserstein",
    "WeightClip",
    "interpolates",
    "score_gradient",
]
