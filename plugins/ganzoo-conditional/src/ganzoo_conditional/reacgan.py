"""ReACGAN: the data-to-data cross-entropy, D2D-CE."""

from __future__ import annotations

import math

import torch
from torch import Tensor

import ganzoo
from ganzoo_conditional.base import conditioned
from ganzoo_conditional.sphere import DEFAULTS, Contrast, cosines

__all__ = ["ReACGAN", "data_to_data", "reacgan"]


def data_to_data(
    embedded: Tensor, proxies: Tensor, labels: Tensor, temperature: float, margin: float
) -> Tensor:
    """D2D-CE, the data-to-data cross-entropy: every sample against its proxy and the samples of
    other classes, where what is near or far enough counts no more (arXiv 2111.01118, eq. 6).

    The arguments are those of :func:`conditional_contrast`; ``margin`` is m_p, the cosine from
    which a proxy is near enough, and samples of other classes are far enough at 1 - m_p.
    """
    own, pairs = cosines(embedded, proxies)
    near = (own - margin).clamp(max=0) / temperature
    far = (pairs - (1 - margin)).clamp(min=0) / temperature
    apart = far.masked_fill(labels[:, None] == labels, -math.inf)
    return (torch.cat([near[:, None], apart], 1).logsumexp(1) - near).mean()


class ReACGAN(Contrast, weight=0.5, temperature=0.5):
    """The data-to-data cross-entropy D2D-CE on embeddings h of the features, with a proxy v for
    each class; the sum is over the samples k of the batch that are of other classes.

    ::

        own_i = min(cos(h_i, v_yi) - m, 0) / t
        D2D   = -E log e^own_i / (e^own_i + sum_k e^(max(cos(h_i, h_k) - (1 - m), 0) / t))
        L_D  += weight * D2D of real samples
        L_G  += weight * D2D of generated samples

    Args:
        weight: lambda.
        every: see :class:`ganzoo.Term`.
        temperature: t.
        margin: m, the cosine from which a sample is near enough to its proxy.
        size: the elements of an embedding.

    Raises:
        BadOption: a margin that is no cosine, or as :class:`Contrast`.

    Reference: Kang et al. 2021, arXiv 2111.01118.
    """

    margin: float = ganzoo.option(0.98, at_least=-1, at_most=1, words="a cosine, from -1 to 1")

    def cost(self, embedded: Tensor, proxies: Tensor, labels: Tensor) -> Tensor:
        """:func:`data_to_data`."""
        return data_to_data(embedded, proxies, labels, self.temperature, self.margin)


def reacgan(
    *,
    base: str = "hinge",
    weight: float = 0.5,
    temperature: float = 0.5,
    margin: float = 0.98,
    size: int = 512,
) -> ganzoo.Objective:
    """ReACGAN, the rebooted ACGAN: a classifier on the sphere, with samples of other classes for
    its negatives, in which easy samples count no more.

    With h a linear embedding of the features of D, which sees no label, v a proxy for each
    class, y ``(N,)`` of int64, the sum over the samples k that are of other classes, both
    minimised::

        own_i = min(cos(h_i, v_yi) - m, 0) / t
        D2D = -E log e^own_i / (e^own_i + sum_k e^(max(cos(h_i, h_k) - (1 - m), 0) / t))
        L_D = L_D of the base + weight * D2D of real samples
        L_G = L_G of the base + weight * D2D of generated samples

    Where every proxy is nearer than m and every other class farther than 1 - m, D2D is the mean
    of log(1 + number of samples of other classes), its least, and has no gradient.

    Departures: none. StudioGAN ("D2DCE") takes the greatest logit of a row from the negatives
    alone and never adds it back, which weighs them differently.

    Args:
        base, weight, temperature, size: see :func:`contragan`.
        margin: m, the cosine from which a sample is near enough to its proxy.

    Reference: Kang et al. 2021, arXiv 2111.01118, eq. 6.
    """
    term = ReACGAN(weight, temperature=temperature, margin=margin, size=size)
    return conditioned(term, base, usual="hinge", defaults=DEFAULTS)
