"""A recipe: its content is what it is known by, written and read."""

from __future__ import annotations

import pytest

from ganzoo import BadOption
from ganzoo.recipe import Choice, Recipe


def test_a_recipe_is_its_content(tmp_path):
    recipe = Recipe(
        loss=Choice.of("wgan-gp(weight=0.1)"),
        add=("r1(gamma=1.0)",),
        dataset=Choice.of({"name": "ring8", "options": {"strict": True}}),
        settings={"steps": 3, "betas": [0.0, 0.9]},
    )
    recipe.save(tmp_path / "recipe.json")
    again = Recipe.load(tmp_path / "recipe.json")
    assert again == recipe
    assert again.key == recipe.key
    assert recipe.label == "wgan-gp(weight=0.1) + r1(gamma=1.0)"
    other = Recipe(loss=Choice("wgan-gp"), dataset=Choice("ring8"))
    assert other.key != recipe.key


def test_a_recipe_reads_toml(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('loss = {name = "hinge"}\ndataset = {name = "ring8"}\n[settings]\nsteps = 5\n')
    assert Recipe.load(path).settings == {"steps": 5}
    path.write_text('loss = {name = "hinge"}\ndataset = {name = "ring8"}\nstep = 5\n')
    with pytest.raises(BadOption, match="step"):
        Recipe.load(path)
