"""Kernels and distances: exact where they meet, in every precision."""

from __future__ import annotations

import pytest
import torch

from ganzoo_probability_metrics import kernels


def direct(x, y):
    return (x[:, None] - y).square().sum(-1)


def test_squares_are_those_of_the_differences(numbers):
    x, y = numbers(5, 3), numbers(4, 3, seed=1)
    torch.testing.assert_close(kernels.squares(x, y), direct(x, y), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(kernels.distances(x, y), direct(x, y).sqrt())


def test_near_pairs_far_from_the_origin_keep_their_distance(numbers):
    x = (100 * numbers(6, 64)).float()
    y = x + 1e-3 * numbers(6, 64, seed=1).float()
    wanted = direct(x.double(), y.double()).sqrt().diagonal()
    torch.testing.assert_close(
        kernels.distances(x, y).diagonal().double(), wanted, rtol=1e-4, atol=0
    )


@pytest.mark.parametrize("features", [1, 64, 4096])
def test_a_row_has_no_distance_to_itself_however_wide(numbers, features):
    x = (10 * numbers(2, features)).float()
    assert not kernels.distances(x, x.clone()).diagonal().any()


def test_derivatives_of_the_distance_of_a_point_to_itself_are_0(numbers):
    x = numbers(4, 3).requires_grad_()
    weight = torch.ones(3, dtype=torch.float64, requires_grad=True)
    distance = kernels.distances(x * weight, x.detach()).diagonal()
    assert not distance.any()
    (first,) = torch.autograd.grad(distance.sum(), x, create_graph=True)
    assert not first.any()
    (second,) = torch.autograd.grad(first.square().sum(), weight)
    assert not second.any()


@pytest.mark.parametrize("name", ["squares", "distances", "linear"])
def test_first_and_second_derivatives(numbers, name):
    function = getattr(kernels, name)
    inputs = (numbers(3, 2).requires_grad_(), numbers(2, 2, seed=1).requires_grad_())
    assert torch.autograd.gradcheck(function, inputs)
    assert torch.autograd.gradgradcheck(function, inputs)


def test_nan_is_no_distance(numbers):
    x = numbers(3, 2)
    x[0, 0] = torch.nan
    for function in (kernels.squares, kernels.distances):
        found = function(x, numbers(2, 2, seed=1)).isnan()
        assert found[0].all()
        assert not found[1:].any()


def test_rational_quadratic_is_a_mixture_of_gaussians(numbers):
    """Over precisions t with the gamma density of shape a and rate a: E exp(-t d / 2)."""
    x, y, alpha = numbers(3, 2), numbers(2, 2, seed=1), 2.0
    law = torch.distributions.Gamma(torch.tensor(alpha), torch.tensor(alpha))
    t = torch.linspace(0, 40, 40001, dtype=torch.float64)[1:]
    weights = law.log_prob(t).exp() * (t[1] - t[0])
    wanted = (weights * (-t * direct(x, y)[..., None] / 2).exp()).sum(-1)
    found = kernels.rational_quadratic(x, y, alphas=(alpha,))
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-6)


def test_autocast_leaves_kernels_alone(numbers):
    x, y = numbers(5, 8).float(), numbers(4, 8, seed=1).float()
    for function in (kernels.squares, kernels.distances, kernels.linear):
        wanted = function(x, y)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = function(x, y)
        assert found.dtype == torch.float32
        assert torch.equal(found, wanted)


def test_the_witness_is_a_value_for_each_point(numbers):
    points, real, fake = numbers(4, 3), numbers(4, 3, seed=1), numbers(4, 3, seed=2)
    values = kernels.witness(points, real, fake, kernel=kernels.distance)
    for point, value in zip(points, values, strict=True):
        at_real, at_fake = (
            torch.stack([kernels.distance(point[None], y[None])[0, 0] for y in side]).mean()
            for side in (real, fake)
        )
        torch.testing.assert_close(value, at_real - at_fake, rtol=1e-10, atol=1e-12)
