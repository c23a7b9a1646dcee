from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo import CheckpointError, Incompatible
from ganzoo.terms import R1

LOSSES = ["nonsaturating", "wgan", "wgan-gp"]


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("stop", [4, 7])
def test_stopped_and_resumed_is_the_unbroken_run(
    make_trainer, assert_equal, tmp_path, name, stop, optimizer
):
    options = {"schedule": "cosine", "optimizer": optimizer}

    def objective():
        return ganzoo.get_loss(name) + R1(0.1, every=3)

    unbroken = make_trainer(objective(), **options)
    unbroken.run()
    first = make_trainer(objective(), folder=tmp_path, **options)
    first.run(stop)
    first.save()
    second = make_trainer(objective(), folder=tmp_path, **options).load()
    assert second.done == stop
    second.run()
    assert_equal(unbroken, second)
    assert second.status == "finished"


@pytest.mark.parametrize("schedule", ["constant", "linear", "cosine"])
def test_learning_rates_follow_their_schedule(make_trainer, schedule):
    trainer = make_trainer(
        ganzoo.get_loss("hinge"), schedule=schedule, final_lr=0.1, generator_lr=1.0, steps=10
    )
    rates = []
    for _ in range(10):
        rates.append(trainer.optimizers["generator"].param_groups[0]["lr"])
        trainer.step()
    end = trainer.optimizers["generator"].param_groups[0]["lr"]
    assert rates[0] == 1.0
    middle = {"constant": 1.0, "linear": 0.55, "cosine": 0.55}[schedule]
    assert rates[5] == pytest.approx(middle)
    assert end == pytest.approx(1.0 if schedule == "constant" else 0.1)


def test_the_history_has_columns_of_one_length(make_trainer):
    rows = []
    trainer = make_trainer(ganzoo.get_loss("nonsaturating"))
    assert trainer.run(on_report=rows.append) == "finished"
    assert trainer.history["step"] == [4.0, 8.0, 12.0]
    assert {len(column) for column in trainer.history.values()} == {3}
    assert [row["step"] for row in rows] == [4.0, 8.0, 12.0]
    for name in ("probability/real", "probability/fake"):
        assert all(0 < value < 1 for value in trainer.history[name])
    assert "probability/real" not in _history(make_trainer, "hinge")
    assert "score/real" in _history(make_trainer, "hinge")


def _history(make_trainer, name):
    trainer = make_trainer(ganzoo.get_loss(name))
    trainer.run()
    return trainer.history


def test_a_loss_that_is_not_finite_ends_the_run_and_is_named(make_trainer, tmp_path):
    class Explodes(ganzoo.Term):
        calls = 0

        def discriminator(self, play):
            self.calls += 1
            # the value blows up at the seventh step; a plain count, known to the host
            return play.real.score.mean() * (math.inf if self.calls == 7 else 1.0)

    objective = ganzoo.get_loss("hinge") + Explodes()
    trainer = make_trainer(objective, folder=tmp_path, checkpoint_every=4)
    assert trainer.run() == "diverged"
    assert "1-Explodes" in trainer.reason
    assert "step 6" in trainer.reason
    assert trainer.done == 8
    good = make_trainer(ganzoo.get_loss("hinge") + Explodes(), folder=tmp_path).load()
    assert good.done == 4
    assert all(p.isfinite().all() for p in good.game.parameters())


def test_notes_join_the_row_of_their_step(make_trainer):
    trainer = make_trainer(ganzoo.get_loss("hinge"))
    trainer.run(4)
    trainer.note({"metric": 1.5})
    trainer.run(2)
    trainer.note({"metric": 2.5})
    assert trainer.history["step"] == [4.0, 6.0]
    assert trainer.history["metric"] == [1.5, 2.5]


def test_the_average_follows_the_generator(make_trainer):
    trainer = make_trainer(ganzoo.get_loss("hinge"), ema=0.0)
    trainer.run(3)
    for mine, theirs in zip(
        trainer.average.network.parameters(), trainer.game.generator.parameters(), strict=True
    ):
        assert torch.equal(mine, theirs)
    trainer = make_trainer(ganzoo.get_loss("hinge"), ema=0.999, generator_lr=0.1)
    before = next(trainer.game.generator.parameters()).clone()
    trainer.run(1)
    now, average = (
        next(net.parameters()) for net in (trainer.game.generator, trainer.average.network)
    )
    torch.testing.assert_close(average.detach(), 0.1 * before + 0.9 * now.detach())


def test_samples_are_a_function_of_the_seed(make_trainer):
    trainer = make_trainer(ganzoo.get_loss("hinge"))
    trainer.run(2)
    first = trainer.sample(1500)
    assert first.shape == (1500, 2)
    assert torch.equal(trainer.sample(1500), first)
    assert not torch.equal(trainer.sample(1500, index=1), first)
    assert not torch.equal(trainer.sample(1500, average=False), first)
    assert trainer.game.generator.training


def test_stopping_on_request_leaves_a_checkpoint(make_trainer, tmp_path):
    trainer = make_trainer(ganzoo.get_loss("hinge"), folder=tmp_path)
    trainer.run(should_stop=lambda: trainer.done >= 5)
    assert (trainer.done, trainer.status) == (5, "running")
    assert make_trainer(ganzoo.get_loss("hinge"), folder=tmp_path).load().done == 5


def test_a_finished_run_can_be_made_longer(make_trainer, tmp_path):
    make_trainer(ganzoo.get_loss("hinge"), folder=tmp_path).run()
    longer = make_trainer(ganzoo.get_loss("hinge"), folder=tmp_path, steps=20).load()
    assert longer.run() == "finished"
    assert longer.done == 20


def test_a_checkpoint_of_another_game_is_refused(make_trainer, tmp_path):
    make_trainer(ganzoo.get_loss("hinge"), folder=tmp_path).run()
    other = make_trainer(ganzoo.get_loss("hinge") + ganzoo.terms.SpectralNorm(), folder=tmp_path)
    with pytest.raises(CheckpointError, match="another game"):
        other.load()


def test_what_does_not_fit_is_refused_before_training(make_trainer):
    class Reconstructs(ganzoo.Term):
        needs = frozenset({"reconstruction"})

    class Labelled(ganzoo.Term):
        conditional = True

    class Encodes(ganzoo.Term):
        roles = frozenset({"generator", "encoder"})

    for term, words in (
        (Reconstructs(), r"\{reconstruction\}.*\{features, score\}"),
        (Labelled(), "no classes"),
        (Encodes(), "encoder"),
    ):
        with pytest.raises(Incompatible, match=words):
            make_trainer(ganzoo.Objective(term))


def test_a_budget_of_seconds_ends_the_run_and_its_schedules(make_trainer):
    # An hour, as the trainer's clock says: it is set on by hand.
    trainer = make_trainer(
        ganzoo.get_loss("hinge"),
        schedule="cosine",
        final_lr=0.1,
        generator_lr=1.0,
        seconds=3600,
        steps=10**6,
    )
    group = trainer.optimizers["generator"].param_groups[0]
    trainer.run(1)
    assert group["lr"] == pytest.approx(1.0, abs=1e-3)
    trainer.seconds = 1800.0
    trainer.run(1)
    assert group["lr"] == pytest.approx(0.55, abs=1e-3)
    assert (trainer.status, trainer.over) == ("running", False)
    trainer.seconds = 3600.0
    assert trainer.run() == "finished"
    assert trainer.done == 3
    assert trainer.history["step"][-1] == 3.0
    assert group["lr"] == pytest.approx(0.1)


def test_steps_end_a_run_before_its_seconds(make_trainer):
    trainer = make_trainer(ganzoo.get_loss("hinge"), seconds=3600)
    assert trainer.run() == "finished"
    assert trainer.done == trainer.settings.steps


def test_the_generators_gradient_is_metered(make_trainer):
    trainer = make_trainer(ganzoo.get_loss("nonsaturating"), report_every=1)
    trainer.run(1)
    (found,) = trainer.history["gradient/generator"]
    parts = [p.grad.norm() for p in trainer.game.generator.parameters()]
    assert found == pytest.approx(float(torch.stack(parts).norm()), rel=1e-6)


def test_the_best_weights_are_lent_and_given_back(make_trainer, tmp_path):
    trainer = make_trainer(ganzoo.get_loss("hinge"), folder=tmp_path)
    network = trainer.average.network
    trainer.run(4)
    assert trainer.best.offer(network, 4, 1.0)
    then = trainer.sample(5)
    trainer.run(4)
    assert not trainer.best.offer(network, 8, 1.0)
    assert not trainer.best.offer(network, 8, math.nan)
    now = trainer.sample(5)
    trainer.save()
    again = make_trainer(ganzoo.get_loss("hinge"), folder=tmp_path).load()
    for each in (trainer, again):
        with each.best.worn_by(each.average.network):
            assert torch.equal(each.sample(5), then)
        assert torch.equal(each.sample(5), now)
        assert each.best.step == 4
