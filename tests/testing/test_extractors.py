"""The kit for feature extractors: right ones pass, wrong ones are caught by name."""

from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo.testing import check_extractor

SAMPLES = torch.randn(24, 2, generator=torch.Generator().manual_seed(0))


class Plain(ganzoo.Extractor):
    def features(self, x):
        return x.detach().flatten(1).float()


class Graph(Plain):
    def features(self, x):
        return x.flatten(1)


class Training(Plain):
    def features(self, x):
        flat = super().features(x)
        return (flat - flat.mean(0)) / (flat.std(0, correction=0) + 1e-3)


class Drawn(Plain):
    def features(self, x):
        return super().features(x) @ torch.randn(2, 3)


class Beyond(Plain):
    classes = 2

    def predict(self, x):
        return (x[:, 0] > 0).long() + 1


def test_a_right_extractor_passes(failed):
    assert failed(check_extractor(Plain(), samples=SAMPLES)) == {}


@pytest.mark.parametrize(
    ("wrong", "caught"),
    [
        (Graph(), "features"),
        (Training(), "per_sample"),
        (Drawn(), "repeats"),
        (Beyond(), "classes"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_wrong_extractors_are_caught(failed, wrong, caught):
    assert caught in failed(check_extractor(wrong, samples=SAMPLES))
