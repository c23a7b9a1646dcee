"""A small game that trains in milliseconds, and several seeds of a recipe."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import nn

from ganzoo import Architecture, Discriminator, DiscriminatorOutput, Game, Generator, Source, Spec
from ganzoo.recipe import Choice, Recipe, assemble_replicas
from ganzoo.train import Settings, Trainer

# SGD, because Adam makes steps out of the rounding of gradients that are zero
PLAIN = {"optimizer": "sgd", "generator_lr": 0.002, "discriminator_lr": 0.002, "ema": 0.5}


class TinyGenerator(Generator):
    def __init__(self, dropout):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 16), nn.Dropout(dropout), nn.Tanh(), nn.Linear(16, 2))

    def forward(self, z, y=None):
        return self.net(z)


class TinyDiscriminator(Discriminator):
    provides = frozenset({"score", "features"})
    feature_dim = 16

    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 16), nn.Tanh()
        )
        self.head = nn.Linear(16, 1)

    def forward(self, x, y=None):
        features = self.trunk(x)
        return DiscriminatorOutput(self.head(features), features)


class Ball(Source):
    spec = Spec((2,), 3)

    def draw(self, count, stream):
        return 1.0 + 0.5 * stream.normal(count, 2), None

    held_out = draw


@pytest.fixture
def make_trainer():
    def make(objective, *, folder=None, source=None, dropout=0.1, **settings):
        settings = {"steps": 12, "batch": 8, "report_every": 4, **settings}
        source = source or Ball()
        networks = Architecture(partial(TinyGenerator, dropout), TinyDiscriminator)
        game = Game.seat(networks, objective, source.spec, seed=settings.get("seed", 0))
        return Trainer(game, objective, source, Settings.of(settings), folder=folder)

    return make


@pytest.fixture
def together():
    """The trainers of so many seeds."""

    def make(name, count=3, *, add=(), **settings):
        values = {"steps": 8, "report_every": 3, "batch": 16, **PLAIN, **settings}
        recipe = Recipe(loss=Choice.of(name), add=add, dataset=Choice("ring8"), settings=values)
        return [run.trainer for run in assemble_replicas(recipe, range(count))]

    return make


@pytest.fixture
def weights():
    """Every tensor a run goes on from, but for the clock."""

    def collect(trainer):
        state = trainer.state_dict()
        parts = {name: state[name] for name in ("game", "objective", "average")}
        flat = {f"{part}.{k}": v for part, tree in parts.items() for k, v in tree.items()}
        for player, optimizer in state["optimizers"].items():
            for key, slots in optimizer["state"].items():
                flat.update({f"{player}.{key}.{k}": v for k, v in slots.items()})
        return flat

    return collect


@pytest.fixture
def assert_equal(weights):
    """Two trainers are at the same place, bit for bit."""

    def check(one, other):
        mine, theirs = weights(one), weights(other)
        assert mine.keys() == theirs.keys()
        different = [name for name in mine if not torch.equal(mine[name], theirs[name])]
        assert different == []
        clock = {"seconds"}
        assert {k: v for k, v in one.history.items() if k not in clock} == {
            k: v for k, v in other.history.items() if k not in clock
        }

    return check
