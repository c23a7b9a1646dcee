"""Building blocks that several families of objectives share."""

from ganzoo.terms.constraint import SpectralNorm, WeightClip
from ganzoo.terms.gamma import Gamma
from ganzoo.terms.gradient import (
    R1,
    R2,
    GradientPenalty,
    gradient_of,
    interpolates,
    judged,
    judged_gradient,
    judged_with_gradient,
    outside_autocast,
    score_gradient,
)
from ganzoo.terms.options import above, at_least, between, fraction
from ganzoo.terms.score import ScoreTerm, Wasserstein, softplus

__all__ = [
    "R1",
    "R2",
    "Gamma",
    "GradientPenalty",
    "ScoreTerm",
    "SpectralNorm",
    "Wasserstein",
    "WeightClip",
    "above",
    "at_least",
    "between",
    "fraction",
    "gradient_of",
    "interpolates",
    "judged",
    "judged_gradient",
    "judged_with_gradient",
    "outside_autocast",
    "score_gradient",
    "softplus",
]
