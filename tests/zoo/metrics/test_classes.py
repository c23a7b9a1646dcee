import math

import pytest
import torch

from ganzoo.errors import BadOption, Incompatible
from ganzoo.evaluate import Extractor, Samples
from ganzoo.zoo.metrics.classes import (
    class_agreement,
    class_kl,
    class_modes,
    code_agreement,
)


class Given(Extractor):
    """A sample is its class."""

    def __init__(self, classes: int) -> None:
        self.classes = classes

    def features(self, x):
        return x

    def predict(self, x):
        return x[:, 0].long()


@pytest.fixture
def of_classes():
    def make(classes, drawn, asked=None):
        x = torch.as_tensor(drawn, dtype=torch.float32)[:, None]
        labels = None if asked is None else torch.as_tensor(asked)
        return Samples(x, Given(classes), labels=labels)

    return make


def test_how_many_and_how_even(of_classes):
    real = of_classes(4, [0, 1, 2, 3] * 50)
    fake = of_classes(4, [0] * 30 + [1] * 30 + [3])
    assert class_modes()(fake, real) == 3
    assert class_modes(at_least=2)(fake, real) == 2
    shares = torch.tensor([30, 30, 1]) / 61
    expected = float((shares * (4 * shares).log()).sum())
    assert class_kl()(fake, real) == pytest.approx(expected, rel=1e-6)
    assert class_kl(uniform=True)(fake, real) == pytest.approx(expected, rel=1e-6)


def test_the_law_is_that_of_the_real_samples(of_classes):
    uneven = [0] * 800 + [1] * 150 + [2] * 50
    fake, real = of_classes(3, uneven), of_classes(3, uneven)
    assert class_kl()(fake, real) < 1e-4
    assert class_kl(uniform=True)(fake, real) > 0.4


def test_a_class_that_no_real_sample_is_of_costs_much_and_not_everything(of_classes):
    fake, real = of_classes(3, [2] * 50), of_classes(3, [0] * 500 + [1] * 500)
    assert 5 < class_kl()(fake, real) < math.inf


@pytest.mark.parametrize("count", [2000, 26_000])
def test_the_floor_of_a_thousand_classes(of_classes, generator, count):
    """With few real samples or many, the uniform law behind them is seen."""
    fake, real = (torch.randint(1000, (count,), generator=generator) for _ in range(2))
    fake, real = of_classes(1000, fake), of_classes(1000, real)
    exact = class_kl(uniform=True)(fake, real)
    assert class_kl()(fake, real) == pytest.approx(exact, rel=0.15)
    if count == 26_000:
        assert exact == pytest.approx(999 / 52_000, rel=0.15)
        assert class_modes()(fake, real) == 1000


def test_agreement_is_the_share_of_what_was_asked(of_classes):
    fake = of_classes(4, [0, 1, 2, 3, 3, 1, 0, 0], [0, 1, 2, 2, 3, 0, 0, 1])
    assert class_agreement()(fake, fake) == 5 / 8
    perfect = of_classes(4, [0, 1, 2, 3], [0, 1, 2, 3])
    assert class_agreement()(perfect, fake) == code_agreement()(perfect, fake) == 1.0


def test_codes_are_matched_to_classes_one_to_one(of_classes):
    renamed = of_classes(4, [2, 0, 3, 1] * 5, [0, 1, 2, 3] * 5)
    assert class_agreement()(renamed, renamed) == 0.0
    assert code_agreement()(renamed, renamed) == 1.0
    # two codes cannot both stand for class 0: the better of them does
    shared = of_classes(3, [0] * 6 + [0] * 4 + [1] * 2, [0] * 6 + [1] * 6)
    assert code_agreement()(shared, shared) == 8 / 12
    # more codes than classes, and fewer
    assert code_agreement()(of_classes(2, [0, 0, 1, 1], [5, 5, 0, 3]), renamed) == 3 / 4
    assert code_agreement()(of_classes(9, [8, 8, 1, 4], [0, 0, 1, 1]), renamed) == 3 / 4


def test_agreement_by_chance(of_classes, generator):
    drawn, asked = (torch.randint(10, (4000,), generator=generator) for _ in range(2))
    fake = of_classes(10, drawn, asked)
    assert class_agreement()(fake, fake) == pytest.approx(0.1, abs=0.02)
    assert 0.1 < code_agreement()(fake, fake) < 0.13


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


def test_errors(of_classes):
    plain = Samples(torch.zeros(4, 1))
    for metric in (class_modes(), class_kl()):
        with pytest.raises(Incompatible, match="classifier"):
            metric(plain, plain)
    with pytest.raises(BadOption, match="at_least=0"):
        class_modes(at_least=0)
    for metric in (class_agreement(), code_agreement()):
        with pytest.raises(Incompatible, match="classifier"):
            metric(Samples(torch.zeros(4, 1), labels=torch.zeros(4, dtype=torch.int64)), plain)
        with pytest.raises(Incompatible, match=r"pairs \(samples, labels\)"):
            metric(of_classes(2, [0, 1]), of_classes(2, [0, 1]))
