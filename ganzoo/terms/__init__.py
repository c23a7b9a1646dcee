"""Building blocks that several families of objectives share."""

from ganzoo.game.options import within
from ganzoo.terms.constraint import SpectralNorm, WeightClip
from ganzoo.terms.gamma import Gamma
from ganzoo.terms.gradient import (
    R1,
    R2,
    GradientPenalty,
    gradient_of,
    judged,
    judged_gradient,
    judged_with_gradient,
    output_with_gradient,
    score_gradient,
)
from ganzoo.terms.modes import outside_autocast, recording
from ganzoo.terms.points import between, interpolates
from ganzoo.terms.score import ScoreTerm, Wasserstein, each, features_of, softplus

__all__ = [
    "R1",
    "R2",
    "Gamma",
    "GradientPenalty",
    "ScoreTerm",
    "SpectralNorm",
    "Wasserstein",
    "WeightClip",
    "between",
    "each",
    "features_of",
    "gradient_of",
    "interpolates",
    "judged",
    "judged_gradient",
    "judged_with_gradient",
    "output_with_gradient",
    "outside_autocast",
    "recording",
    "score_gradient",
    "softplus",
    "within",
]
