import pytest
import torch

from ganzoo.evaluate.order import content_order


def test_the_order_of_the_rows_does_not_matter(normal):
    x = normal(50, 3).float()
    shuffled = x[torch.randperm(50, generator=torch.Generator().manual_seed(1))]
    assert torch.equal(x[content_order(x)], shuffled[content_order(shuffled)])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32, torch.float64, torch.uint8])
def test_it_is_a_permutation_that_the_seed_chooses(dtype):
    x = torch.arange(60).reshape(30, 2).to(dtype)
    assert content_order(x).sort().values.tolist() == list(range(30))
    assert not torch.equal(content_order(x), content_order(x, 1))


def test_sorted_samples_are_shuffled():
    order = content_order(torch.arange(1000.0)[:, None])
    halves = order[:500].double().mean(), order[500:].double().mean()
    assert all(abs(float(half) - 499.5) < 40 for half in halves)
