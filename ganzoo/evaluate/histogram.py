"""Laws over finitely many classes: how far a histogram is from one, and how to estimate one."""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.errors import ShapeMismatch
from ganzoo.evaluate.checks import wide

__all__ = ["reverse_kl", "shrunken_law"]


def reverse_kl(counts: Tensor, law: Tensor | None = None) -> float:
    r"""``sum_k p_k ln(p_k / q_k)`` in nats: KL(generated || real) of a histogram.

    It is called reverse because the likelihood minimises the other one. ``ln K`` where one of
    K equally likely classes is all there is; about ``(K - 1) / (2 n)`` for a perfect sampler
    of n samples.

    Args:
        counts: ``(K,)``, how many generated samples fell into each class; p once divided by n.
        law: ``(K,)``, q; uniform where none is given.

    Raises:
        ShapeMismatch: no samples at all, or lengths that differ.
    """
    counts = wide(counts)
    if law is not None and law.shape != counts.shape:
        raise ShapeMismatch(f"{counts.numel()} classes against a law of {law.numel()}")
    total = counts.sum()
    if not bool(total > 0):
        raise ShapeMismatch("a histogram of no samples has no law")
    shares = counts / total
    against = torch.full_like(shares, 1 / len(shares)) if law is None else wide(law)
    # xlogy and not a product with a logarithm: an empty class adds 0 and not NaN
    return float((torch.xlogy(shares, shares) - torch.xlogy(shares, against)).sum())


def shrunken_law(counts: Tensor) -> Tensor:
    r"""``(K,)`` of float64: the law behind a histogram, drawn to the uniform one.

    ``s / K + (1 - s) p`` with the shrinkage of James and Stein, ``s = (1 - sum p^2) / ((n - 1)
    sum (1/K - p)^2)``, at most 1 (arXiv 0811.3579, section 2). A histogram that the uniform law
    explains becomes uniform, even if many of its 1000 classes are empty; one of plenty samples
    stays as it is. At least one sample's share is spread, so that no class is impossible.

    Args:
        counts: ``(K,)``, how many real samples fell into each class, at least one in all.
    """
    counts = wide(counts)
    total = float(counts.sum())
    if not total > 0:
        raise ShapeMismatch("a histogram of no samples has no law")
    shares, uniform = counts / total, 1 / len(counts)
    noise = float(1 - shares.square().sum())
    distance = (total - 1) * float((uniform - shares).square().sum())
    shrinkage = 1.0 if noise >= distance else noise / distance
    shrinkage = max(shrinkage, 1 / (total + 1))
    return shrinkage * uniform + (1 - shrinkage) * shares
