from __future__ import annotations

import copy
import pickle
import warnings

import pytest
import torch

import ganzoo
from ganzoo import BadOption, Objective, ShapeMismatch, Term
from ganzoo.terms import Wasserstein, WeightClip

X = torch.ones(4, 2)


class Lazy(Term):
    def discriminator(self, play):
        return play.real.score.mean()

    def after_discriminator(self, play):
        self.seen = getattr(self, "seen", 0) + 1


class Drift(Term):
    def discriminator(self, play):
        return play.real.score.mean()


def critic(x):
    return x.sum(1)


def spoken(objective, count=1, **options):
    return [objective.discriminator_loss(critic, X, 2 * X, **options).item() for _ in range(count)]


def test_a_measurement_is_neither_counted_nor_acted_upon():
    objective = Objective(Wasserstein(), Lazy(every=3))
    with torch.no_grad():
        assert spoken(objective, 4) == [2.0 + 2.0 * 3] * 4
    objective.after_discriminator_step(critic)
    assert not hasattr(objective.terms[1], "seen")
    assert spoken(objective, 4) == [8.0, 2.0, 2.0, 8.0]


def test_a_measurement_between_a_turn_and_its_step_is_not_what_is_acted_upon():
    term = Lazy()
    term.after_discriminator = lambda play: setattr(term, "acted", play.real_x)
    objective = Objective(term)
    spoken(objective)
    with torch.no_grad():
        objective.discriminator_loss(critic, 5 * X, X)
    objective.after_discriminator_step(critic)
    assert torch.equal(term.acted, X)


def test_a_turn_that_nobody_stepped_after_is_over():
    objective = Objective(Wasserstein(), Lazy(every=2))
    spoken(objective, 2)
    objective.after_discriminator_step(critic)
    assert not hasattr(objective.terms[1], "seen")


def test_the_count_is_saved():
    objective, other, fresh = (Objective(Wasserstein(), Lazy(every=3)) for _ in range(3))
    spoken(objective, 2)
    assert "calls" not in fresh.state_dict()
    other.load_state_dict(objective.state_dict())
    assert spoken(other, 2) == spoken(objective, 2) == [2.0, 8.0]
    other.load_state_dict(fresh.state_dict())  # of a run that gave its steps
    held = torch.nn.ModuleDict({"loss": objective})
    torch.nn.ModuleDict({"loss": fresh}).load_state_dict(held.state_dict())
    assert spoken(fresh, 3) == [2.0, 2.0, 8.0]
    with pytest.raises(RuntimeError, match="loss.other"):
        held.load_state_dict({**held.state_dict(), "loss.other": torch.ones(1)})


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_holds_no_turn(copied):
    objective = ganzoo.get_loss("wgan")
    discriminator = torch.nn.Linear(2, 1)
    objective.discriminator_loss(discriminator, X, X * discriminator.weight.detach())
    other = copied(objective)
    other.after_discriminator_step(discriminator)
    assert discriminator.weight.abs().max() > 0.01
    objective.after_discriminator_step(discriminator)
    assert discriminator.weight.abs().max() <= 0.01


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("given", [False, True])
def test_a_compiled_step_is_not_compiled_anew_at_every_call(given, lazy):
    compiled = []

    def backend(graph, inputs):
        compiled.append(graph)
        return graph.forward

    torch.compiler.reset()
    objective = Objective(Wasserstein(), Drift(every=2 if lazy else 1))

    @torch.compile(backend=backend)
    def step(x, at):
        value = objective.discriminator_loss(critic, x, 2 * x, step=at)
        objective.after_discriminator_step(critic)
        return value

    values = [step(X, at if given else None).item() for at in range(12)]
    assert values == ([6.0, 2.0] * 6 if lazy else [4.0] * 12)
    # one for each set of terms that are due, and one when a number turns out to change
    assert len(compiled) <= (4 if lazy else 2)


def test_what_is_no_batch_or_no_discriminator_is_named():
    objective = Objective(Wasserstein())
    with pytest.raises(BadOption, match=r"comes first.*Tensor"):
        objective.generator_loss(X, critic)
    with pytest.raises(BadOption, match=r"tensors of samples.*list"):
        objective.discriminator_loss(critic, [X], X)
    with pytest.raises(BadOption, match=r"tensors of samples.*NoneType"):
        objective.discriminator_loss(critic, X, None)
    with pytest.raises(ShapeMismatch, match="at least one"):
        objective.generator_loss(critic, X[:0])
    with pytest.raises(ShapeMismatch, match="at least one"):
        objective.generator_loss(critic, X, real=X[:0])


def test_a_term_meets_each_discriminator_once():
    met = []

    class Meeting(Term):
        def meet(self, discriminator):
            met.append(discriminator)

    objective = Objective(Wasserstein(), Meeting())
    one, other = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)
    for discriminator in (one, one, critic, other, other):
        objective.discriminator_loss(discriminator, X, X)
        objective.generator_loss(discriminator, X)
    assert met == [one, other]


def test_clipping_takes_the_module_behind_a_closure():
    discriminator = torch.nn.Linear(4, 1)
    torch.nn.init.constant_(discriminator.weight, 3.0)
    objective = Objective(Wasserstein(), WeightClip(0.5))
    condition = torch.zeros(4, 2)
    objective.discriminator_loss(lambda x: discriminator(torch.cat([x, condition], 1)), X, X)
    objective.after_discriminator_step(discriminator)
    assert discriminator.weight.max() == 0.5


def test_a_loss_is_asked_for_a_side():
    with pytest.raises(BadOption, match="discriminator_loss.*generator_loss"):
        ganzoo.get_loss("hinge")(critic, X, X)


def test_who_never_calls_what_comes_after_the_step_is_reminded_once():
    objective, heeded = (Objective(Wasserstein(), WeightClip()) for _ in range(2))
    module = torch.nn.Linear(2, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(99):
            objective.discriminator_loss(module, X, X)
        for _ in range(2):  # steps of 60 micro-batches each
            for _ in range(60):
                heeded.discriminator_loss(module, X, X)
            heeded.after_discriminator_step(module)
        for _ in range(120):  # nothing comes after this one
            objective.generator_loss(module, X)
    with pytest.warns(UserWarning, match=r"WeightClip .*loss\.after_discriminator_step\(D\)"):
        objective.discriminator_loss(module, X, X)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        objective.discriminator_loss(module, X, X)
