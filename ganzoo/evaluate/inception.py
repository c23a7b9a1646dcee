"""The Inception Score of what a classifier says."""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.errors import BadData, BadOption, ShapeMismatch
from ganzoo.evaluate.checks import wide
from ganzoo.evaluate.order import content_order

__all__ = ["inception_score"]

_SLACK = 1e-3  # half precision's softmax sums up to 1 no better


def inception_score(probabilities: Tensor, *, splits: int = 1, seed: int = 0) -> float:
    """``exp(mean KL(p(y|x) || p(y)))``, in 1 .. K (arXiv 1606.03498); higher is better.

    High where each sample is surely of some class and all classes are there, whatever the
    samples look like within one; it compares with no data.

    Args:
        probabilities: ``(N, K)`` by a classifier, each row a law.
        splits: parts whose scores are averaged; the customary 10 bring the bias of fewer
            samples. Samples are dealt to them by a hash of their rows, or samples that come
            sorted by class would score 1.
        seed: of the hash.

    Raises:
        ShapeMismatch: another shape.
        BadOption: no split, or more than samples.
        BadData: rows that are no laws.
    """
    if probabilities.ndim != 2 or not probabilities.numel():
        raise ShapeMismatch(f"probabilities must be (N, K); found {tuple(probabilities.shape)}")
    if not 1 <= splits <= len(probabilities):
        raise BadOption(f"splits={splits}: from 1 to the {len(probabilities)} samples")
    laws = wide(probabilities)
    if not bool(((laws >= 0).all(1) & ((laws.sum(1) - 1).abs() < _SLACK)).all()):
        raise BadData("each row of probabilities must be 0 or more and sum to 1; some are not")
    if splits > 1:
        laws = laws[content_order(laws, seed)]
    scores = [_score(part) for part in laws.tensor_split(splits)]
    return sum(scores) / splits


def _score(laws: Tensor) -> float:
    marginal = laws.mean(0)
    entropies = torch.xlogy(laws, laws).sum(1).mean() - torch.xlogy(marginal, marginal).sum()
    return float(entropies.exp())
