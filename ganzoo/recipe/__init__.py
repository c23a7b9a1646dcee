"""A run as data, and as objects: recipes, and what is made of them."""

from ganzoo.recipe.assembly import assemble, train
from ganzoo.recipe.recipe import Choice, Recipe
from ganzoo.recipe.run import Run

__all__ = ["Choice", "Recipe", "Run", "assemble", "train"]
