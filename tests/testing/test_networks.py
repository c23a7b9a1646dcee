"""The kit for networks: right ones pass, wrong ones are caught by name."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo
from ganzoo.testing import check_architecture

SPEC = ganzoo.Spec((2,), 4, 3)


class Maker(ganzoo.Generator):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 2)

    def forward(self, z, y=None):
        return self.layer(z)


class Judge(ganzoo.Discriminator):
    provides = frozenset({"score", "features"})
    feature_dim = 5

    def __init__(self):
        super().__init__()
        self.hidden, self.last = nn.Linear(2, 5), nn.Linear(5, 1)

    def forward(self, x, y=None):
        features = self.hidden(x).tanh()
        return ganzoo.DiscriminatorOutput(self.last(features), features)


class WrongDim(Judge):
    feature_dim = 6


class Dishonest(Judge):
    provides = frozenset({"score", "features", "reconstruction"})


class BatchNormed(Judge):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(2, 5), nn.BatchNorm1d(5))


class Flat(Judge):
    def forward(self, x, y=None):
        features = self.hidden(x).sign() + 0 * self.hidden(x)
        return ganzoo.DiscriminatorOutput(self.last(features), features)


class Idle(Judge):
    def __init__(self):
        super().__init__()
        self.spare = nn.Linear(2, 2)


class ReadsBack(Judge):
    def forward(self, x, y=None):
        return super().forward(x if x.mean() < 100 else 2 * x)


class KeepsBeside(Judge):
    def __init__(self):
        super().__init__()
        self.tilt = float(torch.randn(()))

    def forward(self, x, y=None):
        said = super().forward(x)
        return ganzoo.DiscriminatorOutput(said.score + self.tilt, said.features)


class SeededInside(Judge):
    def __init__(self):
        torch.manual_seed(3)
        super().__init__()


class Single(Maker):
    def forward(self, z, y=None):
        return self.layer(z.float().to(self.layer.weight)).float()


def networks(judge=Judge, maker=Maker):
    return ganzoo.Architecture(maker, judge)


def test_right_networks_pass(failed):
    assert failed(check_architecture(networks(), spec=SPEC)) == {}


@pytest.mark.parametrize(
    ("wrong", "caught"),
    [
        (networks(WrongDim), {"shapes"}),
        (networks(maker=Single), {"shapes"}),
        (networks(Dishonest), {"provides"}),
        (networks(BatchNormed), {"per_sample"}),
        (networks(Flat), {"double_backward"}),
        (networks(Idle), {"trainable"}),
        (networks(ReadsBack), {"device"}),
        (networks(KeepsBeside), {"state"}),
        (networks(SeededInside), {"state"}),
    ],
    ids=lambda value: value.discriminator.__name__ if hasattr(value, "generator") else "",
)
def test_wrong_networks_are_caught(failed, wrong, caught):
    assert caught <= failed(check_architecture(wrong, spec=SPEC)).keys()
