"""Integral probability metrics, kernels and optimal transport for ganzoo. Importing this
imports no torch.
"""

from __future__ import annotations

from collections.abc import Iterator

import ganzoo

__all__ = ["ganzoo_losses"]

_LOSSES = (
    ("wasserstein:wgan_lp", 2017, "1709.08894", "Wasserstein, gradients too long alone penalised"),
    ("wasserstein:wgan_div", 2017, "1712.01026", "Wasserstein divergence: a power of the gradient"),
    ("banach:bwgan", 2018, "1806.06621", "Wasserstein for any norm, penalised in its dual"),
    ("multipliers:fisher", 2017, "1705.09675", "Critic whose scores have second moment 1"),
    ("multipliers:sobolev", 2017, "1711.04894", "Critic whose squared gradient is 1 on average"),
    ("cramer:cramer", 2017, "1705.10743", "Energy distance of features"),
    ("mmd:mmd_rbf", 2017, "1705.08584", "MMD of features, Gaussian kernels"),
    ("mmd:mmd_rq", 2018, "1801.01401", "MMD of features, rational quadratic kernels"),
    ("mmd:mmd_distance", 2018, "1801.01401", "MMD of features, the energy distance"),
    ("mmd:mmd_linear", 2018, "1801.01401", "MMD of features, the distance of their means"),
    ("repulsive:mmd_repulsive", 2018, "1812.09916", "MMD, D drives real features apart"),
    ("repulsive:mmd_repulsive_bounded", 2018, "1812.09916", "The same with a bounded kernel"),
    ("scaled:smmd", 2018, "1805.11565", "MMD over how steep the features are"),
    ("moments:mcgan", 2017, "1702.08398", "Mean and covariance of features"),
    ("sphere:sphere", 2019, "", "Moments of a distance on the sphere"),
    ("slicing:san", 2023, "2301.12811", "Any loss on the best slice of the features"),
    ("quadratic:gan_qp", 2018, "1811.07296", "Paired scores, a margin at a quadratic price"),
    ("sensitive:loss_sensitive", 2017, "1701.06264", "LS-GAN: margins by the samples' distance"),
    ("coulomb:coulomb", 2017, "1708.08819", "D learns the potential of samples as charges"),
    ("optimal:sinkhorn", 2017, "1706.00292", "Sinkhorn divergence of features"),
    ("optimal:ot_gan", 2018, "1803.05573", "Transport between halves of batches of features"),
    ("unbalanced:uotm", 2023, "2305.14777", "G as a transport map, D as its potential"),
)

_ALIASES = {
    "multipliers:fisher": ("fisher-gan",),
    "multipliers:sobolev": ("sobolev-gan",),
    "cramer:cramer": ("cramer-gan",),
    "sphere:sphere": ("sphere-gan",),
    "coulomb:coulomb": ("coulomb-gan",),
}


@ganzoo.hookimpl
def ganzoo_losses() -> Iterator[ganzoo.LossEntry]:
    """The losses of this plugin."""
    for where, year, paper, summary in _LOSSES:
        yield ganzoo.LossEntry(
            where.partition(":")[2].replace("_", "-"),
            target=f"{__name__}.{where}",
            summary=summary,
            aliases=_ALIASES.get(where, ()),
            family="probability metric",
            year=year,
            paper=paper or "CVPR 2019, Sphere GAN",
        )
