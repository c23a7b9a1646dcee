"""Regularisers for ganzoo, to be added to any loss. Importing this imports no torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import ganzoo

__all__ = ["ganzoo_terms"]

_TERMS: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "gradient": (
        (
            "lp",
            "penalties:lp",
            "1709.08894",
            "Norms of D's gradient above 1 cost, those below go free (WGAN-LP)",
        ),
        (
            "zero-gp",
            "penalties:ZeroPenalty",
            "1902.03984",
            "D's gradient at interpolates is pulled to zero",
        ),
        (
            "max-gp",
            "penalties:MaximumPenalty",
            "1902.05687",
            "D's largest gradient in the batch is pulled to zero",
        ),
        (
            "dragan",
            "penalties:Dragan",
            "1705.07215",
            "The norm of D's gradient around real samples is pulled to 1",
        ),
        (
            "mm-gp",
            "penalties:MaximumMargin",
            "1910.06922",
            "Hinge on a norm of D's gradient: inf, 2 or 1",
        ),
        (
            "div-gp",
            "penalties:DivergencePenalty",
            "1712.01026",
            "A power of the norm of D's gradient (WGAN-div)",
        ),
        (
            "r1r2",
            "samples:R1R2",
            "1801.04406",
            "D's gradient at real and at generated samples is pulled to zero",
        ),
        (
            "js-reg",
            "samples:JensenShannon",
            "1705.09367",
            "R1 and R2, weighed by how wrong D is of a sample",
        ),
        (
            "approx-r1",
            "samples:ApproximateR1",
            "2501.08316",
            "R1 by noise on real samples, without a double backward",
        ),
        (
            "approx-r2",
            "samples:ApproximateR2",
            "2506.09350",
            "R2 by noise on generated samples, without a double backward",
        ),
        (
            "alp",
            "adversarial:AdversarialLipschitz",
            "1907.05681",
            "The step that changes D most changes it by its length at most",
        ),
    ),
    "normalisation": (
        (
            "gn",
            "normalisation:GradientNormalisation",
            "2109.02235",
            "D is divided by the norm of its gradient and its size",
        ),
    ),
    "consistency": (
        (
            "cr",
            "consistency:Consistency",
            "1910.12027",
            "An augmented real sample has the sample's score",
        ),
        (
            "bcr",
            "consistency:BalancedConsistency",
            "2002.04724",
            "Augmented real and generated samples have the samples' scores",
        ),
        (
            "zcr",
            "consistency:LatentConsistency",
            "2002.04724",
            "Near latent vectors give one score, and different samples",
        ),
        (
            "ct",
            "stochastic:ConsistencyTerm",
            "1803.01541",
            "Two passes with dropout over one real sample agree",
        ),
    ),
    "score": (
        (
            "lecam",
            "scores:LeCam",
            "2104.03310",
            "Scores don't go past the other side's average",
        ),
        (
            "drift",
            "scores:Drift",
            "1710.10196",
            "Scores of real samples don't drift from zero",
        ),
        (
            "label-smoothing",
            "scores:LabelSmoothing",
            "1606.03498",
            "Real samples are real with probability 0.9, for logistic losses",
        ),
        (
            "top-k",
            "topk:TopK",
            "2002.06224",
            "G learns from the best samples of a batch alone",
        ),
    ),
    "input": (
        (
            "instance-noise",
            "noise:InstanceNoise",
            "1610.04490",
            "D sees every sample through noise that fades",
        ),
        (
            "pacgan",
            "packing:PacGAN",
            "1712.04086",
            "D judges packs of several samples of one kind",
        ),
    ),
    "generator": (
        (
            "feature-matching",
            "generators:FeatureMatching",
            "1606.03498",
            "Generated samples have the mean features of real ones",
        ),
        (
            "path-length",
            "generators:PathLength",
            "1912.04958",
            "A step in z moves the sample equally far everywhere",
        ),
    ),
    "dynamics": (
        (
            "historical-averaging",
            "history:HistoricalAveraging",
            "1606.03498",
            "Weights stay near their average over time",
        ),
        (
            "consensus",
            "dynamics:Consensus",
            "1705.10461",
            "Both players descend the size of the game's gradient as well",
        ),
        (
            "unrolled",
            "dynamics:Unrolled",
            "1611.02163",
            "G plays against D as it would be after some steps",
        ),
        (
            "logan",
            "latent:LatentOptimisation",
            "1912.00953",
            "Latent vectors take a step towards higher scores first",
        ),
    ),
}
"""By family: name, target, arXiv id, summary."""

_ALIASES = {
    "div-gp": ("wgan-div",),
    "js-reg": ("roth",),
    "feature-matching": ("fm",),
    "path-length": ("pl",),
    "logan": ("latent-optimisation", "latent-optimization", "latent-op"),
    "gn": ("gradient-normalisation", "gradient-normalization"),
}


@ganzoo.hookimpl
def ganzoo_terms() -> Iterator[ganzoo.TermEntry]:
    """The terms of this plugin."""
    for family, terms in _TERMS.items():
        for name, where, paper, summary in terms:
            yield ganzoo.TermEntry(
                name,
                target=f"{__name__}.{where}",
                summary=summary,
                aliases=_ALIASES.get(name, ()),
                family=family,
                year=2000 + int(paper[:2]),
                paper=paper,
            )
