"""ContraGAN: the conditional contrastive loss, 2C."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import pad

import ganzoo
from ganzoo_conditional.base import conditioned
from ganzoo_conditional.sphere import DEFAULTS, Contrast, cosines

__all__ = ["ContraGAN", "conditional_contrast", "contragan"]


def conditional_contrast(
    embedded: Tensor, proxies: Tensor, labels: Tensor, temperature: float
) -> Tensor:
    """2C, the conditional contrastive loss: ``-E log`` of the share of what a sample is drawn to,
    its own proxy and the others of its class, in all that is there (arXiv 2006.12681, eq. 8).

    Args:
        embedded: ``(N, d)``, of the samples.
        proxies: ``(N, d)``, that of each sample's class.
        labels: ``(N,)`` of int64.
        temperature: divides the cosines.
    """
    own, pairs = (cosine / temperature for cosine in cosines(embedded, proxies))
    same = labels[:, None] == labels
    itself = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    logits = torch.cat([own[:, None], pairs.masked_fill(itself, -math.inf)], 1)
    apart = pad(~same, (1, 0))  # never the proxy
    return (logits.logsumexp(1) - logits.masked_fill(apart, -math.inf).logsumexp(1)).mean()


class ContraGAN(Contrast):
    """The conditional contrastive loss 2C on embeddings h of the features, with a proxy v for
    each class; sums are over the other samples k of the batch.

    ::

        2C = -E log (e^(cos(h_i, v_yi) / t) + sum_(y_k = y_i) e^(cos(h_i, h_k) / t))
                  / (e^(cos(h_i, v_yi) / t) + sum_k e^(cos(h_i, h_k) / t))
        L_D += weight * 2C of real samples
        L_G += weight * 2C of generated samples

    Args:
        weight: lambda.
        every: see :class:`ganzoo.Term`.
        temperature: t.
        size: the elements of an embedding.

    Reference: Kang and Park 2020, arXiv 2006.12681.
    """

    def cost(self, embedded: Tensor, proxies: Tensor, labels: Tensor) -> Tensor:
        """:func:`conditional_contrast`."""
        return conditional_contrast(embedded, proxies, labels, self.temperature)


def contragan(
    *, base: str = "hinge", weight: float = 1.0, temperature: float = 1.0, size: int = 512
) -> ganzoo.Objective:
    """ContraGAN: samples of a class are drawn together on a sphere, and to the proxy of their
    class.

    With h a linear embedding of the features of D, which sees no label, v a proxy for each
    class, y ``(N,)`` of int64, sums over the other samples k of the batch, both minimised::

        2C  = -E log (e^(cos(h_i, v_yi) / t) + sum_(y_k = y_i) e^(cos(h_i, h_k) / t))
                   / (e^(cos(h_i, v_yi) / t) + sum_k e^(cos(h_i, h_k) / t))
        L_D = L_D of the base + weight * 2C of real samples
        L_G = L_G of the base + weight * 2C of generated samples

    2C is 0 where the batch is of one class. It looks at relations within a batch: larger ones
    are better, and a mean over micro-batches is another loss.

    Departures: none. StudioGAN calls it ``d_cond_mtd="2C"``.

    Args:
        base: the loss, with options where wanted: ``"hinge(discriminator_turns=5)"`` as
            StudioGAN has it.
        weight: lambda.
        temperature: t.
        size: the elements of an embedding.

    Reference: Kang and Park 2020, arXiv 2006.12681, eq. 8.
    """
    term = ContraGAN(weight, temperature=temperature, size=size)
    return conditioned(term, base, usual="hinge", defaults=DEFAULTS)
