"""What becomes of a recipe: settings in layers, networks, terms, and errors that name a cure."""

from __future__ import annotations

import pytest

import ganzoo
from ganzoo import BadOption, Incompatible, UnknownName
from ganzoo.recipe import Choice, Recipe, assemble, train


def test_settings_are_layered():
    def settings(**options):
        recipe = Recipe(loss=Choice("wgan-gp"), dataset=Choice("ring8"), **options)
        return assemble(recipe).trainer.settings

    task, paper = settings(), settings(defaults="paper")
    assert task.generator_lr == 2e-3
    assert task.schedule == "cosine"
    assert (paper.generator_lr, paper.betas, paper.schedule) == (1e-4, (0.0, 0.9), "constant")
    assert settings(settings={"generator_lr": 0.5}).generator_lr == 0.5


def test_where_the_suggested_networks_do_not_do_others_are_taken_unless_they_are_named():
    def networks(**options):
        run = assemble(Recipe(loss=Choice("ebgan"), dataset=Choice("ring8"), **options))
        return run.trainer.game.discriminator

    assert "reconstruction" in networks().provides
    with pytest.raises(Incompatible, match=r"needs .*reconstruction.*asked for: mlp.*do: mlp-ae"):
        networks(architecture=Choice("mlp"))


def test_the_networks_are_the_suggested_ones_unless_named():
    def width(**options):
        recipe = Recipe(loss=Choice("hinge"), dataset=Choice("ring8"), **options)
        return sum(p.numel() for p in assemble(recipe).trainer.game.parameters())

    assert width(architecture=Choice("mlp")) == width()
    assert width(architecture=Choice("mlp", {"width": 8})) < width()


def test_terms_are_added_by_name(quick):
    run = quick("hinge", "ring8", add=["spectral-norm", "r1(gamma=0.5, every=2)"])
    assert [type(term).__name__ for term in run.objective.terms] == ["Hinge", "SpectralNorm", "R1"]
    assert run.recipe.label == "hinge + spectral-norm + r1(gamma=0.5, every=2)"


def test_objects_of_ones_own_are_welcome(quick):
    objective = ganzoo.get_loss("hinge") + ganzoo.terms.R1(0.1)
    source = ganzoo.get_dataset("ring8")
    run = quick(objective, source)
    assert run.objective is objective
    assert run.status == "finished"


def test_other_networks_are_named_where_they_are_a_cure_alone(quick):
    class Picky(ganzoo.terms.Wasserstein):
        def attach(self, game):
            raise Incompatible("the moon is wrong.")

    with pytest.raises(Incompatible) as caught:
        quick(ganzoo.Objective(Picky()), "ring8")
    assert str(caught.value) == "the moon is wrong."


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("hinje",), UnknownName, "hinge"),
        (("hinge", "ring9"), UnknownName, "ring8"),
        (("hinge(margin=1)",), BadOption, "generator_margin"),
        (("hinge(",), BadOption, "hinge"),
        (({"nam": "hinge"},), BadOption, "nam"),
    ],
)
def test_misspelt_names_get_the_closest(arguments, error, words):
    with pytest.raises(error, match=words):
        train(*arguments)


def test_misspelt_settings_get_the_closest():
    with pytest.raises(BadOption, match="'steps'"):
        train("hinge", step=3)
