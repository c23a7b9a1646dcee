"""Several seeds at once: the runs that each seed has alone, up to rounding."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo import Objective, Term
from ganzoo.terms import Wasserstein
from ganzoo.train import Replicas

ADAM = {"optimizer": "adam", "generator_lr": 2e-4, "discriminator_lr": 2e-4}


def trained(trainers):
    """The trainers, each of them run to its end by itself."""
    for trainer in trainers:
        trainer.run()
    return trainers


def assert_alike(one, other):
    ours, theirs = one.state_dict(), other.state_dict()
    for part in ("game", "objective", "average"):
        assert ours[part].keys() == theirs[part].keys()
        for name, value in ours[part].items():
            torch.testing.assert_close(
                value, theirs[part][name], rtol=2e-4, atol=2e-5, msg=f"{part}.{name}"
            )
    assert list(one.history) == list(other.history)
    for name in one.history:
        if name != "seconds":
            assert one.history[name] == pytest.approx(other.history[name], rel=1e-3, abs=1e-4), name


@pytest.mark.parametrize(
    ("name", "add"),
    [
        ("nonsaturating", ()),
        ("wgan-gp", ()),
        ("wgan", ()),
        ("rpgan-r1r2", ()),
        ("acgan", ()),
        ("vae", ()),
        ("hinge", ("r1(gamma=0.1, every=3)",)),
    ],
)
def test_each_run_is_the_one_that_its_seed_has_alone(together, name, add):
    alone, runs = trained(together(name, add=add)), together(name, add=add)
    group = Replicas(runs)
    group.run()
    assert group.reason == ""
    for one, other in zip(runs, alone, strict=True):
        assert one.status == "finished"
        assert_alike(one, other)
    assert runs[0].history["loss/generator"] != runs[1].history["loss/generator"]


def test_adam_and_schedules_are_those_of_a_run(together):
    settings = {**ADAM, "schedule": "cosine", "steps": 5}
    alone, runs = (together("nonsaturating", 2, **settings) for _ in range(2))
    trained(alone)
    Replicas(runs).run()
    for one, other in zip(runs, alone, strict=True):
        assert_alike(one, other)
        rates = [t.optimizers["generator"].param_groups[0]["lr"] for t in (one, other)]
        assert rates[0] == rates[1]
        for player, mine in one.optimizers.items():
            theirs = other.optimizers[player].state_dict()["state"]
            for slot, values in mine.state_dict()["state"].items():
                assert values["step"] == theirs[slot]["step"]
                torch.testing.assert_close(
                    values["exp_avg"], theirs[slot]["exp_avg"], rtol=1e-2, atol=1e-5
                )


def test_the_states_of_optimisers_become_views_once(together):
    runs, seen = together("nonsaturating", 2, **{**ADAM, "steps": 4, "report_every": 1}), []
    own = runs[0].optimizers["generator"]
    moved = own.param_groups[0]["params"][0]
    Replicas(runs).run(on_report=lambda *_: seen.append(own.state[moved]))
    assert len(seen) == 8
    assert all(each is seen[0] for each in seen)


def test_afterwards_each_run_has_a_memory_of_its_own_and_goes_on_alone(together):
    alone, runs = (together("nonsaturating", 2, **ADAM) for _ in range(2))
    trained(alone)
    Replicas(runs).run(5)
    before = {k: v.clone() for k, v in runs[1].state_dict()["game"].items()}
    runs[0].run()
    assert all(torch.equal(v, runs[1].state_dict()["game"][k]) for k, v in before.items())
    assert_alike(runs[0], alone[0])
    Replicas(runs[1:]).run()
    assert_alike(runs[1], alone[1])


def test_a_group_goes_on_from_checkpoints(together, tmp_path):
    whole, first, second = (together("wgan-gp", 2, steps=6) for _ in range(3))
    Replicas(whole).run()
    Replicas(first).run(3)
    for place, (early, late) in enumerate(zip(first, second, strict=True)):
        early.save(tmp_path / str(place))
        late.load(tmp_path / str(place))
    Replicas(second).run()
    for one, other in zip(second, whole, strict=True):
        assert_alike(one, other)


class Fragile(Wasserstein):
    """A loss that is not a number once its buffer says so."""

    def __init__(self):
        super().__init__()
        self.register_buffer("left", torch.tensor(math.inf))

    def discriminator(self, play):
        return super().discriminator(play) + torch.where(self.left > 0, 0.0, math.nan)

    def after_generator(self, play):
        self.left = self.left - 1  # exchanged, not written to


def test_a_run_that_diverges_leaves_the_others_alone(make_trainer):
    def trainers():
        rates = {"generator_lr": 0.002, "discriminator_lr": 0.002}
        options = {"dropout": 0.0, "optimizer": "sgd", "ema": 0.5, **rates}
        made = [make_trainer(Objective(Fragile()), seed=seed, **options) for seed in range(3)]
        made[1].objective.terms[0].left.fill_(2.0)
        return made

    alone, runs = trained(trainers()), trainers()
    group, rows = Replicas(runs), []
    group.run(on_report=lambda place, row: rows.append((place, row["step"])))
    assert group.reason == ""
    assert [trainer.status for trainer in runs] == ["finished", "diverged", "finished"]
    assert runs[1].reason == alone[1].reason
    assert runs[1].done == alone[1].done == 4
    assert rows == [(0, 4), (1, 4), (2, 4), (0, 8), (2, 8), (0, 12), (2, 12)]
    for place in (0, 2):
        assert_alike(runs[place], alone[place])


class Reading(Term):
    def discriminator(self, play):
        return play.fake.score.mean() * play.real.score.detach().mean().item()

    def generator(self, play):
        return -play.fake.score.mean()


def test_what_cannot_be_mapped_runs_one_after_the_other_with_a_reason(make_trainer, assert_equal):
    alone, runs = (
        [make_trainer(Objective(Reading()), seed=seed) for seed in range(2)] for _ in range(2)
    )
    trained(alone)
    group = Replicas(runs)
    group.run(7)
    assert "cannot be mapped" in group.reason
    assert [trainer.done for trainer in runs] == [7, 7]
    group.run()
    for one, other in zip(runs, alone, strict=True):
        assert_equal(one, other)


def test_a_network_that_draws_by_itself_runs_alone(make_trainer):
    """Dropout asks torch's own generator, which all runs would share."""
    group = Replicas([make_trainer(ganzoo.get_loss("hinge"), seed=seed) for seed in range(2)])
    group.run(1)
    assert "random" in group.reason


def test_replicas_differ_in_their_seed_alone(make_trainer):
    one, other = (make_trainer(ganzoo.get_loss("hinge"), batch=batch) for batch in (4, 8))
    with pytest.raises(ganzoo.Incompatible, match="alike but for the seed"):
        Replicas([one, other])


def test_a_stop_is_for_all(together):
    runs = together("nonsaturating", 2)
    Replicas(runs).run(should_stop=lambda: runs[0].done == 2)
    assert [trainer.done for trainer in runs] == [2, 2]
    assert {trainer.status for trainer in runs} == {"running"}


def test_a_seconds_budget_is_a_single_runs(make_trainer):
    objective = ganzoo.get_loss("hinge")
    trainer = make_trainer(objective, seconds=0.01)
    group = Replicas([trainer])
    group.run()
    assert "seconds" in group.reason
    assert trainer.status == "finished"
