"""A run as data, and as objects: recipes, and what is made of them."""

from ganzoo.recipe.assembly import assemble, train
from ganzoo.recipe.recipe import Choice, Recipe
from ganzoo.recipe.run import Run
from ganzoo.recipe.seeds import assemble_replicas, go_together, train_seeds

__all__ = [
    "Choice",
    "Recipe",
    "Run",
    "assemble",
    "assemble_replicas",
    "go_together",
    "train",
    "train_seeds",
]
