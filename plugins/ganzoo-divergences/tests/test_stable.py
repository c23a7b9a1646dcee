"""The elementary functions, against scipy and against many digits."""

from __future__ import annotations

import math

import pytest
import scipy.special
import torch

from ganzoo_divergences.stable import (
    log_complement,
    log_softplus,
    log_wright_omega,
    softplus,
    wright_omega,
)


def line(low, high, count=501):
    return torch.linspace(low, high, count, dtype=torch.float64).requires_grad_()


def slope(values, x):
    return torch.autograd.grad(values.sum(), x)[0]


@pytest.mark.parametrize(("low", "high"), [(-700, -20), (-20, 20), (20, 1e4), (-1e-3, 1e-3)])
def test_wright_omega_and_its_gradient_are_scipys(low, high):
    x = line(low, high)
    found = wright_omega(x)
    wanted = torch.from_numpy(scipy.special.wrightomega(x.detach().numpy()))
    torch.testing.assert_close(found.detach(), wanted, rtol=1e-12, atol=0)
    torch.testing.assert_close(slope(found, x), wanted / (1 + wanted), rtol=1e-12, atol=0)


def test_wright_omega_in_single_precision():
    x = line(-80, 1e4).detach()
    wanted = torch.from_numpy(scipy.special.wrightomega(x.numpy()))
    single = wright_omega(x.float())
    assert single.dtype == torch.float32
    torch.testing.assert_close(single.double(), wanted, rtol=2e-5, atol=0)


def test_logarithm_of_omega_where_omega_is_0():
    x = torch.tensor([-1e4, -1e3], dtype=torch.float64, requires_grad=True)
    assert wright_omega(x).tolist() == [0.0, 0.0]
    assert log_wright_omega(x).tolist() == x.tolist()
    assert slope(log_wright_omega(x), x).tolist() == [1.0, 1.0]


def test_wright_omega_is_differentiable_twice_and_maps():
    x = torch.tensor([-5.0, -0.3, 0.0, 1.0, 7.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(wright_omega, x)
    assert torch.autograd.gradgradcheck(wright_omega, x)
    mapped = torch.func.vmap(torch.func.grad(wright_omega))(x.detach())
    torch.testing.assert_close(mapped, slope(wright_omega(x), x))


def test_omega_compiles_whole():
    x = torch.linspace(-3, 3, 7)
    compiled = torch.compile(wright_omega, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(x), wright_omega(x))


def test_softplus_keeps_its_digits_beyond_20():
    t = torch.tensor([21.0, 30.0, 50.0], dtype=torch.float64, requires_grad=True)
    wanted = [t + math.log1p(math.exp(-t)) for t in (21.0, 30.0, 50.0)]
    assert softplus(t).tolist() == pytest.approx(wanted, rel=1e-15)
    assert (1 - slope(softplus(t), t))[0].item() == pytest.approx(math.exp(-21), rel=1e-6)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_log_softplus(dtype):
    t = torch.tensor([-1e4, -200, -30, -29.9, -1, 0, 5, 1e4], dtype=dtype, requires_grad=True)
    wanted = [
        *(-1e4, -200.0, -30 - math.exp(-30) / 2, -29.9 - math.exp(-29.9) / 2),
        *(math.log(math.log1p(math.exp(x))) for x in (-1, 0, 5)),
        math.log(1e4),
    ]
    assert log_softplus(t).tolist() == pytest.approx(
        wanted, rel=1e-12 if t.dtype.itemsize > 4 else 1e-6
    )
    slopes = slope(log_softplus(t), t).tolist()
    assert slopes[:4] == pytest.approx([1.0] * 4, rel=1e-6)
    assert slopes[5] == pytest.approx(0.5 / math.log(2), rel=1e-6)
    assert slopes[-1] == pytest.approx(1e-4, rel=1e-6)


@pytest.mark.parametrize("power", [0.5, 1.0, 10 / 3, 100.0])
def test_log_complement(power):
    t = line(-6, 14, 81)
    known = torch.log1p(-torch.sigmoid(t).pow(power)).detach()
    found = log_complement(t, power)
    torch.testing.assert_close(found.detach(), known, rtol=1e-9, atol=1e-15)
    # -power S^power S(-t) / (1 - S^power)
    wanted = -power * torch.exp(-power * softplus(-t) + torch.nn.functional.logsigmoid(-t) - found)
    torch.testing.assert_close(slope(found, t), wanted.detach(), rtol=1e-9, atol=0)


@pytest.mark.parametrize("power", [0.5, 3.0])
def test_log_complement_far_out(power):
    t = torch.tensor([-1e4, -60, 30, 60, 1e4], dtype=torch.float32, requires_grad=True)
    found = log_complement(t, power)
    assert found[:2].tolist() == pytest.approx([0.0, -math.exp(-60 * power)], abs=1e-20)
    assert found[2:].tolist() == pytest.approx([math.log(power) - x for x in (30, 60, 1e4)])
    assert slope(found, t)[2:].tolist() == pytest.approx([-1.0] * 3)


@pytest.mark.parametrize("function", [softplus, log_softplus, wright_omega, log_wright_omega])
def test_nan_is_kept(function):
    assert function(torch.tensor([math.nan])).isnan().all()
    assert log_complement(torch.tensor([math.nan]), 2.0).isnan().all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("power", [0.5, 1.0, 3.0])
def test_slopes_of_a_complement_are_finite_where_a_branch_is_not(power, dtype):
    t = torch.linspace(-90, 90, 721, dtype=dtype, requires_grad=True)
    found = slope(log_complement(t, power), t)
    # d/dt log(1 - s^k) = -k s^k (1 - s) / (1 - s^k), s the sigmoid
    wide = t.detach().double()
    logarithm = -power * torch.nn.functional.softplus(-wide, threshold=100)  # of s^k
    wanted = power * logarithm.exp() * torch.sigmoid(-wide) / torch.expm1(logarithm)
    near = {"rtol": 1e-5, "atol": 1e-30} if dtype == torch.float32 else {"rtol": 1e-9, "atol": 0}
    torch.testing.assert_close(found.double(), wanted, **near)
