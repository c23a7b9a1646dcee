"""Penalties on the gradient of the score: closed forms."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo.terms import between
from ganzoo_regularizers.adversarial import AdversarialLipschitz
from ganzoo_regularizers.penalties import (
    DivergencePenalty,
    Dragan,
    MaximumMargin,
    MaximumPenalty,
    ZeroPenalty,
    lp,
)
from ganzoo_regularizers.points import around
from ganzoo_regularizers.samples import R1R2, ApproximateR1, ApproximateR2, JensenShannon

INF = math.inf


def norm(g, q=2):
    return torch.linalg.vector_norm(g, q, dim=1)


# term, and its cost for gradients (N, F) at its points
AT_POINTS = {
    "lp": (lambda: lp(10.0), lambda g: 10 * (norm(g) - 1).relu() ** 2),
    "lp-half": (lambda: lp(3.0, target=0.5), lambda g: 3 * (norm(g) - 0.5).relu() ** 2),
    "zero-gp": (lambda: ZeroPenalty(100.0), lambda g: 100 * norm(g) ** 2),
    "max-gp": (lambda: MaximumPenalty(10.0), lambda g: 10 * (norm(g) ** 2).max()),
    "dragan": (lambda: Dragan(10.0), lambda g: 10 * (norm(g) - 1) ** 2),
    "mm-gp-inf": (lambda: MaximumMargin(20.0), lambda g: 20 * (norm(g, INF) - 1).relu()),
    "mm-gp-2": (lambda: MaximumMargin(20.0, norm=2), lambda g: 20 * (norm(g) - 1).relu()),
    "mm-gp-1": (lambda: MaximumMargin(20.0, norm=1), lambda g: 20 * (norm(g, 1) - 1).relu()),
    "div-gp": (lambda: DivergencePenalty(2.0), lambda g: 2 * norm(g) ** 6),
    "div-gp-3": (lambda: DivergencePenalty(2.0, power=3), lambda g: 2 * norm(g) ** 3),
}
at_points = pytest.mark.parametrize("name", AT_POINTS)


def assert_agree(value, wanted, weights):
    torch.testing.assert_close(value, wanted, rtol=1e-10, atol=0)
    found = torch.autograd.grad(value, weights)
    right = torch.autograd.grad(wanted, weights, retain_graph=True)
    for one, other in zip(found, right, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("shape", [(4,), (1, 2, 2)])
@at_points
def test_value_and_gradients_are_the_closed_form(
    name, shape, draws, numbers, said, make_critic, turn
):
    make, cost = AT_POINTS[name]
    critic, real, fake = make_critic(), draws(6, *shape), draws(6, *shape, seed=1)
    value = said(make(), turn(critic, real, fake, numbers(3)))
    points = around(turn(critic, real, fake, numbers(3)), 0.5)
    if name != "dragan":
        points = between(turn(critic, real, fake, numbers(3)))
    assert_agree(value, cost(critic.gradient(points)).mean(), critic.weights)


def test_r1r2_and_js_reg_are_the_closed_forms(draws, said, make_critic, turn):
    critic, real, fake = make_critic(), draws(6, 4), draws(5, 4, seed=1)
    at_real, at_fake = (critic.gradient(x).square().sum(1) for x in (real, fake))
    wanted = {
        R1R2(10.0): 5 * (at_real.mean() + at_fake.mean()),
        JensenShannon(2.0): ((1 - critic(real).sigmoid()) ** 2 * at_real).mean()
        + (critic(fake).sigmoid() ** 2 * at_fake).mean(),
    }
    for term, value in wanted.items():
        assert_agree(said(term, turn(critic, real, fake, term=term)), value, critic.weights)


def test_r1r2_is_the_sum_of_r1_and_r2_and_evaluates_nothing_more(draws, said, make_critic, turn):
    critic, real, fake = make_critic(), draws(6, 4), draws(5, 4, seed=1)
    asked = []

    def watched(x):
        asked.append(len(x))
        return critic(x)

    base = ganzoo.get_loss("nonsaturating")
    both = said(base + R1R2(3.0), turn(watched, real, fake, term=R1R2()))
    assert sorted(asked) == [5, 6]
    single = said(
        base + ganzoo.terms.R1(3.0) + ganzoo.terms.R2(3.0),
        turn(critic, real, fake, term=R1R2()),
    )
    torch.testing.assert_close(both, single, rtol=1e-12, atol=0)


def test_approximations_are_the_closed_forms(draws, numbers, said, make_critic, turn):
    critic, real, fake = make_critic(), draws(6, 4), draws(5, 4, seed=1)
    for make, x in ((ApproximateR1, real), (ApproximateR2, fake)):
        noise = numbers(3)
        value = said(make(7.0, scale=0.2), turn(critic, real, fake, noise))
        wanted = 7 * (critic(x) - critic(x + 0.2 * noise.given[0])).square().mean()
        assert_agree(value, wanted, critic.weights)


LINEAR = {
    **AT_POINTS,
    "r1r2": (lambda: R1R2(10.0), lambda g: 10 * norm(g) ** 2),
    # every sample is taken for the other kind with probability 1/2
    "js-reg": (lambda: JensenShannon(2.0), lambda g: norm(g) ** 2 / 2),
    "alp": (lambda: AdversarialLipschitz(10.0), lambda g: 10 * (norm(g) - 1).relu() ** 2),
}


@pytest.mark.parametrize("shape", [(3,), (2, 3, 4)])
@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize("name", LINEAR)
def test_a_linear_critic_gets_the_exact_penalty(name, count, shape, draws, numbers, said, turn):
    make, cost = LINEAR[name]
    a, term = draws(*shape), make()
    # js-reg looks at scores too: samples at right angles to a have score 0
    real, fake = draws(count, *shape, seed=1), draws(count, *shape, seed=2)
    real, fake = (
        x - (x * a).flatten(1).sum(1).reshape(-1, *(1 for _ in shape)) * a / a.square().sum()
        for x in (real, fake)
    )

    def critic(x):
        return (x * a).flatten(1).sum(1)

    value = said(term, turn(critic, real, fake, numbers(), term=term))
    wanted = cost(a.flatten()[None]).mean().item()
    assert value.item() == pytest.approx(wanted, rel=1e-9)
    assert wanted > 0.01


def test_an_approximation_of_a_linear_critic_is_r1_in_expectation(draws, numbers, said, turn):
    """2^16 draws of noise, to two per cent."""
    a, x = draws(3), draws(2**16, 3, seed=1)
    value = said(ApproximateR1(100.0, scale=0.1), turn(lambda x: x @ a, x, x, numbers()))
    gamma = 2 * 100 * 0.1**2
    assert value.item() == pytest.approx(gamma / 2 * a.square().sum().item(), rel=0.02)


def test_an_approximation_is_a_directional_derivative_for_little_noise(
    draws, numbers, said, make_critic, turn
):
    critic, x, noise = make_critic(), draws(6, 4), numbers()
    value = said(ApproximateR1(1e8, scale=1e-4), turn(critic, x, x, noise))
    along = (critic.gradient(x) * noise.given[0]).sum(1)
    assert value.item() == pytest.approx(along.square().mean().item(), rel=1e-2)


def test_the_noise_of_dragan_is_the_authors(draws, numbers, turn):
    real, noise = draws(5, 1, 2, 3) + 1, numbers()
    points = around(turn(None, real, real, noise), 0.5)
    each, share = noise.given
    assert (each.shape, share.shape) == ((5, 1, 2, 3), (5,))
    deviation = ((real - real.mean()) ** 2).mean().sqrt()  # divided by the number of elements
    wanted = real + share.reshape(5, 1, 1, 1) * 0.5 * deviation * each
    torch.testing.assert_close(points, wanted, rtol=1e-12, atol=0)
    assert (points >= real).all()


def unit(x):
    return x / norm(x)[:, None]


def test_interpolates_are_on_the_segment_with_one_share_each(draws, numbers, turn):
    real, fake = draws(4, 2, 3), draws(4, 2, 3, seed=1)
    points = between(turn(None, real, fake, numbers()))
    share = (points - fake) / (real - fake)
    torch.testing.assert_close(share, share[:, :1, :1].expand_as(share))
    assert ((share > 0) & (share < 1)).all()


def test_the_step_of_alp_is_the_worst_of_a_quadratic(numbers, said, turn):
    """Power iteration on x' M x finds the direction in which it changes most."""
    M = torch.diag(torch.tensor([4.0, 1.0, 0.1], dtype=torch.float64))
    x = torch.zeros(5, 3, dtype=torch.float64)
    term = AdversarialLipschitz(1.0, iterations=20, target=0.0, shortest=0.5, longest=0.5)
    value = said(term, turn(lambda x: ((x @ M) * x).sum(1), x, x, numbers()))
    # |D(r) - D(0)| / |r| = 4 |r| along the first axis
    assert value.item() == pytest.approx((4 * 0.5) ** 2, rel=1e-6)


def test_alp_is_the_change_along_the_direction_that_one_iteration_finds(
    draws, numbers, said, make_critic, turn
):
    critic, real, fake, noise = make_critic(), draws(5, 4), draws(5, 4, seed=1), numbers()
    value = said(AdversarialLipschitz(1.0, target=0.2, probe=0.7), turn(critic, real, fake, noise))
    costs = []
    for x, start, share in ((real, *noise.given[:2]), (fake, *noise.given[2:])):
        tried = x + 0.7 * unit(start - 0.5)
        slope = (critic(tried) - critic(x)).sign()[:, None] * critic.gradient(tried)
        step = unit(slope) * (0.1 + 9.9 * share)[:, None]
        change = (critic(x + step) - critic(x)).abs() / norm(step)
        costs.append((change - 0.2).relu() ** 2)
    torch.testing.assert_close(value, torch.cat(costs).mean(), rtol=1e-9, atol=0)
    assert value > 0


def test_js_reg_is_annealed_geometrically(draws, said, make_critic, turn):
    critic, real, fake = make_critic(), draws(6, 4), draws(6, 4, seed=1)
    objective = ganzoo.Objective(JensenShannon(2.0, steps=4, final=0.01))
    values = []
    for _ in range(6):
        play = turn(critic, real, fake, term=JensenShannon())
        values.append(said(objective, play).item())
        objective.generator_loss(critic, fake=fake)
        objective.after_generator_step(critic)
    left = [value / values[0] for value in values]
    assert left == pytest.approx([1, 0.01**0.25, 0.1, 0.01**0.75, 0.01, 0.01], rel=1e-9)
