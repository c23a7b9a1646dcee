"""What the losses are at critics that are known: distances, bounds, identities, equilibria."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

import ganzoo
from ganzoo_probability_metrics import kernels
from ganzoo_probability_metrics.sphere import polar_distance


def potential(real, fake):
    """The best 1-Lipschitz critic of sorted numbers: slope 1 where generated mass lies below,
    -1 where real mass does."""
    ends = torch.cat([real, fake]).sort().values
    more, less = ((kind[:, None] > ends[:-1]).double().mean(0) for kind in (real, fake))
    slopes = (more - less).sign()

    def judge(x):
        covered = (x.reshape(-1, 1) - ends[:-1]).clamp(min=0).minimum(ends.diff())
        return (covered * slopes).sum(1)

    return judge


def test_wgan_lp_at_the_kantorovich_potential_is_the_transport_cost(numbers):
    real, fake = numbers(9), 2 * numbers(9, seed=1) + 0.5
    wanted = (real.sort().values - fake.sort().values).abs().mean()
    loss = ganzoo.get_loss("wgan-lp")
    value = loss.discriminator_loss(potential(real, fake), real=real[:, None], fake=fake[:, None])
    # its slopes are 1 at most, so the one-sided penalty is nothing
    torch.testing.assert_close(-value, wanted, rtol=1e-12, atol=0)


def energy_distance(real, fake):
    """2 int (F - G)^2 of two samples' distribution functions."""
    ends = torch.cat([real, fake]).sort().values
    difference = (real[:, None] <= ends[:-1]).double().mean(0) - (
        fake[:, None] <= ends[:-1]
    ).double().mean(0)
    return 2 * (difference.square() * ends.diff()).sum()


def test_the_distance_kernel_on_the_samples_is_the_energy_distance(played, numbers):
    real, fake = numbers(7), numbers(5, seed=1) + 1
    loss = ganzoo.get_loss("mmd-distance", biased=True, gradient_weight=0.0)
    value, _ = played(loss, "generator", real, fake)
    torch.testing.assert_close(value, energy_distance(real, fake), rtol=1e-12, atol=0)


def test_cramers_generator_has_the_energy_distance_less_the_real_part(played, numbers):
    real, fake = numbers(7, 3), numbers(5, 3, seed=1)
    value, _ = played(ganzoo.get_loss("cramer", weight=0.0), "generator", real, fake)
    loss = ganzoo.get_loss("mmd-distance", gradient_weight=0.0)
    whole, _ = played(loss, "generator", real, fake)
    own = kernels.off_diagonal_mean(kernels.distances(real, real))
    torch.testing.assert_close(value - own, whole, rtol=1e-12, atol=0)


KERNELS = ["mmd-rbf", "mmd-rq", "mmd-linear", "mmd-distance"]


def mmd(played, name, real, fake, **options):
    loss = ganzoo.get_loss(name, gradient_weight=0.0, **options)
    return played(loss, "generator", real, fake)[0].detach()


@pytest.mark.parametrize("name", KERNELS)
def test_the_u_statistic_has_no_bias(played, numbers, name):
    """Over all samples of two from either of two laws on three atoms."""
    real, fake = numbers(3, 2), numbers(3, 2, seed=1)
    # over the atoms themselves the V-statistic is the discrepancy of the laws
    wanted = mmd(played, name, real, fake, biased=True)
    draws = list(itertools.product(range(3), repeat=2))
    values = [mmd(played, name, real[list(i)], fake[list(j)]) for i in draws for j in draws]
    torch.testing.assert_close(torch.stack(values).mean(), wanted, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", KERNELS)
def test_how_far_the_v_statistic_is_above_the_u_statistic(played, numbers, name):
    real, fake = numbers(6, 3), numbers(4, 3, seed=1)
    kernel = ganzoo.get_loss(name).terms[0].kernel
    more = sum(
        (kernel(x, x).diagonal().mean() - kernels.off_diagonal_mean(kernel(x, x))) / len(x)
        for x in (real, fake)
    )
    difference = mmd(played, name, real, fake, biased=True) - mmd(played, name, real, fake)
    torch.testing.assert_close(difference, more, rtol=1e-10, atol=0)


@pytest.mark.parametrize("name", KERNELS)
def test_the_same_samples_have_no_discrepancy(played, numbers, name):
    points = numbers(6, 3)
    biased = mmd(played, name, points, points.flip(0), biased=True)
    assert abs(biased.item()) < 1e-12
    assert mmd(played, name, points, points + 1, biased=True).item() > 0


def test_wgan_lp_is_wgan_gp_where_all_gradients_are_long(numbers):
    real, fake = numbers(6, 3), numbers(6, 3, seed=1)

    def judge(x):
        return 2 * x.sum(1) + 0.1 * x.square().sum(1)

    values = []
    for name in ("wgan-lp", "wgan-gp"):
        torch.manual_seed(0)
        values.append(ganzoo.get_loss(name).discriminator_loss(judge, real=real, fake=fake))
    assert values[0] == values[1]
    flat = ganzoo.get_loss("wgan-lp").discriminator_loss(lambda x: 0.5 * x[:, 0], real, fake)
    torch.testing.assert_close(flat, 0.5 * (fake - real)[:, 0].mean(), rtol=1e-12, atol=0)


def test_bwgan_in_l2_is_wgan_gp(numbers):
    real, fake = numbers(6, 3), numbers(6, 3, seed=1)
    values = []
    for name, options in (("bwgan", {"weight": 10.0, "scale": 1.0, "drift": 0.0}), ("wgan-gp", {})):
        torch.manual_seed(0)
        loss = ganzoo.get_loss(name, **options)
        values.append(loss.discriminator_loss(lambda x: x.square().sum(1), real, fake))
    torch.testing.assert_close(*values, rtol=1e-12, atol=0)


def test_the_sphere_from_pole_to_pole():
    points = torch.tensor([[0.0, 0.0], [1e30, 0.0], [0.6, 0.8]], dtype=torch.float64)
    points.requires_grad_()
    distance = polar_distance(points)
    wanted = torch.tensor([math.pi, 0.0, math.pi / 2], dtype=torch.float64)
    torch.testing.assert_close(distance, wanted, rtol=1e-12, atol=1e-12)
    assert torch.autograd.grad(distance.sum(), points)[0].isfinite().all()
    below = torch.tensor([[0.5, 2.0]], dtype=torch.float64)
    square = below.square().sum(1)
    arc = ((square - 1) / (square + 1)).arccos()
    torch.testing.assert_close(polar_distance(below), arc, rtol=1e-12, atol=0)


def test_repulsive_losses_keep_their_bounds(played, numbers):
    bounded = ganzoo.get_loss("mmd-repulsive-bounded", sigma=0.8, lower=0.3, upper=3.0)
    floor, ceiling = (math.exp(-b / (2 * 0.8**2)) for b in (3.0, 0.3))
    for seed in range(20):
        scale = 10.0 ** (seed % 5 - 2)
        real, fake = scale * numbers(5, 2, seed=seed), numbers(5, 2, seed=seed + 1) / scale
        plain, _ = played(ganzoo.get_loss("mmd-repulsive"), "discriminator", real, fake)
        assert -1 <= plain.item() <= 1
        value, _ = played(bounded, "discriminator", real, fake)
        assert floor - ceiling - 1e-12 <= value.item() <= 1
    # far real and equal generated features: as good as it gets
    best, _ = played(bounded, "discriminator", 1e3 * numbers(5, 2), torch.zeros(5, 2))
    assert best.item() == pytest.approx(floor - ceiling, rel=1e-12)


def test_sobolevs_best_critic_in_one_dimension(numbers):
    """Laws 2t and 2 (1 - t) on 0 .. 1, whose middle is uniform: sqrt(int (F - G)^2)."""
    quantiles = (torch.arange(4000, dtype=torch.float64) + 0.5) / 4000
    real, fake = quantiles.sqrt()[:, None], 1 - (1 - quantiles).sqrt()[:, None]

    def value(critic, rho, multiplier):
        loss = ganzoo.get_loss("sobolev", rho=rho, multiplier=multiplier)
        return loss.discriminator_loss(critic, real=real, fake=fake).item()

    best = math.sqrt(4 / 30)
    slope = math.sqrt(30 / 4)
    for rho, multiplier in ((1e-8, 0.0), (0.5, 1.0)):
        found = value(lambda t: slope * (t**2 - 2 * t**3 / 3), rho, multiplier)
        assert found == pytest.approx(-best, rel=1e-3)
    for seed in range(10):
        a, b, c = numbers(3, seed=seed)

        def cubic(t, a=a, b=b, c=c):
            return a * t + b * t**2 + c * t**3

        gradients = [(a + 2 * b * t + 3 * c * t**2).square().mean() for t in (real, fake)]
        moment = (sum(gradients) / 2).sqrt()
        assert value(lambda t, f=cubic, m=moment: f(t) / m, 1e-8, 0.0) >= -best - 1e-3


@pytest.mark.parametrize(
    ("name", "psi"), [("wgan-lp", 1e-3), ("wgan-div", 1e-3), ("fisher", 0.0), ("gan-qp", 0.0)]
)
def test_without_damping_the_dirac_gan_turns_for_ever(dirac, name, psi):
    wanted = torch.tensor([1j, -1j], dtype=torch.complex128)
    distances = (dirac(ganzoo.get_loss(name), psi)[:, None] - wanted[None, :]).abs()
    assert distances.min(0).values.max() < 1e-8


@pytest.mark.parametrize(("multiplier", "rho"), [(0.4, 0.1), (3.0, 0.5)])
def test_sobolevs_multiplier_damps_the_dirac_gan(dirac, multiplier, rho):
    damping = 2 * (multiplier - rho)
    root = torch.tensor(damping**2 / 4 - 1, dtype=torch.complex128).sqrt()
    wanted = torch.stack([-damping / 2 + root, -damping / 2 - root])
    found = dirac(ganzoo.get_loss("sobolev", rho=rho, multiplier=multiplier))
    distances = (found[:, None] - wanted[None, :]).abs()
    assert distances.min(0).values.max() < 1e-8
    assert found.real.max() < 0


def test_gan_qp_pays_best_at_the_scaled_distance(played):
    loss = ganzoo.get_loss("gan-qp", scale=10.0)
    # the samples of the table are 0 and 1: distance 1
    values = {r: played(loss, "discriminator", [r], [0.0])[0].item() for r in (9.0, 10.0, 11.0)}
    assert values[10.0] == pytest.approx(-5.0) == min(values.values())


def test_loss_sensitive_of_slope_1_is_linear_in_the_scores(played, numbers):
    real, fake = numbers(5), numbers(5, seed=1)
    loss = ganzoo.get_loss("loss-sensitive", slope=1.0, margin=0.0)
    value, _ = played(loss, "discriminator", real, fake)
    torch.testing.assert_close(value, real.mean() - fake.mean(), rtol=1e-12, atol=0)


def test_loss_sensitive_costs_nothing_where_margins_are_kept(played):
    loss = ganzoo.get_loss("loss-sensitive", margin=0.1)
    real, fake = [0.0, 0.0], [0.3, 0.5]  # samples 0, 1 and 2, 3: margins of 0.2
    value, table = played(loss, "discriminator", real, fake)
    assert value.item() == 0
    assert not any(g.any() for g in torch.autograd.grad(value, (table.real, table.fake)))
