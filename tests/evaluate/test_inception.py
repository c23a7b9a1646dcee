import math

import pytest
import torch
from torch.nn.functional import one_hot

from ganzoo.errors import BadData, BadOption, ShapeMismatch
from ganzoo.evaluate.inception import inception_score


def test_by_its_definition(normal):
    laws = normal(50, 7).softmax(1)
    marginal = laws.mean(0)
    expected = math.exp(float((laws * (laws / marginal).log()).sum(1).mean()))
    assert inception_score(laws) == pytest.approx(expected, rel=1e-12)
    assert 1 <= inception_score(laws) <= 7


@pytest.mark.parametrize("splits", [1, 10])
def test_sure_and_even_is_best_even_if_sorted(splits):
    """Parts of unshuffled classes would score 1."""
    laws = one_hot(torch.arange(10).repeat_interleave(200), 10).double()
    laws = (laws + 1e-6 * torch.rand(2000, 10, generator=torch.Generator().manual_seed(0))).double()
    laws /= laws.sum(1, keepdim=True)
    assert inception_score(laws, splits=splits) == pytest.approx(10, rel=0.03)


def test_one_class_or_none_is_worst():
    assert inception_score(torch.full((40, 5), 0.2)) == pytest.approx(1, rel=1e-6)
    assert inception_score(one_hot(torch.full((40,), 3), 5)) == 1


def test_errors():
    with pytest.raises(ShapeMismatch, match=r"\(3,\)"):
        inception_score(torch.ones(3))
    with pytest.raises(BadOption, match="splits=4"):
        inception_score(torch.full((3, 2), 0.5), splits=4)
    for broken in (torch.ones(3, 2), torch.tensor([[2.0, -1.0]]), torch.full((2, 2), math.nan)):
        with pytest.raises(BadData, match="sum to 1"):
            inception_score(broken)
