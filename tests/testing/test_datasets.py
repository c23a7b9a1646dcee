"""The kit for data sets: right ones pass, wrong ones are caught by name."""

from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo.testing import check_dataset


def pictures(seed, count=40):
    dice = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, 1, 4, 4), generator=dice, dtype=torch.uint8)


def finite(**changed):
    parts = {"train": pictures(0), "test": pictures(1), "latent": 3}
    source = ganzoo.TensorSource(**{**parts, **changed})
    source.task = ganzoo.Task("mlp", {"width": 4})
    source.levels = 256
    return source


class Endless(ganzoo.Source):
    spec = ganzoo.Spec((2,), 4, 2)
    task = ganzoo.Task("mlp", {"width": 4}, {"steps": 10}, ("energy-distance",))
    mixture = ganzoo.Mixture(torch.tensor([[0.0, 0.0]]), 1.0)

    def draw(self, count, stream):
        return stream.normal(count, 2), stream.integers(2, count)

    def held_out(self, count, stream):
        return self.draw(count, stream)


class Global(Endless):
    def draw(self, count, stream):
        return torch.randn(count, 2), stream.integers(2, count)


class Stuck(Endless):
    def draw(self, count, stream):
        return torch.randn(count, 2, generator=torch.Generator().manual_seed(0)), stream.integers(
            2, count
        )


class Double(Endless):
    def draw(self, count, stream):
        x, labels = super().draw(count, stream)
        return x.double(), labels


class WrongLabels(Endless):
    def draw(self, count, stream):
        x, labels = super().draw(count, stream)
        return x, labels + 1


class OneClass(Endless):
    def draw(self, count, stream):
        x, labels = super().draw(count, stream)
        return x, labels * 0


class OffCentre(Endless):
    mixture = ganzoo.Mixture(torch.tensor([[0.0, 0.0]]), 0.1)


class BadTask(Endless):
    task = ganzoo.Task("mlp", {"wdith": 4})


class DecidedByCounting(Endless):
    task = ganzoo.Task("mlp", {"width": 4}, metrics=("modes",))


class NeedsClasses(Endless):
    task = ganzoo.Task("mlp", {"width": 4}, metrics=("energy-distance", "class-kl"))


class Zero1(ganzoo.TensorSource):
    @staticmethod
    def _scale(x):
        return x.float() / 255


@pytest.mark.parametrize("source", [finite(), Endless()], ids=["finite", "endless"])
def test_right_data_pass(failed, source):
    assert failed(check_dataset(source)) == {}


@pytest.mark.parametrize(
    ("wrong", "caught"),
    [
        (finite(test=pictures(0)), "held_out"),
        (finite(train=pictures(0).float() / 255), "range"),
        (finite(train=4 * (pictures(0).float() / 127.5 - 1)), "range"),
        (finite(train=pictures(0).float() / 127.5 - 0.9999), "range"),
        (Global(), "repeats"),
        (Stuck(), "repeats"),
        (Double(), "shapes"),
        (WrongLabels(), "shapes"),
        (OneClass(), "classes"),
        (OffCentre(), "mixture"),
        (BadTask(), "suggestions"),
        (DecidedByCounting(), "suggestions"),
        (NeedsClasses(), "suggestions"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_wrong_data_are_caught(failed, wrong, caught):
    assert caught in failed(check_dataset(wrong))
