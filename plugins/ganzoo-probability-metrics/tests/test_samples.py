"""How many samples of either kind a loss takes, and whether they are pairs."""

from __future__ import annotations

import pytest
import torch

import ganzoo

MINIMUM = {"mmd-rbf", "mmd-rq", "mmd-distance", "mmd-linear", "mmd-repulsive", "cramer", "smmd"}
PAIRED = ["gan-qp", "loss-sensitive"]
every_player = pytest.mark.parametrize("player", ["discriminator", "generator"])


def test_batches_of_different_sizes(played, numbers, loss_of, feature_name, player):
    value, table = played(loss_of(feature_name), player, numbers(7, 3), numbers(4, 3, seed=1))
    assert value.isfinite()
    gradient = torch.autograd.grad(value, table.fake)[0]
    assert gradient.isfinite().all()
    assert gradient.any()


@every_player
@pytest.mark.parametrize("name", PAIRED)
def test_pairs_of_unequal_batches_raise_and_name_both_sizes(played, numbers, loss_of, name, player):
    if (name, player) == ("loss-sensitive", "generator"):  # it looks at generated samples alone
        assert played(loss_of(name), player, numbers(4), numbers(7))[0].isfinite()
    else:
        with pytest.raises(ganzoo.ShapeMismatch, match="4 and 7"):
            played(loss_of(name), player, numbers(4), numbers(7))


@pytest.mark.parametrize("name", ["wgan-lp", "bwgan", "mmd-rbf", "cramer"])
def test_penalties_between_unequal_batches_raise(numbers, name):
    with pytest.raises(ganzoo.ShapeMismatch, match="as many real as generated"):
        ganzoo.get_loss(name).discriminator_loss(lambda x: x, numbers(4, 3), numbers(5, 3))


@every_player
@pytest.mark.parametrize("name", [*sorted(MINIMUM), "ot-gan"])
def test_a_single_sample_has_no_others_to_be_compared_with(played, numbers, loss_of, name, player):
    for real, fake in ((1, 5), (5, 1)):
        with pytest.raises(ganzoo.ShapeMismatch, match=rf"at least 2.*{real} and {fake}.*biased"):
            played(loss_of(name), player, numbers(real, 3), numbers(fake, 3, seed=1))


@pytest.mark.parametrize("name", ["mmd-rbf", "mmd-rq", "mmd-distance", "mmd-linear", "smmd"])
def test_biased_estimates_take_a_single_sample(played, numbers, loss_of, name):
    loss = loss_of(name, biased=True)
    assert loss.traits.minimum == 1
    value, _ = played(loss, "generator", numbers(1, 3), numbers(1, 3, seed=1))
    assert value.item() > 0


def test_a_single_charge_feels_nothing(numbers, loss_of):
    with pytest.raises(ganzoo.ShapeMismatch, match="at least 2 real.*1 and 3"):
        loss_of("coulomb").discriminator_loss(lambda x: x[:, 0], numbers(1, 2), numbers(3, 2))


def test_traits(loss_of, name):
    loss = loss_of(name)
    declared = loss.traits
    assert declared.paired == (name in PAIRED)
    assert declared.orientation == (-1 if name == "loss-sensitive" else 1)
    # a loss on features is not monotone in any of them, but along san's direction
    on_scores = "features" not in loss.needs
    assert declared.monotone == (name == "san" or (on_scores and name != "loss-sensitive"))
    if "mmd" in name:
        assert declared.shift_invariant
    twos = {*MINIMUM, "mmd-repulsive-bounded", "ot-gan", "coulomb"}
    assert declared.minimum == (2 if name in twos else 1)
