"""Class-modes and class-kl: what a classifier says of the samples."""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.errors import BadOption
from ganzoo.evaluate.histogram import reverse_kl, shrunken_law
from ganzoo.evaluate.metric import Metric, Samples

__all__ = ["class_kl", "class_modes"]


class _ClassModes(Metric):
    def __init__(self, at_least: int) -> None:
        if at_least < 1:
            raise BadOption(f"at_least={at_least}: 1 sample or more")
        self.at_least = at_least

    def __call__(self, fake: Samples, real: Samples) -> float:
        del real
        return float((_counts(fake) >= self.at_least).sum())


class _ClassKl(Metric):
    def __init__(self, uniform: bool) -> None:
        self.uniform = uniform

    def __call__(self, fake: Samples, real: Samples) -> float:
        if self.uniform:
            return reverse_kl(_counts(fake))
        law = real.remember("class law", lambda: shrunken_law(_counts(real)))
        return reverse_kl(_counts(fake), law)


def _counts(samples: Samples) -> Tensor:
    predicted = samples.predicted
    assert samples.extractor is not None
    classes = samples.extractor.classes
    return samples.remember("classes", lambda: torch.bincount(predicted, minlength=classes))


def class_modes(*, at_least: int = 1) -> Metric:
    """How many classes a classifier finds among the samples; higher is better.

    Args:
        at_least: how many samples make a class.
    """
    return _ClassModes(at_least)


def class_kl(*, uniform: bool = False) -> Metric:
    """KL(generated || real) in nats of the histogram over predicted classes; lower is better.

    The real law is estimated of the classes predicted for the real samples, so that a bias of
    the classifier cancels, and drawn to the uniform one as far as their number leaves it open
    (:func:`ganzoo.evaluate.histogram.shrunken_law`): with 1000 classes and few real samples it
    is the uniform law. A perfect sampler of n samples over K classes gets ``(K - 1) / (2 n)``
    and a little more.

    Args:
        uniform: whether the real law is known to be the uniform one.
    """
    return _ClassKl(uniform)
