import pytest
import torch

from ganzoo.evaluate.memorisation import memorisation


def test_honest_samples_get_a_half_within_the_error(normal):
    """Dealt anew, the references give shares whose spread is the error."""
    fake, found = normal(300, 3), []
    pool = normal(200, 3)
    dice = torch.Generator().manual_seed(0)
    for _ in range(200):
        dealt = pool[torch.randperm(200, generator=dice)]
        found.append(memorisation(fake, dealt[:100], dealt[100:]))
    shares, errors = (torch.tensor([x[i] for x in found]) for i in (0, 2))
    assert float(shares.mean()) == pytest.approx(0.5, abs=0.01)
    assert float(shares.std()) == pytest.approx(float(errors.mean()), rel=0.15)
    assert found[0].expected == 0.5


def test_copies_of_the_training_set(normal):
    training, held_out = normal(100, 4), normal(100, 4)
    noisy = training + 1e-3 * normal(100, 4)
    found = memorisation(noisy, training, held_out)
    assert found.share == 1
    assert found.share > found.expected + 5 * found.error
    assert memorisation(held_out + 1e-3, training, held_out).share == 0


def test_references_are_of_equal_size(normal):
    """Ten times as many training samples would be nearer to nearly anything."""
    fake, training, held_out = normal(400, 4), normal(1000, 4), normal(100, 4)
    found = memorisation(fake, training, held_out)
    assert abs(found.share - 0.5) < 4 * found.error
    shuffled = memorisation(fake, training.flip(0), held_out.flip(0))
    assert shuffled.share == found.share


def test_ties_count_half(normal):
    both = normal(30, 2)
    found = memorisation(normal(50, 2), both, both)
    assert (found.share, found.error) == (0.5, 0)
