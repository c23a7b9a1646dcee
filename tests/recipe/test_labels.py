"""Labels reach the networks as the objective needs them."""

from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo import Incompatible


class Labelled(ganzoo.Term):
    conditional = True


class Seen(Labelled):
    needs = frozenset({"score", "labels"})


class Projected(Labelled):
    needs = frozenset({"score", "labels", "projection"})


@pytest.mark.parametrize(
    ("term", "provided"),
    [
        (ganzoo.terms.Wasserstein, set()),
        (Labelled, set()),
        (Seen, {"labels", "concat"}),  # as is usual in mlp
        (Projected, {"labels", "projection"}),
    ],
)
def test_the_networks_get_labels_as_the_objective_needs_them(quick, term, provided):
    game = quick(ganzoo.Objective(term()), "ring8").trainer.game
    assert game.generator.conditional == (term is not ganzoo.terms.Wasserstein)
    assert game.discriminator.provides == {"score", "features"} | provided


def test_how_labels_are_used_can_be_said(quick):
    chosen = {"name": "mlp", "options": {"conditional": "projection"}}
    run = quick(ganzoo.Objective(Seen()), "ring8", architecture=chosen)
    assert "projection" in run.trainer.game.discriminator.provides
    chosen["options"]["conditional"] = False
    with pytest.raises(Incompatible, match="labels.*Those that do: mlp, dcgan, infogan"):
        quick(ganzoo.Objective(Seen()), "ring8", architecture=chosen)


def test_data_without_classes_are_named_and_no_other_networks(quick):
    class Joined(Labelled):
        needs = frozenset({"score", "labels", "concat"})

    with pytest.raises(Incompatible, match="needs labels, and these data have no classes$"):
        quick(ganzoo.Objective(Joined()), "swissroll")


def test_samples_of_a_class(quick):
    run = quick(ganzoo.Objective(Labelled()), "ring8")
    every = run.sample(16)
    assert torch.equal(run.sample(16, labels=[3])[3::8], every[3::8])
    assert not torch.equal(run.sample(16, labels=[3]), every)
