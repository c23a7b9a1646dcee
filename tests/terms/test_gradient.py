from __future__ import annotations

import pytest
import torch

from ganzoo import BadOption, Objective, Play
from ganzoo.terms import (
    R1,
    R2,
    Gamma,
    GradientPenalty,
    Wasserstein,
    gradient_of,
    judged,
    judged_gradient,
    score_gradient,
)

SHAPES = [(3,), (2, 3, 4)]


def linear(shape, scale=1.0):
    """A critic D(x) = a . x and the norm of a."""
    a = torch.randn(*shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    a = scale * a
    return (lambda x: (x * a).flatten(1).sum(1)), torch.linalg.vector_norm(a).item()


def spoken(term, critic, shape, count=5):
    generator = torch.Generator().manual_seed(2)
    real = torch.randn(count, *shape, generator=generator, dtype=torch.float64)
    fake = torch.randn(count, *shape, generator=generator, dtype=torch.float64)
    return Objective(term).discriminator_loss(critic, real=real, fake=fake).item()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 5])
def test_a_linear_critic_gets_the_exact_penalty(shape, count):
    critic, norm = linear(shape)
    wanted = {
        GradientPenalty(10.0): 10 * (norm - 1) ** 2,
        GradientPenalty(3.0, target=0.5): 3 * (norm - 0.5) ** 2,
        GradientPenalty(10.0, one_sided=True): 10 * max(norm - 1, 0) ** 2,
        R1(gamma=4.0): 2 * norm**2,
        R2(gamma=4.0): 2 * norm**2,
    }
    for term, value in wanted.items():
        assert spoken(term, critic, shape, count) == pytest.approx(value, rel=1e-12), term


def test_r1_is_at_real_and_r2_at_generated_samples():
    real, fake = torch.tensor([[1.0, 2.0], [0.0, 3.0]]), torch.tensor([[5.0, 0.0]])

    def critic(x):  # whose gradient is x
        return x.square().sum(1) / 2

    for term, value in ((R1(gamma=4.0), 2 * (5 + 9) / 2), (R2(gamma=4.0), 2 * 25)):
        assert Objective(term).discriminator_loss(critic, real=real, fake=fake).item() == value


def test_the_weights_that_penalties_have_by_themselves():
    assert [term.weight.item() for term in (GradientPenalty(), Gamma(), R1(), R2())] == [10] * 4
    assert (GradientPenalty().target, GradientPenalty().one_sided) == (1, False)
    assert GradientPenalty(target=0).target == 0
    with pytest.raises(BadOption, match="target=-0.5: a norm is 0 or more"):
        GradientPenalty(target=-0.5)


def test_what_is_remembered_does_not_serve_a_gradient_at_samples_without_a_graph():
    """As in a term that asks for a gradient it did not declare in ``input_grads``."""
    x = torch.ones(2, 3)
    play = Play("discriminator", discriminator=lambda x: x.square().sum(1) / 2, real_x=x)
    assert torch.equal(judged_gradient(play, x, lambda: play.real).detach(), x)


def test_one_sided_lets_small_gradients_go_free():
    critic, norm = linear((3,), scale=0.1)
    assert norm < 1
    assert spoken(GradientPenalty(10.0, one_sided=True), critic, (3,)) == 0


@pytest.mark.parametrize("term", [GradientPenalty, R1, R2])
def test_the_penalty_of_a_batch_is_the_mean_over_its_samples(term):
    """One norm over the whole batch fails here."""
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    net = net.double()
    x = torch.randn(6, 3, dtype=torch.float64)
    objective = Objective(term())

    def value(rows):
        # real and fake alike, so that interpolates do not depend on the shares drawn
        return objective.discriminator_loss(net, real=x[rows], fake=x[rows]).item()

    whole = value(slice(0, 6))
    parts = [value(slice(i, i + 1)) for i in range(6)]
    assert whole == pytest.approx(sum(parts) / 6, rel=1e-10)


def test_patches_count_with_their_mean():
    critic, norm = linear((3,))
    many = spoken(R1(2.0), lambda x: critic(x)[:, None].expand(-1, 7), (3,))
    assert many == pytest.approx(norm**2, rel=1e-12)


def test_a_zero_critic_has_a_finite_gradient():
    weight = torch.zeros(3, 1, dtype=torch.float64, requires_grad=True)
    x = torch.randn(4, 3, dtype=torch.float64)
    for term, value in ((GradientPenalty(10.0), 10.0), (R1(), 0.0), (R2(), 0.0)):
        loss = Objective(term).discriminator_loss(lambda x: x @ weight, real=x, fake=x)
        assert loss.item() == value
        (gradient,) = torch.autograd.grad(loss, weight)
        assert gradient.isfinite().all()


def test_r1_reuses_the_remembered_forward():
    calls = []

    def critic(x):
        calls.append(len(x))
        return x.square().sum(1)

    x = torch.randn(4, 2)
    Objective(Wasserstein(), R1(), R2()).discriminator_loss(critic, real=x, fake=x)
    assert calls == [4, 4]


def test_the_generator_gets_nothing_from_a_penalty():
    scale = torch.ones((), requires_grad=True)
    weight = torch.randn(2, 1, requires_grad=True)
    x = torch.randn(3, 2)
    loss = Objective(GradientPenalty(), R1(), R2()).discriminator_loss(
        lambda x: (x @ weight).tanh(), real=x, fake=scale * x
    )
    loss.backward()
    assert scale.grad is None
    assert weight.grad.abs().sum() > 0


def test_gradients_of_a_penalty_are_right():
    net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    net = net.double()
    x = torch.randn(3, 2, dtype=torch.float64)
    parameters = dict(net.named_parameters())

    def value(*new):
        def critic(x):
            given = dict(zip(parameters, new, strict=True))
            return torch.func.functional_call(net, given, (x,))

        return Objective(R1(), GradientPenalty()).discriminator_loss(critic, real=x, fake=x)

    leaves = tuple(p.detach().requires_grad_() for p in parameters.values())
    assert torch.autograd.gradcheck(value, leaves)


def test_penalties_are_computed_outside_autocast():
    net = torch.nn.Sequential(torch.nn.Linear(8, 64), torch.nn.Tanh(), torch.nn.Linear(64, 1))
    x = torch.randn(16, 8)
    for term in (R1(), R2(), GradientPenalty()):
        plain = Objective(term).discriminator_loss(net, real=x, fake=x).item()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            mixed = Objective(term).discriminator_loss(net, real=x, fake=x).item()
        assert mixed == pytest.approx(plain, rel=1e-6)


def test_score_gradient_has_a_row_for_each_sample():
    x = torch.randn(3, 2, 2, requires_grad=True)
    assert score_gradient(x.square().sum((1, 2)), x).shape == (3, 4)
    play = Play("discriminator", discriminator=lambda x: x.sum(1), real_x=x.flatten(1).detach())
    assert play.uniform(2).shape == (2,)
    assert play.normal(2, 2).shape == (2, 2)


def test_judged_takes_what_is_remembered_unless_autocast_rounded_it():
    net = torch.nn.Linear(3, 1)
    play = Play("discriminator", discriminator=net, real_x=torch.randn(4, 3))
    assert judged(play, play.real_x, lambda: play.real) is play.real
    wanted = net(play.real_x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = Play("discriminator", discriminator=net, real_x=play.real_x)
        assert not torch.equal(rounded.real.score, wanted)
        found = judged(rounded, rounded.real_x, lambda: rounded.real)
    assert torch.equal(found.score, wanted)


@pytest.mark.parametrize("term", [GradientPenalty, R1, R2])
def test_as_a_function_a_penalty_is_what_it_is_in_a_graph(term):
    """What torch.func maps over several critics, against each of them alone."""
    critics = [torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh()) for _ in range(2)]
    critics = [critic.double() for critic in critics]
    real, fake = torch.randn(2, 6, 3, dtype=torch.float64)
    objective, noise = Objective(Wasserstein(), term(4.0)), torch.rand(6)

    class Given:
        def uniform(self, *shape):
            return noise

    def loss(critic, tracked):
        given = {"real_x": real, "fake_x": fake, "noise": Given(), "tracked": tracked}
        play = Play("discriminator", discriminator=critic, **given)
        return objective.loss(play, (0, 1))

    def mapped(parameters):
        return loss(lambda x: torch.func.functional_call(critics[0], parameters, x), frozenset())

    stacked, _ = torch.func.stack_module_state(critics)
    values = torch.func.vmap(mapped)(stacked)
    values.sum().backward()
    for place, critic in enumerate(critics):
        alone = loss(critic, objective.tracked((0, 1), "discriminator"))
        alone.backward()
        assert values[place].item() == pytest.approx(alone.item(), rel=1e-12)
        for name, parameter in critic.named_parameters():
            gradient = stacked[name].grad[place]
            torch.testing.assert_close(gradient, parameter.grad, rtol=1e-12, atol=1e-13)


def test_torch_compile_takes_a_penalty_as_one_graph():
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    objective = Objective(Wasserstein(), R1(), R2())
    real, fake = torch.randn(2, 6, 3)

    def loss(real, fake):
        return objective.discriminator_loss(net, real, fake, step=0)

    built = torch.compile(loss, backend="aot_eager", fullgraph=True)
    plain, compiled = loss(real, fake), built(real, fake)
    torch.testing.assert_close(compiled, plain)
    wanted = torch.autograd.grad(plain, list(net.parameters())[:-1])
    found = torch.autograd.grad(compiled, list(net.parameters())[:-1])
    torch.testing.assert_close(found, wanted)


def test_gradient_of_needs_no_leaf():
    x = torch.randn(5, 2, 3)
    wanted = (2 * x).flatten(1)
    torch.testing.assert_close(gradient_of(lambda x: x.square().sum(-1), x), wanted / 2)
    torch.testing.assert_close(gradient_of(lambda x: x.square().sum((1, 2)), x), wanted)
    assert not x.requires_grad
