"""In a training loop of one's own: heads are built by hand, labels are passed along."""

from __future__ import annotations

import copy
import pickle

import pytest
import torch
from torch import nn

import ganzoo

X = torch.randn(6, 2, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([0, 1, 2, 0, 1, 0])
HEADED = ["acgan", "tac-gan", "adc-gan", "contragan", "reacgan", "mhgan"]


class Judge(nn.Module):
    """Scores and four features; labels move the score."""

    def __init__(self):
        super().__init__()
        self.trunk, self.score = nn.Linear(2, 4), nn.Linear(4, 1)
        self.seen = []

    def forward(self, x, y=None):
        self.seen.append(y)
        features = self.trunk(x).tanh()
        return ganzoo.DiscriminatorOutput(self.score(features), features)


def of(loss):
    """The term with a head."""
    return loss.terms[-1]


@pytest.mark.parametrize("name", HEADED)
def test_a_head_is_built_once_and_trained_with_the_discriminator(name):
    torch.manual_seed(0)
    loss, judge = ganzoo.get_loss(name), Judge()
    assert of(loss).build(feature_dim=4, classes=3) is of(loss)
    heads = list(loss.parameters())
    assert heads
    generator = nn.Linear(3, 2)
    fake = generator(torch.randn(6, 3))
    d = loss.discriminator_loss(judge, X, fake, labels=LABELS)
    gradients = torch.autograd.grad(d, [*heads, judge.trunk.weight], retain_graph=True)
    assert all(g.abs().sum() > 0 for g in gradients)
    assert torch.autograd.grad(d, generator.weight, allow_unused=True) == (None,)
    g = loss.generator_loss(judge, fake, real=X, labels=LABELS)
    assert torch.autograd.grad(g, generator.weight)[0].abs().sum() > 0
    assert all(torch.equal(y, LABELS) for y in judge.seen)


@pytest.mark.parametrize("name", HEADED)
def test_a_head_that_is_not_there_says_how_to_build_it(name):
    with pytest.raises(ganzoo.Incompatible, match=r"build\(feature_dim=4, classes=\.\.\.\)"):
        ganzoo.get_loss(name).discriminator_loss(Judge(), X, X, labels=LABELS)


@pytest.mark.parametrize("name", [*HEADED, "cgan", "projection"])
def test_labels_that_are_not_there_are_asked_for(name):
    loss = ganzoo.get_loss(name)
    if name in HEADED:
        of(loss).build(4, 3)
    with pytest.raises(ganzoo.Incompatible, match=r"needs the labels.*pass labels=\.\.\."):
        loss.discriminator_loss(Judge(), X, X)


@pytest.mark.parametrize("name", HEADED)
def test_scores_alone_are_not_enough(name):
    loss = ganzoo.get_loss(name)
    of(loss).build(4, 3)
    with pytest.raises(ganzoo.Incompatible, match=r"scores alone.*DiscriminatorOutput\(score, f"):
        loss.discriminator_loss(lambda x, y: x.sum(1), X, X, labels=LABELS)


@pytest.mark.parametrize("name", HEADED[:-1])
def test_as_many_labels_as_samples(name):
    loss = ganzoo.get_loss(name)
    of(loss).build(4, 3)
    with pytest.raises(ganzoo.ShapeMismatch, match="8 labels and 6 samples"):
        loss.discriminator_loss(Judge(), X, X, labels=torch.zeros(8, dtype=torch.int64))


def test_a_head_needs_features_and_classes():
    for numbers in ((0, 3), (4, 0)):
        with pytest.raises(ganzoo.BadOption, match="at least 1 of each"):
            ganzoo.get_term("acgan").build(*numbers)


@pytest.mark.parametrize("name", HEADED)
def test_heads_survive_a_state_dict_a_copy_and_a_pickle(name):
    loss, judge = ganzoo.get_loss(name), Judge()
    of(loss).build(4, 3)
    value = loss.discriminator_loss(judge, X, X + 1, labels=LABELS, step=0)
    other = ganzoo.get_loss(name)
    of(other).build(4, 3)
    other.load_state_dict(loss.state_dict())
    for same in (other, copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        assert torch.equal(same.discriminator_loss(judge, X, X + 1, labels=LABELS, step=0), value)
        assert repr(same) == repr(loss)


@pytest.mark.parametrize("name", ["cgan", "projection"])
@pytest.mark.parametrize("base", ["hinge", "nonsaturating", "wgan-gp"])
def test_a_conditional_discriminator_of_ones_own(name, base):
    def judge(x, y):
        return x.sum(1) * (y + 1)

    loss, plain = ganzoo.get_loss(name, base=base), ganzoo.get_loss(base)
    for player in ("discriminator_loss", "generator_loss"):
        values = []
        for each in (loss, plain):
            torch.manual_seed(0)
            values.append(getattr(each, player)(judge, real=X, fake=X + 1, labels=LABELS))
        assert torch.equal(*values)


def test_infogan_needs_a_game():
    loss = ganzoo.get_loss("infogan")
    of(loss).build(4, 3)
    with pytest.raises(ganzoo.Incompatible, match="it needs a Game"):
        loss.generator_loss(Judge(), X)
    of(loss).prior = ganzoo.WithCode(ganzoo.Normal(4), categories=(10,), continuous=2)
    with pytest.raises(ganzoo.Incompatible, match="it needs a Game"):
        loss.generator_loss(Judge(), X)  # of latent vectors it knows nothing still
