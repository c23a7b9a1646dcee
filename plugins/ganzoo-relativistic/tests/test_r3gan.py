"""The loss of R3GAN: rsgan with R1 and R2."""

from __future__ import annotations

import pytest
import torch

import ganzoo


def numbers(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_gamma_0_is_rsgan(played):
    for player in ("discriminator", "generator"):
        value, table = played(
            ganzoo.get_loss("rpgan-r1r2", gamma=0), player, numbers(6), numbers(6, seed=1)
        )
        wanted, other = played(ganzoo.get_loss("rsgan"), player, numbers(6), numbers(6, seed=1))
        assert value == wanted
        for leaf in ("real", "fake"):
            (found,) = torch.autograd.grad(value, getattr(table, leaf), retain_graph=True)
            (expected,) = torch.autograd.grad(wanted, getattr(other, leaf), retain_graph=True)
            assert torch.equal(found, expected)


@pytest.mark.parametrize("gamma", [0.05, 2.0])
def test_a_linear_discriminator_pays_gamma_times_its_squared_slope(gamma):
    slope, real, fake = numbers(12), numbers(5, 3, 2, 2, seed=1), numbers(5, 3, 2, 2, seed=2)

    def critic(x):
        return x.flatten(1) @ slope

    loss, bare = ganzoo.get_loss("rpgan-r1r2", gamma=gamma), ganzoo.get_loss("rsgan")
    more = loss.discriminator_loss(critic, real, fake) - bare.discriminator_loss(critic, real, fake)
    torch.testing.assert_close(more, gamma * slope.square().sum(), rtol=1e-10, atol=0)
    # the generator's loss has no penalty
    g, h = loss.generator_loss(critic, fake, real), bare.generator_loss(critic, fake, real)
    assert g == h


def test_each_kind_is_judged_once_in_a_turn():
    calls = []

    def critic(x):
        calls.append(len(x))
        return x.square().sum(1)

    loss = ganzoo.get_loss("rpgan-r1r2")
    loss.discriminator_loss(critic, real=numbers(4, 2), fake=numbers(4, 2, seed=1))
    assert calls == [4, 4]


@pytest.mark.parametrize("gamma", [0.0, 0.3, 2.0])
def test_it_converges_in_the_dirac_gan(gamma):
    """Data at 0, generator at theta, D(x) = psi x: eigenvalues of the Jacobian of the
    simultaneous gradient field at the origin."""
    loss = ganzoo.get_loss("rpgan-r1r2", gamma=gamma)
    state = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    theta, psi = state.unbind()

    def critic(x):
        return (psi * x).sum(1)

    real, due = torch.zeros(1, 1, dtype=torch.float64), loss.due(0)
    g = loss.generator_loss(critic, fake=theta.reshape(1, 1), real=real)
    (d_theta,) = torch.autograd.grad(g, theta, create_graph=True)
    tracked = loss.tracked(due, "discriminator")
    play = ganzoo.Play(
        "discriminator", discriminator=critic, real_x=real, fake_x=real, tracked=tracked
    )
    # a turn cuts the fake's graph; the mixed derivative needs it
    play.__dict__["fake_x"] = theta.reshape(1, 1)
    (d_psi,) = torch.autograd.grad(loss.loss(play, due), psi, create_graph=True)
    rows = [torch.autograd.grad(-v, state, retain_graph=True)[0] for v in (d_theta, d_psi)]
    found = torch.linalg.eigvals(torch.stack(rows))
    root = torch.sqrt(torch.tensor(gamma**2 - 0.25, dtype=torch.complex128))
    wanted = torch.stack([-gamma + root, -gamma - root])
    distances = (found[:, None] - wanted[None, :]).abs()
    assert distances.min(0).values.max() < 1e-8
    if gamma:
        assert found.real.max() < 0


def test_a_negative_gamma_says_what_would_work():
    with pytest.raises(ganzoo.BadOption, match="0 or more"):
        ganzoo.get_loss("rpgan-r1r2", gamma=-1.0)


def test_defaults_are_where_the_authors_schedule_begins():
    defaults = ganzoo.get_loss("rpgan-r1r2").defaults
    assert (defaults.optimizer, defaults.generator_lr, defaults.betas) == ("adam", 2e-4, (0.0, 0.9))
    assert ganzoo.get_loss("rpgan-r1r2").discriminator_turns == 1
