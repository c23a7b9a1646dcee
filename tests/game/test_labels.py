from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo import BadData, Game, Generator, Incompatible, Normal, Spec, Stream, Uniform, WithCode
from ganzoo.game.labels import check_labels


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (
            torch.tensor([0, 1, 3]),
            "3 classes, labels name them from 0 to 2; found .* from 0 to 3",
        ),
        (torch.tensor([0, -1, 2]), "from -1 to 2"),
        (torch.tensor([0.0, 1.0, 2.0]), r"\(3,\) of int64; found \(3,\) of float32"),
        (torch.tensor([[0], [1], [2]]), r"found \(3, 1\) of int64"),
        (torch.tensor([0, 1]), r"found \(2,\)"),
    ],
)
def test_labels_that_are_none(labels, says):
    check_labels(torch.tensor([0, 2, 1]), 3, 3)
    with pytest.raises(BadData, match=says):
        check_labels(labels, 3, 3)
    x = torch.zeros(3, 2)
    with pytest.raises(BadData, match=says):
        ganzoo.TensorSource(x, x, train_labels=labels, classes=3)
    with pytest.raises(BadData, match=says):
        ganzoo.TensorSource(x, x, test_labels=labels, classes=3)


class Labelled(ganzoo.Term):
    conditional = True


class Plain(Generator):
    def forward(self, z, y=None):
        return z


class Knowing(Plain):
    conditional = True


def test_a_conditional_objective_needs_a_generator_that_looks_at_labels():
    objective, spec = ganzoo.Objective(Labelled()), Spec((2,), 2, 3)
    judge = ganzoo.get_architecture("mlp", spec).discriminator()
    Game(Knowing(), judge, spec).check(objective)
    with pytest.raises(Incompatible, match="a generator that looks at labels.*option conditional"):
        Game(Plain(), judge, spec).check(objective)
    with pytest.raises(Incompatible, match="these data have no classes"):
        Game(Knowing(), judge, Spec((2,), 2)).check(objective)


@pytest.mark.parametrize("law", [Normal, Uniform])
def test_a_prior_of_another_size_has_the_same_law(law):
    resized = law(5).sized(3)
    assert type(resized) is law
    expected = law(3).draw(4, Stream(0, "latent").seek(0))
    assert torch.equal(resized.draw(4, Stream(0, "latent").seek(0)), expected)


def test_a_code_comes_in_one_size_and_has_a_category():
    prior = WithCode(Normal(4), categories=(3, 5), continuous=2)
    with pytest.raises(Incompatible, match="WithCode has 14 elements, and not 9"):
        prior.sized(9)
    z = prior.draw(20, Stream(0, "latent"))
    assert torch.equal(prior.category(z), z[:, 4:7].argmax(1))
    assert Normal(4).category(z) is None
    assert WithCode(Normal(4), continuous=2).category(z) is None
