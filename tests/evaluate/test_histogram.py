import math

import pytest
import scipy.stats
import torch

from ganzoo.errors import ShapeMismatch
from ganzoo.evaluate.histogram import reverse_kl, shrunken_law


def test_equal_to_scipy():
    counts, law = torch.tensor([3, 0, 10, 7]), torch.tensor([0.1, 0.2, 0.3, 0.4])
    expected = scipy.stats.entropy(counts.numpy(), law.double().numpy())
    assert reverse_kl(counts, law) == pytest.approx(expected, rel=1e-7)
    assert reverse_kl(counts) == pytest.approx(scipy.stats.entropy(counts.numpy(), [1] * 4))


def test_ends():
    assert reverse_kl(torch.tensor([5, 5, 5])) == pytest.approx(0, abs=1e-15)
    assert reverse_kl(torch.tensor([0, 9, 0])) == pytest.approx(math.log(3))
    assert reverse_kl(torch.tensor([1, 9]), torch.tensor([0.0, 1.0])) == math.inf


@pytest.mark.parametrize(("classes", "count"), [(25, 2500), (1000, 26_000)])
def test_floor_of_a_perfect_sampler(generator, classes, count):
    found = []
    for _ in range(40):
        drawn = torch.randint(classes, (count,), generator=generator)
        found.append(reverse_kl(torch.bincount(drawn, minlength=classes)))
    assert sum(found) / 40 == pytest.approx((classes - 1) / (2 * count), rel=0.12)


def test_few_samples_of_many_classes_are_uniform(generator):
    drawn = torch.randint(1000, (2000,), generator=generator)
    law = shrunken_law(torch.bincount(drawn, minlength=1000))
    torch.testing.assert_close(law, torch.full_like(law, 1e-3), rtol=0.3, atol=0)


def test_many_samples_stay_what_they_are(generator):
    counts = torch.tensor([7000, 2000, 1000, 0])
    law = shrunken_law(counts)
    torch.testing.assert_close(law, counts.double() / 10_000, rtol=0.01, atol=1e-4)
    assert bool((law > 0).all())


@pytest.mark.parametrize("counts", [[5, 0, 0], [1, 0], [2, 2], [1, 2, 3]])
def test_a_law_in_any_case(counts):
    law = shrunken_law(torch.tensor(counts))
    assert float(law.sum()) == pytest.approx(1)
    assert bool((law > 0).all())


def test_less_wrong_than_the_histogram(generator):
    """Shrunk, 300 samples of 100 almost equal classes are nearer to their law."""
    truth = torch.linspace(0.8, 1.2, 100).double() / 100
    drawn = torch.multinomial(truth, 300, replacement=True, generator=generator)
    counts = torch.bincount(drawn, minlength=100)
    plain = float((counts / 300 - truth).square().sum())
    assert float((shrunken_law(counts) - truth).square().sum()) < plain / 5


def test_errors():
    for nothing in (reverse_kl, shrunken_law):
        with pytest.raises(ShapeMismatch, match="no samples"):
            nothing(torch.zeros(3))
    with pytest.raises(ShapeMismatch, match="3 classes against a law of 2"):
        reverse_kl(torch.ones(3), torch.ones(2))
