"""Modes and classes that a generator has lost."""

import torch

from ganzoo.evaluate import Extractor, Samples
from ganzoo.evaluate.lost import Lost, lost
from ganzoo.game.source import Mixture

CENTRES = torch.tensor([[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]])


def points(*counts, spread=0.1):
    generator = torch.Generator().manual_seed(0)
    place = torch.repeat_interleave(torch.arange(4), torch.tensor(counts))
    noise = spread * torch.randn(len(place), 2, generator=generator)
    return Samples(CENTRES[place] + noise, mixture=Mixture(CENTRES, 0.1))


def test_modes_with_less_than_a_fifth_of_their_due():
    assert lost(points(100, 100, 100, 100), points(9, 9, 9, 9)) == Lost((), 4)
    assert lost(points(200, 195, 5, 0), points(9, 9, 9, 9)) == Lost((2, 3), 4)


def test_a_blur_over_all_modes_has_lost_none():
    assert lost(points(100, 100, 100, 100, spread=0.9), points(9, 9, 9, 9)) == Lost((), 4)
    assert lost(points(400, 0, 0, 0, spread=0.9), points(9, 9, 9, 9)).missing


class Rounded(Extractor):
    dim, classes = 1, 3

    def features(self, x):
        return x

    def predict(self, x):
        return x[:, 0].round().long()


def labelled(*values):
    return Samples(torch.tensor(values, dtype=torch.float32)[:, None], Rounded())


def test_classes_are_due_what_the_real_samples_have():
    real = labelled(*[0] * 50, *[1] * 50)
    assert lost(labelled(*[0] * 95, *[1] * 5), real) == Lost((1,), 2)
    assert lost(labelled(*[0] * 80, *[1] * 20), real) == Lost((), 2)


def test_data_without_modes_lose_none():
    plain = Samples(torch.rand(5, 2))
    assert lost(plain, plain) == Lost((), 0)
