"""Turns of several seeds as lists of operations, where those repeat them."""

from __future__ import annotations

import pytest

from ganzoo import Objective
from ganzoo.terms import Wasserstein
from ganzoo.train import Replicas


def listed(monkeypatch, runs):
    """The runs, trained as lists of operations from the first step on, and the lists."""
    with monkeypatch.context() as patch:
        patch.setattr("ganzoo.train.engines.replicas._LISTED_FROM", 0)
        patch.setattr("ganzoo.train.engines.replicas._LONG", 0)
        group = Replicas(runs)
        group.run(2)
        group.run()
    return group


@pytest.mark.parametrize(
    ("name", "add", "turns"),
    [("wgan-gp", (), 2), ("acgan", (), 2), ("hinge", ("r1(gamma=0.1, every=2)", "lecam"), 4)],
)
def test_turns_as_lists_of_operations_give_the_same_bit_for_bit(
    together, name, add, turns, monkeypatch, assert_equal
):
    adam = {"optimizer": "adam", "generator_lr": 2e-4, "discriminator_lr": 2e-4, "steps": 4}
    mapped, runs = (together(name, 2, add=add, **adam) for _ in range(2))
    Replicas(mapped).run()
    group = listed(monkeypatch, runs)
    assert len(group._lists) == turns
    assert all(group._lists.values())
    for one, other in zip(runs, mapped, strict=True):
        assert_equal(one, other)


class Counting(Wasserstein):
    """Another loss at every call, by a number that is no tensor."""

    calls = 0

    def discriminator(self, play):
        Counting.calls += 1
        return super().discriminator(play) * Counting.calls


def test_a_turn_that_a_list_would_not_repeat_stays_as_it_is(make_trainer, monkeypatch):
    runs = [make_trainer(Objective(Counting()), seed=seed, dropout=0.0) for seed in range(2)]
    lists = listed(monkeypatch, runs)._lists
    assert {plan[0]: made is None for (_, plan), made in lists.items()} == {
        "discriminator": True,
        "generator": False,
    }
