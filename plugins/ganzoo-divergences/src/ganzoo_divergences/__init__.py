"""Losses that estimate divergences, for ganzoo. Importing this imports no torch."""

from __future__ import annotations

from collections.abc import Iterator

import ganzoo

__all__ = ["ganzoo_losses"]


def _entry(
    where: str, summary: str, *, year: int, paper: str, family: str, alias: str = ""
) -> ganzoo.LossEntry:
    return ganzoo.LossEntry(
        where.partition(":")[2].replace("_", "-"),
        target=f"{__name__}.{where}",
        summary=summary,
        aliases=(alias,) if alias else (),
        family=family,
        year=year,
        paper=paper,
    )


_FGANS = (
    ("entropy:fgan_kl", "KL(p, q)"),
    ("entropy:fgan_rkl", "the reverse KL(q, p)"),
    ("entropy:fgan_jeffreys", "KL both ways together"),
    ("jensen:fgan_js", "Jensen-Shannon"),
    ("jensen:fgan_gan", "the original GAN"),
    ("jensen:fgan_js_weighted", "Jensen-Shannon with unequal weights"),
    ("squares:fgan_pearson", "Pearson's chi^2"),
    ("squares:fgan_neyman", "Neyman's chi^2"),
    ("squares:fgan_triangular", "the triangular discrimination, bounded"),
    ("squares:fgan_tv", "total variation, bounded"),
    ("power:fgan_hellinger", "squared Hellinger"),
    ("power:fgan_alpha", "Amari's alpha divergences"),
)


_OTHERS = (
    ("cumulants:kl_dv", "KL(p, q) in Donsker and Varadhan's way", 2018, "1801.04062", "mine"),
    ("cumulants:cumulant", "Renyi divergences from cumulants", 2020, "2006.06625", ""),
    ("cumulants:renyigan", "The generator has Renyi's cross-entropy", 2020, "2006.02479", ""),
    ("alpha_loss:alpha_loss", "Arimoto's divergences, tunable", 2021, "2106.05232", ""),
    ("targets:bgan", "The generator seeks the decision boundary", 2017, "1702.08431", ""),
    ("targets:lkgan", "Least squares, and another power for G", 2020, "2006.02479", ""),
    ("contrast:softmax_gan", "One softmax over the whole batch", 2017, "1704.06191", ""),
    ("contrast:dual_contrastive", "Each sample against the batch", 2021, "2103.16748", ""),
    ("contrast:kl_wgan", "Hinge on self-weighed samples", 2019, "1910.09779", "f-wgan"),
    ("d2gan:d2gan", "Two heads: KL(p, q) and KL(q, p)", 2017, "1709.03831", ""),
    ("realness:realness", "A distribution in a score's place", 2020, "2002.05512", ""),
)


@ganzoo.hookimpl
def ganzoo_losses() -> Iterator[ganzoo.LossEntry]:
    """The losses of this plugin."""
    for where, divergence in _FGANS:
        summary = f"The f-GAN of {divergence}"
        yield _entry(where, summary, year=2016, paper="1606.00709", family="f-gan")
    for where, summary, year, paper, alias in _OTHERS:
        yield _entry(where, summary, year=year, paper=paper, family="divergence", alias=alias)
