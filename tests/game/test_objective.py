from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo import BadOption, Objective, ShapeMismatch, Term
from ganzoo.terms import R1, Wasserstein, WeightClip


class Lazy(Term):
    def discriminator(self, play):
        return play.real.score.mean()

    def after_discriminator(self, play):
        self.seen = play


def critic(x):
    return x.sum(1)


X = torch.ones(4, 2)


def test_a_term_speaks_when_it_is_due_and_louder():
    objective = Objective(Wasserstein(), Lazy(weight=0.5, every=4))
    assert objective.due(0) == (0, 1)
    assert objective.due(3) == (0,)
    values = [objective.discriminator_loss(critic, X, 2 * X, step=s).item() for s in range(4)]
    assert values == [2.0 + 2.0 * 0.5 * 4, 2.0, 2.0, 2.0]


def test_steps_are_counted_where_they_are_not_given():
    objective = Objective(Lazy(every=2), Wasserstein())
    values = [objective.discriminator_loss(critic, X, X).item() for _ in range(4)]
    assert values == [4.0, 0.0, 4.0, 0.0]


def test_terms_act_after_the_step_on_what_was_judged():
    term = Lazy()
    objective = Objective(term)
    objective.discriminator_loss(critic, X, X)
    objective.after_discriminator_step(critic)
    assert torch.equal(term.seen.real.score, critic(X))
    del term.seen
    objective.after_discriminator_step(critic)
    assert not hasattr(term, "seen")


def test_what_it_derives_from_its_terms():
    class Conditional(Term):
        needs = frozenset({"features"})
        roles = frozenset({"generator", "discriminator", "encoder"})
        conditional = True

    objective = Objective(Wasserstein(), Conditional(), R1())
    assert objective.needs == {"score", "features"}
    assert objective.roles == {"generator", "discriminator", "encoder"}
    assert objective.conditional
    assert objective.players == ("discriminator", "generator")
    assert objective.tracked((2,), "discriminator") == {"real"}
    assert objective.tracked((0, 1), "discriminator") == frozenset()
    assert objective.tracked((2,), "generator") == frozenset()


def test_adding_a_term_keeps_the_rest():
    base = ganzoo.get_loss("wgan-gp")
    more = base + R1(2.0)
    assert len(more.terms) == len(base.terms) + 1
    assert more.discriminator_turns == base.discriminator_turns == 5
    assert more.defaults == base.defaults
    assert more.name == "wgan-gp"


def test_the_fake_is_detached_in_the_discriminators_loss_alone():
    scale = torch.ones(1, requires_grad=True)
    objective = ganzoo.get_loss("hinge")
    assert not objective.discriminator_loss(critic, X, scale * X).requires_grad
    objective.generator_loss(critic, fake=scale * X).backward()
    assert scale.grad.item() == -2.0


def test_clipping_in_a_loop_of_ones_own():
    discriminator = torch.nn.Linear(2, 1)
    torch.nn.init.constant_(discriminator.weight, 3.0)
    objective = ganzoo.get_loss("wgan", clip=0.25)
    objective.discriminator_loss(discriminator, X, X).backward()
    objective.after_discriminator_step(discriminator)
    assert all(p.abs().max() <= 0.25 for p in discriminator.parameters())


def test_clipping_needs_a_module():
    objective = Objective(Wasserstein(), WeightClip())
    objective.discriminator_loss(critic, X, X)
    with pytest.raises(ganzoo.Incompatible, match=r"nn\.Module"):
        objective.after_discriminator_step(critic)


def test_bad_input():
    with pytest.raises(BadOption, match="Terms"):
        Objective()
    with pytest.raises(BadOption, match="int"):
        Objective(3)
    with pytest.raises(BadOption, match="every"):
        Wasserstein(every=0)
    with pytest.raises(ShapeMismatch, match="at least one"):
        Objective(Wasserstein()).discriminator_loss(critic, X[:0], X)
    with pytest.raises(TypeError):
        Objective(Wasserstein()) + 3


def test_weights_keep_their_digits_in_double_precision():
    value = Objective(Wasserstein(weight=0.1)).generator_loss(critic, fake=X.double())
    assert value.dtype == torch.float64
    assert value.item() == -0.2


def test_state_round_trip():
    objective = Objective(Wasserstein(weight=0.25), R1(3.0))
    other = Objective(Wasserstein(), R1())
    other.load_state_dict(objective.state_dict())
    assert [term.weight.item() for term in other.terms] == [0.25, 3.0]


def test_a_term_may_wrap_the_discriminator_and_filter_what_is_heard():
    class Doubles(Term):
        def wrap(self, play, discriminator):
            return lambda x: 2 * discriminator(x)

    class Best(Term):
        def heard(self, play, kind, output):
            if kind == "fake" and play.player == "generator":
                output.score = output.score.topk(1).values
            return output

    x = torch.tensor([[1.0, 0.0], [3.0, 0.0]])
    objective = Objective(Wasserstein(), Doubles(), Best())
    assert objective.discriminator_loss(critic, real=x, fake=2 * x).item() == 4.0
    assert objective.generator_loss(critic, fake=x).item() == -6.0


def test_the_traits_of_a_sum():
    from ganzoo.game import Traits

    lsgan = ganzoo.get_loss("lsgan") + R1()
    assert lsgan.traits == Traits(neutral=0.5, monotone=False, growth="quadratic")
    assert Objective(R1()).traits is None
    hinge, minimax = ganzoo.get_loss("hinge").traits, ganzoo.get_loss("minimax").traits
    assert hinge.joined(minimax).kinks == (-1.0, 1.0)
    assert not hinge.joined(minimax).zero_sum


def test_a_term_may_refuse_its_company():
    class Shy(Term):
        def check(self, objective):
            if len(objective.terms) > 1:
                raise ganzoo.Incompatible("alone or not at all")

    alone = Objective(Shy())
    with pytest.raises(ganzoo.Incompatible, match="alone"):
        alone + Wasserstein()


def test_a_turn_knows_the_terms_that_are_due():
    seen = []

    class Watching(Term):
        def discriminator(self, play):
            seen.append([type(term).__name__ for term in play.terms])

    objective = Objective(Wasserstein(), Watching(), Lazy(every=2))
    for _ in range(2):
        objective.discriminator_loss(critic, X, X)
    assert seen == [["Wasserstein", "Watching", "Lazy"], ["Wasserstein", "Watching"]]


def test_who_moves_follows_from_who_sits_and_who_is_spoken_to():
    class Alone(Term):
        roles = frozenset({"generator", "encoder"})

    class Within(Alone):
        def __init__(self):
            super().__init__()
            self.judge = torch.nn.Linear(2, 1)

        def discriminator(self, play):
            return self.judge(play.z).mean()

    assert Objective(Alone()).players == ("generator",)
    assert Objective(Alone(), Within()).players == ("discriminator", "generator")
    assert Objective(Wasserstein()).players == ("discriminator", "generator")
    # it sits at the table, so it has a turn, though nobody speaks to it
    assert Objective(WeightClip()).players == ("discriminator", "generator")
