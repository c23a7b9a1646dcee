"""Optimal transport: the plan, the losses made of it, and the semi-dual."""

from __future__ import annotations

import math

import pytest
import torch
from scipy.optimize import linear_sum_assignment
from torch.nn.functional import normalize

import ganzoo
from ganzoo_probability_metrics.optimal import cosine_distances
from ganzoo_probability_metrics.transport import plan, transport_cost
from ganzoo_probability_metrics.unbalanced import chi_squared, kullback_leibler, smooth_hinge


def assignment(cost):
    """The least mean cost over all matchings."""
    rows, columns = linear_sum_assignment(cost.numpy())
    return cost[rows, columns].mean()


def test_a_sharp_plan_costs_what_the_best_assignment_does(numbers):
    for seed in range(2):
        cost = (numbers(6, 1, 2, seed=seed) - numbers(6, 2, seed=seed + 10)).norm(dim=-1)
        found = transport_cost(cost, epsilon=4e-3, iterations=1000)
        torch.testing.assert_close(found, assignment(cost), rtol=1e-3, atol=0)


def test_in_one_dimension_the_best_assignment_is_the_sorted_one(played, numbers):
    real, fake = numbers(6), numbers(6, seed=1) + 0.5
    loss = ganzoo.get_loss("sinkhorn", epsilon=4e-3, iterations=500)
    value, _ = played(loss, "generator", real, fake)
    wanted = 2 * (real.sort().values - fake.sort().values).abs().mean()
    # what is left of W(X, X) is of the order of epsilon
    assert value.item() == pytest.approx(wanted.item(), abs=1e-2)


def test_the_plan_has_uniform_margins(numbers):
    cost = numbers(5, 7).abs()
    shares = plan(cost, epsilon=0.3, iterations=200)
    assert (shares > 0).all()
    torch.testing.assert_close(shares.sum(0), torch.full((7,), 1 / 7, dtype=torch.float64))
    torch.testing.assert_close(
        shares.sum(1), torch.full((5,), 1 / 5, dtype=torch.float64), rtol=1e-6, atol=0
    )


def test_the_plan_is_the_regularised_optimum(numbers):
    """No exchange between two rows and two columns lowers <P, c> - epsilon * entropy."""
    cost, epsilon = numbers(4, 4).abs(), 0.3
    shares = plan(cost, epsilon=epsilon, iterations=500)

    def price(p):
        return (p * cost + epsilon * p * p.log()).sum()

    for seed in range(20):
        i, j, k, m = torch.randperm(4, generator=torch.Generator().manual_seed(seed)).tolist()
        for step in (1e-4, -1e-4):
            moved = shares.clone()
            moved[i, j] += step
            moved[k, m] += step
            moved[i, m] -= step
            moved[k, j] -= step
            assert price(moved) > price(shares)


def test_a_row_of_zeros_is_as_far_from_all_and_is_pulled_to_them(numbers):
    x, y = torch.zeros(1, 3, dtype=torch.float64, requires_grad=True), numbers(4, 3)
    cost = cosine_distances(x, y)
    assert torch.equal(cost, torch.ones_like(cost))
    (slope,) = torch.autograd.grad(cost.sum(), x)
    torch.testing.assert_close(slope, -normalize(y, dim=1).sum(0, keepdim=True))


def test_sets_of_one_size_go_together(numbers):
    costs = numbers(3, 4, 5).abs()
    together = transport_cost(costs, epsilon=0.1, iterations=30)
    alone = [transport_cost(cost, epsilon=0.1, iterations=30) for cost in costs]
    torch.testing.assert_close(together, torch.stack(alone), rtol=1e-12, atol=0)


def test_the_plan_is_differentiated_unless_told_otherwise(numbers):
    cost = numbers(4, 5).abs().requires_grad_()
    options = {"epsilon": 0.5, "iterations": 3}
    slopes = [
        torch.autograd.grad(transport_cost(cost, **options, **through).sum(), cost)[0]
        for through in ({}, {"through": True}, {"through": False})
    ]
    assert torch.equal(slopes[0], slopes[1])
    # the slope of a plan that stays is the plan
    torch.testing.assert_close(slopes[2], plan(cost.detach(), **options))
    assert not torch.allclose(slopes[0], slopes[2])


def test_small_epsilon_neither_overflows_nor_underflows(numbers):
    cost = (100 * numbers(6, 6).abs()).float().requires_grad_()
    value = transport_cost(cost, epsilon=1e-3, iterations=50)
    assert value.isfinite()
    assert torch.autograd.grad(value, cost)[0].isfinite().all()


@pytest.mark.parametrize("cost", ["euclidean", "squared", "cosine"])
def test_equal_batches_have_no_sinkhorn_divergence(played, numbers, cost):
    points = numbers(5, 3)
    loss = ganzoo.get_loss("sinkhorn", cost=cost, epsilon=0.1, iterations=100)
    value, _ = played(loss, "generator", points, points)
    assert abs(value.item()) < 1e-12
    moved, _ = played(loss, "generator", points, -points)
    assert moved.item() > 0.01


def test_with_much_entropy_it_is_the_energy_distance(played, numbers):
    real, fake = numbers(5, 3), numbers(7, 3, seed=1)
    value, _ = played(ganzoo.get_loss("sinkhorn", epsilon=1e7), "generator", real, fake)
    energy = ganzoo.get_loss("mmd-distance", biased=True, gradient_weight=0.0)
    wanted, _ = played(energy, "generator", real, fake)
    torch.testing.assert_close(value, wanted, rtol=1e-6, atol=0)


def test_the_gradient_goes_through_sinkhorns_plan(numbers):
    real = numbers(4, 2)
    loss = ganzoo.get_loss("sinkhorn", epsilon=0.5, iterations=10)

    def value(fake):
        return loss.generator_loss(lambda x: x, fake=fake, real=real)

    assert torch.autograd.gradcheck(value, numbers(4, 2, seed=1).requires_grad_())


def test_cosine_distances(numbers):
    x, y = numbers(3, 4), numbers(2, 4, seed=1)
    wanted = 1 - torch.nn.functional.cosine_similarity(x[:, None], y[None], dim=-1)
    torch.testing.assert_close(cosine_distances(x, y), wanted, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(cosine_distances(5 * x, y), wanted, rtol=1e-12, atol=1e-14)


def test_features_of_length_0_have_no_direction(numbers):
    x = numbers(4, 3)
    x[1] = 0
    x.requires_grad_()
    distance = cosine_distances(x, numbers(2, 3, seed=1))
    assert (distance[1] == 1).all()
    (gradient,) = torch.autograd.grad(distance.sum(), x)
    assert gradient.abs().max() < 10


@pytest.mark.parametrize(("n", "m"), [(8, 8), (7, 5)])
def test_ot_gan_is_the_minibatch_energy_distance(played, numbers, n, m):
    real, fake = numbers(n, 3), numbers(m, 3, seed=1)
    loss = ganzoo.get_loss("ot-gan", epsilon=0.01, iterations=200)
    value, _ = played(loss, "generator", real, fake)

    def w(a, b):
        return transport_cost(cosine_distances(a, b), epsilon=0.01, iterations=200)

    (a, b), (c, d) = real.tensor_split(2), fake.tensor_split(2)
    wanted = w(a, c) + w(a, d) + w(b, c) + w(b, d) - 2 * w(a, b) - 2 * w(c, d)
    torch.testing.assert_close(value, wanted, rtol=1e-10, atol=1e-12)
    other, _ = played(loss, "discriminator", real, fake)
    assert other == -value


def test_ot_gan_takes_the_plan_for_a_constant(numbers):
    real, fake = numbers(4, 3), numbers(4, 3, seed=1).requires_grad_()
    loss = ganzoo.get_loss("ot-gan", epsilon=0.1, iterations=50)
    value = loss.generator_loss(lambda x: x, fake=fake, real=real)
    (found,) = torch.autograd.grad(value, fake)

    def fixed(a, b):
        cost = cosine_distances(a, b)
        return (plan(cost.detach(), epsilon=0.1, iterations=50) * cost).sum()

    (a, b), (c, d) = real.tensor_split(2), fake.tensor_split(2)
    value = sum(fixed(x, y) for x in (a, b) for y in (c, d)) - 2 * fixed(a, b) - 2 * fixed(c, d)
    (wanted,) = torch.autograd.grad(value, fake)
    torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-14)


def test_ot_gan_is_near_0_where_the_laws_agree(played):
    generator = torch.Generator().manual_seed(0)
    loss, values = ganzoo.get_loss("ot-gan", iterations=20, epsilon=0.05), []
    for _ in range(60):
        real, fake = torch.randn(2, 16, 2, generator=generator, dtype=torch.float64)
        values.append(played(loss, "generator", real, fake)[0].detach())
    values = torch.stack(values)
    assert abs(values.mean()) < 4 * values.std() / math.sqrt(60)


@pytest.mark.parametrize("conjugate", [kullback_leibler, chi_squared, smooth_hinge])
def test_conjugates_start_at_0_with_slope_1_and_are_convex(conjugate):
    t = torch.linspace(-6, 6, 49, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(conjugate(t).sum(), t)
    assert conjugate(t)[24].abs() < 1e-15
    assert slope[24].item() == pytest.approx(1.0)
    assert (slope.diff() >= 0).all()
    assert (slope >= 0).all()


def test_uotm_without_a_cost_is_a_divergence(reference, played):
    law = reference["discrete"]
    p, q = (torch.tensor(law[f"{name}_counts"]).double() / 20 for name in "pq")
    best = (p / q).log() / 2
    scores = [best.repeat_interleave(torch.tensor(law[f"{name}_counts"])) for name in "pq"]
    value, _ = played(ganzoo.get_loss("uotm", cost=0.0), "discriminator", *scores)
    assert -value.item() == pytest.approx(law["hellinger2"], rel=1e-10)


def test_uotm_with_softplus_is_minimax_doubled(played, numbers):
    real, fake = numbers(5), numbers(6, seed=1)
    value, _ = played(
        ganzoo.get_loss("uotm", cost=0.0, entropy="softplus"), "discriminator", real, fake
    )
    minimax, _ = played(ganzoo.get_loss("minimax"), "discriminator", real, fake)
    torch.testing.assert_close(value, 2 * minimax - 4 * math.log(2), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_uotms_cost_is_from_the_latent_vector_to_the_sample(numbers, player):
    real, z = numbers(4, 2), numbers(4, 3, seed=1)
    loss = ganzoo.get_loss("uotm", cost=0.5)
    play = ganzoo.Play(
        player,
        discriminator=lambda x: x.sum(1),
        generator=lambda z: 2 * z[:, :2] + 1,
        real_x=real,
        z=z,
    )
    value = loss.loss(play, loss.due(0))
    fake = 2 * z[:, :2] + 1
    cost = 0.5 * (fake - z[:, :2]).square().sum(1)
    if player == "generator":
        wanted = (cost - fake.sum(1)).mean()
    else:
        wanted = (fake.sum(1) - cost).expm1().mean() + (-real.sum(1)).expm1().mean()
    torch.testing.assert_close(value, wanted, rtol=1e-12, atol=0)


def test_uotm_says_what_it_lacks(numbers):
    loss = ganzoo.get_loss("uotm")
    with pytest.raises(ganzoo.Incompatible, match="cost=0"):
        loss.generator_loss(lambda x: x.sum(1), fake=numbers(4, 2))
    with pytest.raises(ganzoo.Incompatible, match="latent=2"):
        ganzoo.train("uotm", "ring8", steps=1, latent=1)
    run = ganzoo.train({"name": "uotm", "options": {"cost": 0.0}}, "ring8", steps=1, latent=1)
    assert run.status == "finished"
