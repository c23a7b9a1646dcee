"""Every engine gives the curve of the eager one."""

from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo import Term
from ganzoo.terms import R1, GradientPenalty, SpectralNorm
from ganzoo.testing.tape import TapeRecorder
from ganzoo.train.engines import RecordingEngine, choose
from ganzoo.train.engines.compiled import CompiledEngine
from ganzoo.train.engines.cudagraph import WARM_UP

OBJECTIVES = {
    "nonsaturating": lambda: ganzoo.get_loss("nonsaturating"),
    "wgan": lambda: ganzoo.get_loss("wgan"),
    "wgan-gp": lambda: ganzoo.get_loss("wgan-gp"),
    "lazy r1": lambda: ganzoo.get_loss("nonsaturating") + R1(0.1, every=3),
    "hinge + spectral-norm": lambda: ganzoo.get_loss("hinge") + SpectralNorm(),
}


def recorded(trainer):
    """The trainer with its turns on tape."""
    recorder = TapeRecorder()
    trainer.engine = RecordingEngine(trainer.engine.table, recorder)
    return trainer, recorder


@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("settings", [{}, {"schedule": "cosine", "ema": 0.9}, {"optimizer": "sgd"}])
def test_a_recorded_run_is_the_eager_one(make_trainer, weights, name, settings):
    settings = {"steps": 14, "report_every": 5, **settings}
    eager = make_trainer(OBJECTIVES[name](), **settings)
    tape, recorder = recorded(make_trainer(OBJECTIVES[name](), **settings))
    eager.run()
    tape.run()
    assert tape.engine.fallbacks == {}
    assert recorder.replays > 14
    ours, theirs = weights(tape), weights(eager)
    # the average alone is computed in another way
    different = [k for k, v in theirs.items() if not torch.equal(v, ours[k])]
    assert all(key.startswith("average.") for key in different)
    for key in different:
        torch.testing.assert_close(ours[key], theirs[key], rtol=1e-5, atol=1e-7)
    curves = [{k: v for k, v in t.history.items() if k != "seconds"} for t in (tape, eager)]
    assert curves[0] == curves[1]


def test_batches_of_a_finite_set_are_fed_to_the_recording(make_trainer, weights):
    data = torch.randn(21, 2)
    source = ganzoo.TensorSource(data, data, latent=3)
    eager = make_trainer(ganzoo.get_loss("wgan-gp"), source=source)
    tape, recorder = recorded(make_trainer(ganzoo.get_loss("wgan-gp"), source=source))
    assert source.recordable
    assert tape.engine.table.source is source
    eager.run()
    tape.run()
    assert recorder.replays
    assert all(
        torch.equal(v, weights(tape)[k])
        for k, v in weights(eager).items()
        if not k.startswith("average")
    )


def test_a_resumed_run_is_recorded_anew(make_trainer, weights, tmp_path):
    whole, _ = recorded(make_trainer(ganzoo.get_loss("hinge"), steps=16))
    whole.run()
    first, _ = recorded(make_trainer(ganzoo.get_loss("hinge"), steps=16, folder=tmp_path))
    first.run(8)
    first.save()
    second, recorder = recorded(make_trainer(ganzoo.get_loss("hinge"), steps=16))
    second.run(6)  # recorded, and thrown away
    assert recorder.replays
    second.load(tmp_path).run()
    different = [k for k, v in weights(whole).items() if not torch.equal(v, weights(second)[k])]
    assert all(key.startswith("average.") for key in different)
    assert second.history["loss/generator"] == whole.history["loss/generator"]


class Reading(Term):
    def discriminator(self, play):
        return play.fake.score.mean() * play.real.score.detach().mean().item()

    def generator(self, play):
        return -play.fake.score.mean()


class Exchanging(Reading):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(()))

    def discriminator(self, play):
        return (play.fake.score - self.mean).mean() - play.real.score.mean()

    def after_discriminator(self, play):
        self.mean = 0.9 * self.mean + 0.1 * play.real.score.mean()


@pytest.mark.parametrize(("term", "reason"), [(Reading, "reads a value"), (Exchanging, "0.mean")])
def test_what_cannot_be_recorded_is_carried_out_as_written(make_trainer, weights, term, reason):
    eager = make_trainer(ganzoo.Objective(term()))
    tape, _ = recorded(make_trainer(ganzoo.Objective(term())))
    eager.run()
    tape.run()
    assert list(tape.engine.fallbacks) == [("discriminator", (0,))]
    assert reason in tape.engine.fallbacks["discriminator", (0,)]
    ours = weights(tape)
    for key, value in weights(eager).items():
        torch.testing.assert_close(ours[key], value, rtol=1e-5, atol=1e-7)


def test_the_first_turns_are_carried_out_as_written(make_trainer):
    tape, recorder = recorded(make_trainer(ganzoo.get_loss("hinge")))
    tape.run(WARM_UP + 1)
    assert recorder.replays == 0
    tape.run(1)
    assert recorder.replays == 3  # a turn of each player, and the average


class Declared(GradientPenalty):
    unrecordable = "it asks an oracle"


@pytest.mark.parametrize(
    ("asked", "device", "terms", "name", "reason"),
    [
        ("auto", "cpu", (), "eager", "long runs alone"),
        ("compiled", "cpu", (), "compiled", "asked for"),
        ("eager", "cuda", (), "eager", "asked for"),
        ("cudagraph", "cpu", (), "eager", "asked for, but graphs"),
        ("auto", "cuda", (), "cudagraph", "launches"),
        ("cudagraph", "cuda", (), "cudagraph", "asked for"),
        ("auto", "cuda", (Declared(),), "eager", "Declared cannot be recorded: it asks an oracle"),
    ],
)
def test_the_choice_says_why(make_trainer, asked, device, terms, name, reason):
    objective = ganzoo.get_loss("hinge")
    for term in terms:
        objective = objective + term
    table = make_trainer(objective).engine.table
    table.streams.noise.device = torch.device(device)
    choice = choose(asked, table)
    assert choice.name == name
    assert reason in str(choice)


def test_a_trainer_keeps_its_choice(make_trainer):
    trainer = make_trainer(ganzoo.get_loss("hinge"), engine="cudagraph", device="cpu")
    assert trainer.engine_choice.name == "eager"
    assert "CUDA" in trainer.engine_choice.reason


def compiled(trainer, backend):
    trainer.engine = CompiledEngine(trainer.engine.table, backend)
    return trainer


@pytest.mark.parametrize("name", ["lazy r1", "hinge + spectral-norm"])
def test_a_compiled_run_is_the_eager_one(make_trainer, weights, name):
    """All but the generation of code, which takes a minute: benchmarks/test_engines.py has it."""
    settings = {"steps": 2, "report_every": 1, "optimizer": "sgd"}
    eager = make_trainer(OBJECTIVES[name](), **settings)
    built = compiled(make_trainer(OBJECTIVES[name](), **settings), "aot_eager")
    eager.run()
    built.run()
    assert built.engine.fallbacks == {}
    for key, value in weights(eager).items():
        torch.testing.assert_close(weights(built)[key], value, rtol=1e-4, atol=1e-5)
    assert list(built.history) == list(eager.history)
    for key, column in eager.history.items():
        if key != "seconds":
            assert built.history[key] == [
                value if value is None else pytest.approx(value, rel=1e-4, abs=1e-5)
                for value in column
            ], key


class Breaking(Reading):
    def discriminator(self, play):
        torch._dynamo.graph_break()
        return play.fake.score.mean() - play.real.score.mean()


def test_what_cannot_be_compiled_is_carried_out_as_written(make_trainer, assert_equal):
    eager = make_trainer(ganzoo.Objective(Breaking()), steps=2)
    built = compiled(make_trainer(ganzoo.Objective(Breaking()), steps=2), "aot_eager")
    built.engine.fallbacks["generator", (0,)] = "left out, to be quick"
    eager.run()
    built.run()
    assert "graph_break" in built.engine.fallbacks["discriminator", (0,)]
    assert_equal(built, eager)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="CUDA graphs need a CUDA device")
@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_cuda_graph_gives_the_eager_curve(make_trainer, weights, name):
    both = [
        make_trainer(OBJECTIVES[name](), device="cuda", engine=engine, steps=14)
        for engine in ("eager", "cudagraph")
    ]
    for trainer in both:
        trainer.run()
    assert both[1].engine.fallbacks == {}
    ours, theirs = weights(both[1]), weights(both[0])
    for key, value in theirs.items():
        torch.testing.assert_close(ours[key], value, rtol=1e-4, atol=1e-6)


class Listening(ganzoo.Term):
    """Hears how exact matrix products are."""

    def __init__(self, fails=False):
        super().__init__()
        self.told, self.fails = [], fails

    def discriminator(self, play):
        self.told.append(torch.get_float32_matmul_precision())
        if self.fails:
            raise RuntimeError("as asked")
        return play.fake.score.mean() - play.real.score.mean()

    def generator(self, play):
        return -play.fake.score.mean()


@pytest.mark.parametrize(("precision", "heard"), [("tf32", "high"), ("float32", "highest")])
def test_tf32_is_for_the_run_s_own_products(make_trainer, precision, heard):
    term = Listening()
    make_trainer(ganzoo.Objective(term), precision=precision, engine="eager").run(2)
    assert set(term.told) == {heard}
    assert torch.get_float32_matmul_precision() == "highest"


def test_a_turn_that_fails_leaves_products_as_they_were(make_trainer):
    trainer = make_trainer(ganzoo.Objective(Listening(fails=True)), precision="tf32")
    with pytest.raises(RuntimeError, match="as asked"):
        trainer.run(1)
    assert torch.get_float32_matmul_precision() == "highest"
