"""Labels on the way into a run, and out of it."""

from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo import BadData, BadOption, Incompatible
from ganzoo.train import Settings, Trainer


class Labelled(ganzoo.Term):
    """Silent, and in need of labels."""

    conditional = True


class Dealt(ganzoo.Source):
    """Points with whatever labels there are."""

    def __init__(self, labels):
        self.spec = ganzoo.Spec((2,), 3, 4)
        self.labels = labels

    def draw(self, count, stream):
        return stream.normal(count, 2), self.labels(count)

    held_out = draw


def by_turns(count):
    return torch.arange(count) % 4


@pytest.fixture
def trainer():
    """trainer(conditional, *terms, labels): of a small mlp."""

    def make(conditional, *terms, labels=by_turns):
        objective, source = ganzoo.Objective(*terms), Dealt(labels)
        networks = ganzoo.get_architecture("mlp", source.spec, width=8, conditional=conditional)
        game = ganzoo.Game.seat(networks, objective, source.spec)
        return Trainer(game, objective, source, Settings(steps=1, batch=8, device="cpu"))

    return make


@pytest.fixture
def conditional(trainer):
    return trainer("generator", Labelled())


def test_each_class_in_turn_unless_told(conditional):
    plain, asked = conditional.sample_labelled(10)
    assert asked.tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]
    assert torch.equal(conditional.sample(10), plain)
    assert torch.equal(conditional.sample(10, labels=[0, 1, 2, 3]), plain)
    assert torch.equal(conditional.sample(10, labels=asked), plain)
    ones = conditional.sample(10, labels=[1])
    changed = (ones - plain).abs().sum(1) > 1e-6
    assert changed.tolist() == (asked != 1).tolist()


@pytest.mark.parametrize(
    ("labels", "error", "says"),
    [
        ([4], BadData, "4 classes, labels name them from 0 to 3; found labels from 4 to 4"),
        ([0.5, 1.0], BadData, "float32"),
        ([], BadOption, r"one for each of the 3 samples, or fewer; found \(0,\)"),
        ([0] * 4, BadOption, r"found \(4,\)"),
        (torch.zeros(3, 1, dtype=torch.int64), BadOption, r"found \(3, 1\)"),
    ],
)
def test_labels_that_cannot_be_asked_for(conditional, labels, error, says):
    with pytest.raises(error, match=says):
        conditional.sample(3, labels=labels)


def test_a_generator_that_looks_at_no_labels_is_asked_for_none(trainer):
    plain = trainer(False, ganzoo.terms.Wasserstein())
    x, asked = plain.sample_labelled(5)
    assert torch.equal(x, plain.sample(5))
    assert asked.tolist() == [0, 1, 2, 3, 0]  # by turns, and in vain
    with pytest.raises(Incompatible, match="looks at no labels"):
        plain.sample(5, labels=[1])


def test_a_code_is_what_a_sample_was_asked_to_be(trainer):
    plain = trainer(False, ganzoo.terms.Wasserstein())
    prior = ganzoo.WithCode(ganzoo.Normal(1), categories=(2,))
    plain.game.prior = prior
    _, asked = plain.sample_labelled(50)
    z = prior.draw(50, ganzoo.Stream(0, "sample").seek(0))
    assert torch.equal(asked, z[:, 1:].argmax(1))


@pytest.mark.parametrize(
    ("labels", "error", "says"),
    [
        (lambda count: None, Incompatible, r"needs labels, and Dealt\.draw gives none"),
        (lambda count: torch.full((count,), 4), BadData, "from 4 to 4"),
        (lambda count: torch.zeros(count), BadData, "of int64; found .* of float32"),
    ],
)
def test_labels_are_looked_at_before_training(trainer, labels, error, says):
    with pytest.raises(error, match=says):
        trainer("generator", Labelled(), labels=labels)
    trainer(False, ganzoo.terms.Wasserstein(), labels=labels)  # nobody looks at them
