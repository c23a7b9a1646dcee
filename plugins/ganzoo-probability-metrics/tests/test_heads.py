"""Losses with parameters of their own on the features: SAN and McGan."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch.nn.functional import normalize

import ganzoo
from ganzoo_probability_metrics.moments import CovarianceMatching
from ganzoo_probability_metrics.slicing import Slice


@pytest.fixture
def san():
    def build(base="hinge"):
        torch.manual_seed(0)
        return ganzoo.get_loss("san", base=base, features=3).double()

    return build


def direction(loss):
    return normalize(loss.terms[-1].direction, dim=0)


@pytest.mark.parametrize("base", ["hinge", "nonsaturating", "lsgan", "wgan-gp"])
def test_sans_value_is_the_bases_on_the_slice(played, san, numbers, base):
    real, fake, loss = numbers(4, 3), numbers(4, 3, seed=1), san(base)
    w = direction(loss)
    plain = ganzoo.Objective(ganzoo.get_loss(base).terms[0])
    sliced = ganzoo.Objective(loss.terms[0], loss.terms[-1])
    for player in ("discriminator", "generator"):
        value, _ = played(sliced, player, real, fake)
        wanted, _ = played(plain, player, real @ w, fake @ w)
        if player == "discriminator":
            wanted = wanted + (fake @ w).mean() - (real @ w).mean()
        torch.testing.assert_close(value, wanted, rtol=1e-12, atol=0)


def test_features_learn_by_the_base_and_the_direction_by_wasserstein(played, san, numbers):
    real, fake, loss = numbers(4, 3), numbers(4, 3, seed=1), san()
    w = direction(loss).detach()
    value, table = played(loss, "discriminator", real, fake)
    own = loss.terms[-1].direction
    found = torch.autograd.grad(value, (table.real, table.fake, own))
    x, y = real.requires_grad_(), fake.requires_grad_()
    base = torch.relu(1 - x @ w).mean() + torch.relu(1 + y @ w).mean()
    for gradient, wanted in zip(found, torch.autograd.grad(base, (x, y)), strict=False):
        torch.testing.assert_close(gradient, wanted, rtol=1e-10, atol=1e-14)
    gap = fake.detach().mean(0) - real.detach().mean(0)
    (wanted,) = torch.autograd.grad(normalize(own, dim=0) @ gap, own)
    torch.testing.assert_close(found[2], wanted, rtol=1e-10, atol=1e-14)


def test_the_direction_turns_to_the_difference_of_the_means(played, san, numbers):
    real, fake, loss = numbers(6, 3) + 1, numbers(6, 3, seed=1), san()
    optimiser = torch.optim.SGD(loss.parameters(), lr=2.0)
    for _ in range(80):
        optimiser.zero_grad()
        played(loss, "discriminator", real, fake)[0].backward()
        optimiser.step()
    wanted = normalize(real.mean(0) - fake.mean(0), dim=0)
    torch.testing.assert_close(direction(loss).detach(), wanted, rtol=0, atol=1e-6)


def test_penalties_of_the_base_see_the_sliced_score(san, numbers):
    real, fake, loss = numbers(4, 3), numbers(4, 3, seed=1), san("wgan-gp")
    # <w, x> has a gradient of norm 1 everywhere: nothing to pay
    value = loss.discriminator_loss(lambda x: x, real=real, fake=fake)
    w = direction(loss)
    gap = (fake @ w).mean() - (real @ w).mean()
    torch.testing.assert_close(value, 2 * gap, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", ["san", "mcgan"])
def test_outside_a_game_features_must_be_counted(numbers, name):
    loss = ganzoo.get_loss(name)
    with pytest.raises(ganzoo.Incompatible, match="features=3"):
        loss.discriminator_loss(lambda x: x, real=numbers(4, 3), fake=numbers(4, 3))
    other = ganzoo.get_loss(name, features=5)
    with pytest.raises(ganzoo.ShapeMismatch, match=r"features=5.*3"):
        other.discriminator_loss(lambda x: x, real=numbers(4, 3), fake=numbers(4, 3))


@pytest.mark.parametrize("name", ["san", "mcgan"])
def test_a_game_counts_them(name):
    source = ganzoo.get_dataset("ring8")
    networks = ganzoo.get_architecture("mlp", source.spec, width=16)
    loss = ganzoo.get_loss(name)
    game = ganzoo.Game.seat(networks, loss, source.spec)
    own = list(loss.parameters())
    assert {parameter.shape[0] for parameter in own} == {16}
    movers = {id(parameter) for parameter in game.movers("discriminator", loss)}
    assert movers >= {id(parameter) for parameter in own}
    game.attach(loss)  # once more: what is there stays
    assert [id(parameter) for parameter in loss.parameters()] == [id(p) for p in own]
    with pytest.raises(ganzoo.Incompatible, match=r"features=5.*16"):
        ganzoo.Game.seat(networks, ganzoo.get_loss(name, features=5), source.spec)


@pytest.mark.parametrize("order", [1.0, 2.0, float("inf")])
def test_mean_matching(played, numbers, order):
    real, fake = numbers(5, 3), numbers(4, 3, seed=1)
    loss = ganzoo.get_loss("mcgan", match="mean", order=order)
    assert loss.traits.shift_invariant
    wanted = torch.linalg.vector_norm(real.mean(0) - fake.mean(0), ord=order)
    for player, sign in (("generator", 1), ("discriminator", -1)):
        value, _ = played(loss, player, real, fake)
        torch.testing.assert_close(value, sign * wanted, rtol=1e-12, atol=0)


def test_either_part_of_mcgan_aims_at_a_value():
    mean, covariance = (
        ganzoo.get_loss("mcgan", match=match).traits for match in ("mean", "covariance")
    )
    assert not mean.monotone
    assert not covariance.monotone
    # the norm of a mean is no mean of norms
    assert (mean.batch_coupled, covariance.batch_coupled) == (True, False)


def covariance(components, features=3):
    torch.manual_seed(1)
    loss = ganzoo.get_loss(
        "mcgan", match="covariance", components=components, features=features, clip=0.0
    )
    return loss.double()


@pytest.mark.parametrize("components", [1, 2, 3])
def test_covariances_differ_by_the_largest_singular_values(played, numbers, components):
    real, fake, loss = numbers(8, 3), 2 * numbers(6, 3, seed=1), covariance(components)
    difference = real.T @ real / 8 - fake.T @ fake / 6
    left, values, right = torch.linalg.svd(difference)
    most = values[:components].sum()
    for _ in range(5):
        assert played(loss, "generator", real, fake)[0] <= most + 1e-12
        for directions in loss.parameters():
            directions.data = torch.linalg.qr(torch.randn_like(directions)).Q
    term = loss.terms[0]
    term.left.data, term.right.data = left[:, :components], right.T[:, :components]
    value, _ = played(loss, "generator", real, fake)
    torch.testing.assert_close(value, most, rtol=1e-10, atol=0)
    other, _ = played(loss, "discriminator", real, fake)
    assert other == -value


def test_directions_are_made_orthonormal_after_the_step(played, numbers):
    loss = covariance(2)
    term = loss.terms[0]
    kept = [directions.detach().clone() for directions in loss.parameters()]
    _, table = played(loss, "discriminator", numbers(5, 3), numbers(5, 3, seed=1))
    loss.after_discriminator_step(table)
    for before, after in zip(kept, loss.parameters(), strict=True):
        torch.testing.assert_close(after.detach(), before, rtol=0, atol=1e-6)
    with torch.no_grad():
        term.left.add_(0.3 * numbers(3, 2, seed=2))
        term.right.mul_(-2.0)
    moved = [directions.detach().clone() for directions in loss.parameters()]
    _, table = played(loss, "discriminator", numbers(5, 3), numbers(5, 3, seed=1))
    loss.after_discriminator_step(table)
    identity = torch.eye(2, dtype=torch.float64)
    for before, directions in zip(moved, loss.parameters(), strict=True):
        torch.testing.assert_close(directions.T @ directions, identity, rtol=0, atol=1e-12)
        assert ((before * directions).sum(0) > 0.5).all()  # none was turned around


@pytest.mark.parametrize("term", [Slice, partial(CovarianceMatching, components=2)])
def test_a_head_waits_for_a_game_unless_told(term):
    assert (term().features, term().size, list(term().parameters())) == (0, 0, [])
    assert term(features=1).size == 1


def test_no_more_components_than_features():
    assert covariance(16, features=4).terms[0].left.shape == (4, 4)
