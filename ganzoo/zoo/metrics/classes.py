"""What a classifier says of the samples: which classes there are, and whether they are those
that were asked for.
"""

from __future__ import annotations

import torch

# scipy computes its __all__, which mypy does not see through
from scipy.optimize import linear_sum_assignment  # type: ignore[attr-defined]
from torch import Tensor

from ganzoo.errors import BadOption, Incompatible
from ganzoo.evaluate import inception
from ganzoo.evaluate.histogram import reverse_kl, shrunken_law
from ganzoo.evaluate.metric import Metric, Samples

__all__ = ["class_agreement", "class_kl", "class_modes", "code_agreement", "inception_score"]


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

    def expected(self, fake: Samples, real: Samples) -> float | None:
        # Against the data's own law the classifier's errors have their share, which real
        # samples in the generator's place have too.
        if not self.uniform or fake.extractor is None:
            return None
        return (fake.extractor.classes - 1) / (2 * len(fake))


class _Agreement(Metric):
    def __init__(self, matched: bool) -> None:
        self.matched = matched

    def __call__(self, fake: Samples, real: Samples) -> float:
        del real
        asked, predicted = fake.labels, fake.predicted
        if asked is None:
            raise Incompatible(
                "this metric needs to know what each sample was asked to be: data with labels, or "
                "a prior with a categorical code. To measure samples of your own, give "
                "Evaluator.evaluate pairs (samples, labels)"
            )
        agreed = _matched(asked, predicted) if self.matched else (asked == predicted).sum()
        return float(agreed) / len(fake)


class _InceptionScore(Metric):
    def __init__(self, splits: int) -> None:
        if splits < 1:
            raise BadOption(f"splits={splits}: at least 1")
        self.splits = splits

    def __call__(self, fake: Samples, real: Samples) -> float:
        del real
        return inception.inception_score(fake.probabilities, splits=self.splits)


def _matched(asked: Tensor, predicted: Tensor) -> int:
    """How many samples agree when each asked value is matched to a class of its own, so that
    most do.
    """
    rows, columns = int(asked.max()) + 1, int(predicted.max()) + 1
    pairs = torch.bincount(asked * columns + predicted, minlength=rows * columns)
    table = pairs.reshape(rows, columns).cpu().numpy()
    return int(table[linear_sum_assignment(table, maximize=True)].sum())


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


def class_agreement() -> Metric:
    """The share of samples that a classifier takes for the class that was asked for; higher is
    better. Chance is ``1 / K`` with K balanced classes, and what a generator that looks at no
    labels gets; real samples get the classifier's accuracy.

    A generator that knows one sample of each class agrees with every label.
    """
    return _Agreement(matched=False)


def code_agreement() -> Metric:
    """The share of samples that a classifier takes for the class that their categorical code
    stands for, each code matched to a class of its own so that the share is largest (the
    assignment problem, by scipy); higher is better. For codes that were learned without labels,
    as InfoGAN's; with labels it is a class-agreement whose classes may be renamed.

    The matching is made on the same samples, so chance is a little more than ``1 / K``.
    """
    return _Agreement(matched=True)


def inception_score(*, splits: int = 1) -> Metric:
    """``exp(mean KL(p(y|x) || p(y)))`` of the classifier (arXiv 1606.03498); higher is better.

    From 1 to the number of classes. It asks whether each sample is surely of one class and
    all classes are there, and compares with no data: one perfect sample of each class for
    ever gets the best score. Do not rank by it.

    Args:
        splits: parts whose scores are averaged, dealt by content; the customary 10 add bias.

    Raises:
        BadOption: no split.
    """
    return _InceptionScore(splits)
