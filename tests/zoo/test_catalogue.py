"""Every registered loss trains on grid25 with its own defaults."""

import pytest

import ganzoo
from ganzoo.recipe import Choice, Recipe, assemble

LOSSES = ganzoo.registry.entries("losses")


@pytest.mark.parametrize("found", LOSSES, ids=lambda found: found.id)
def test_every_loss_trains_as_its_paper_trained_it(found):
    # a plan's way: benchmarks/plans/catalogue.toml
    recipe = Recipe(
        loss=Choice(found.id),
        dataset=Choice("grid25"),
        settings={"latent": 32, "report_every": 1, "device": "cpu"},
        defaults="paper",
    )
    trainer = assemble(recipe).trainer
    assert trainer.run(2) == "running", trainer.reason
    assert trainer.done == 2


def test_the_catalogue_has_ninety_ids_and_more():
    ids = [f"{kind} {f.id}" for kind in ("losses", "terms") for f in ganzoo.registry.entries(kind)]
    assert len(set(ids)) == len(ids) >= 90
