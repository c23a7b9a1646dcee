"""A run as data, and as objects: recipes, what is made of them, and how good samples are."""

from ganzoo.recipe.assembly import assemble, train
from ganzoo.recipe.recipe import Choice, Recipe
from ganzoo.recipe.run import Run
from ganzoo.recipe.scores import Score, Scores
from ganzoo.recipe.scoring import evaluate
from ganzoo.recipe.seeds import assemble_replicas, go_together, train_seeds

__all__ = [
    "Choice",
    "Recipe",
    "Run",
    "Score",
    "Scores",
    "assemble",
    "assemble_replicas",
    "evaluate",
    "go_together",
    "train",
    "train_seeds",
]
