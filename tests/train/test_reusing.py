"""Both players' turns on one batch of generated samples."""

from __future__ import annotations

import weakref

import pytest
import torch
from torch import nn
from torch.nn.functional import softplus

import ganzoo
from ganzoo import BadOption, Game, Incompatible, Term
from ganzoo.recipe import Choice, Recipe, assemble
from ganzoo.terms import R2
from ganzoo.train import EagerEngine, Replicas, Settings, Trainer
from ganzoo.train.engines import choose
from ganzoo.train.streams import Streams

OBJECTIVES = {
    "nonsaturating": lambda: ganzoo.get_loss("nonsaturating"),
    "wgan, five turns and clipping": lambda: ganzoo.get_loss("wgan"),
    "a gradient by the samples": lambda: ganzoo.get_loss("lsgan") + R2(0.5, every=2),
    "real scores in the generator's turn": lambda: ganzoo.get_loss("rpgan-r1r2"),
}


def by_hand(trainer, steps):
    """The loop that scripts have, on what the trainer would draw, with its optimisers."""
    networks, loss = trainer.game, trainer.objective
    streams, turns = Streams(trainer.settings.seed, trainer.device), loss.discriminator_turns
    for step in range(steps):
        with streams.networks(step):
            for turn in range(turns):
                index = step * (turns + 1) + turn
                drawn = streams.turn(trainer.source, networks.prior, trainer.settings.batch, index)
                real, fake = drawn.real_x, networks.generator(drawn.z)
                d = loss.discriminator_loss(networks.discriminator, real, fake.detach(), step=step)
                trainer.optimizers["discriminator"].zero_grad()
                d.backward()
                trainer.optimizers["discriminator"].step()
                loss.after_discriminator_step(networks.discriminator)
            g = loss.generator_loss(networks.discriminator, fake, real, step=step)
            trainer.optimizers["generator"].zero_grad()
            g.backward()
            trainer.optimizers["generator"].step()


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("name", OBJECTIVES)
def test_it_is_the_loop_that_reuses_a_batch(make_trainer, name, optimizer):
    run = make_trainer(OBJECTIVES[name](), reuse_fakes=True, optimizer=optimizer)
    hand = make_trainer(OBJECTIVES[name](), optimizer=optimizer)
    run.run(6)
    by_hand(hand, 6)
    for key, value in hand.game.state_dict().items():
        assert torch.equal(run.game.state_dict()[key], value), key


@pytest.mark.parametrize(("name", "forwards"), [("nonsaturating", 1), ("wgan-gp", 5)])
def test_the_generator_is_evaluated_once_for_both(make_trainer, name, forwards):
    graphs = []
    for reused in (True, False):
        trainer = make_trainer(ganzoo.get_loss(name), reuse_fakes=reused)
        trainer.game.generator.register_forward_hook(
            lambda module, given, made: graphs.append(made.requires_grad)
        )
        trainer.run(2)
        without = [False] * (forwards - 1 if reused else forwards)
        assert graphs == [*without, True] * 2
        graphs.clear()


class Listening(Term):
    """Hears what each turn is given."""

    def __init__(self):
        super().__init__()
        self.told = []

    def discriminator(self, play):
        self.told.append((play.real_x, play.z, play.labels, play.fake_x, play.uniform(3)))
        return softplus(play.fake.score).mean() + softplus(-play.real.score).mean()

    def generator(self, play):
        return -self.discriminator(play)


@pytest.mark.parametrize("conditional", [False, True])
def test_the_generator_gets_what_the_last_turn_got(conditional):
    term = Listening()
    term.conditional = conditional
    objective = ganzoo.Objective(term, discriminator_turns=2)
    source = ganzoo.get_dataset("digits")
    settings = Settings(batch=8, report_every=1, reuse_fakes=True, device="cpu")
    networks = ganzoo.get_architecture("mlp", source.spec, conditional=conditional)
    game = Game.seat(networks, objective, source.spec)
    Trainer(game, objective, source, settings).run(2)
    for first, second, third in (term.told[:3], term.told[3:]):
        assert not torch.equal(first[1], second[1])
        for given, again in zip(second[:4], third[:4], strict=True):
            assert torch.equal(given, again)
        assert not second[3].requires_grad
        assert third[3].requires_grad
        assert not torch.equal(second[4], third[4])  # what a term draws is the turn's own
    assert not torch.equal(term.told[2][1], term.told[3][1])


def test_by_default_each_turn_draws_its_own(make_trainer):
    term = Listening()
    trainer = make_trainer(ganzoo.Objective(term))
    trainer.run(2)
    assert not Settings().reuse_fakes
    assert type(trainer.engine) is EagerEngine
    seen = [x for _, z, _, fake, _ in term.told for x in (z, fake)]
    assert len({float(x.detach().sum()) for x in seen}) == len(seen)


@pytest.mark.parametrize("name", ["nonsaturating", "wgan"])
def test_stopped_and_resumed_is_the_unbroken_run(make_trainer, assert_equal, tmp_path, name):
    unbroken = make_trainer(ganzoo.get_loss(name), reuse_fakes=True)
    unbroken.run()
    first = make_trainer(ganzoo.get_loss(name), reuse_fakes=True, folder=tmp_path)
    first.run(5)
    first.save()
    second = make_trainer(ganzoo.get_loss(name), reuse_fakes=True, folder=tmp_path)
    second.run(1)
    second.load().run()
    assert_equal(unbroken, second)
    other = make_trainer(ganzoo.get_loss(name))
    other.run()
    assert other.history["loss/generator"] != unbroken.history["loss/generator"]


def test_the_graph_goes_with_the_generator_s_turn(make_trainer):
    held = []

    class Holding(Listening):
        def generator(self, play):
            held.append(weakref.ref(play.fake_x))
            return super().generator(play)

    term = Holding()
    trainer = make_trainer(ganzoo.Objective(term), reuse_fakes=True)
    trainer.step()
    term.told.clear()
    assert [each() for each in held] == [None]


class Normed(ganzoo.Generator):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))

    def forward(self, z, y=None):
        return self.net(z)


@pytest.mark.parametrize(("reused", "batches"), [(True, 2), (False, 3)])
def test_running_statistics_move_with_each_evaluation_alone(make_trainer, reused, batches):
    shape = make_trainer(ganzoo.get_loss("hinge"))
    objective = ganzoo.Objective(*ganzoo.get_loss("hinge").terms, discriminator_turns=2)
    game = Game(Normed(), shape.game.discriminator, shape.game.spec)
    settings = shape.settings.changed(reuse_fakes=reused)
    trainer = Trainer(game, objective, shape.source, settings)
    trainer.run(3)
    assert int(game.generator.net[1].num_batches_tracked) == 3 * batches
    assert int(trainer.average.network.net[1].num_batches_tracked) == 3 * batches


class Early(Listening):
    """Generates without a graph before the samples of the turn are made."""

    def discriminator(self, play):
        if play.player == "discriminator":
            play.generate(torch.zeros_like(play.z))
        return super().discriminator(play)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_pass_without_a_graph_before_cuts_nothing(make_trainer, precision):
    settings = {"reuse_fakes": True, "precision": precision, "optimizer": "sgd", "report_every": 1}
    found = []
    for term in (Early(), Listening()):
        trainer = make_trainer(ganzoo.Objective(term), dropout=0.0, **settings)
        trainer.run(1)
        found.append([p.grad for p in trainer.game.generator.parameters()])
    for early, late in zip(*found, strict=True):
        assert early.abs().sum() > 0
        assert torch.equal(early, late)


def test_without_samples_in_the_discriminator_s_turn_the_generator_makes_them(make_trainer):
    class Silent(Term):
        def discriminator(self, play):
            return play.real.score.mean()

        def generator(self, play):
            return -play.fake.score.mean()

    trainer = make_trainer(ganzoo.Objective(Silent()), reuse_fakes=True, report_every=1)
    trainer.run(1)
    assert trainer.history["gradient/generator"][0] > 0


def test_without_a_discriminator_nothing_is_reused():
    def run(**settings):
        values = {"steps": 3, "batch": 16, "report_every": 1, **settings}
        chosen = {"loss": Choice.of("vae"), "dataset": Choice.of("ring8")}
        made = assemble(Recipe(**chosen, settings=values)).trainer
        made.run()
        return made.history["loss/generator"]

    assert run(reuse_fakes=True) == run()


def test_terms_that_move_latent_vectors_are_refused(make_trainer):
    class Moving(Term):
        def latents(self, play, z):
            return z + 1

    with pytest.raises(Incompatible, match=r"Moving moves the latent vectors .* leave reuse_fakes"):
        make_trainer(ganzoo.get_loss("hinge") + Moving(), reuse_fakes=True)


def test_the_engine_is_the_eager_one(make_trainer):
    trainer = make_trainer(ganzoo.get_loss("hinge"), reuse_fakes=True)
    table = trainer.engine.table
    table.streams.noise.device = torch.device("cuda")
    choice = choose("auto", table)
    assert choice.name == "eager"
    assert "reuse_fakes" in choice.reason
    assert choose("eager", table).reason == "it was asked for"
    for engine in ("compiled", "cudagraph"):
        with pytest.raises(BadOption, match=f"engine='{engine}' with reuse_fakes.*leave engine"):
            Settings.of({"engine": engine, "reuse_fakes": True})


def test_seeds_at_once_run_one_after_the_other_and_say_why(make_trainer, assert_equal):
    alone = make_trainer(ganzoo.get_loss("hinge"), reuse_fakes=True)
    runs = [make_trainer(ganzoo.get_loss("hinge"), reuse_fakes=True, seed=s) for s in (0, 1)]
    group = Replicas(runs)
    assert "reuse_fakes" in group.obstacle()
    group.run()
    alone.run()
    assert "reuse_fakes" in group.reason
    assert_equal(runs[0], alone)
