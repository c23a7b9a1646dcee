"""What the losses have to do with each other."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return 2 * torch.randn(*shape, generator=generator, dtype=torch.float64)


REAL, FAKE = numbers(7), numbers(7, seed=1)
PLAYERS = ("discriminator", "generator")
every_player = pytest.mark.parametrize("player", PLAYERS)


@pytest.fixture
def assert_same(played):
    """``assert_same(one, other, player, factor, constant)``: one is factor times the other, and a
    constant, with the gradients.
    """

    def check(one, other, player, factor=1.0, constant=0.0, tolerance=1e-11):
        (a, table_a), (b, table_b) = (played(x, player, REAL, FAKE) for x in (one, other))
        torch.testing.assert_close(a, factor * b + constant, rtol=tolerance, atol=tolerance)
        gradients = [
            torch.autograd.grad(value, table.fake)[0]
            for value, table in ((a, table_a), (b, table_b))
        ]
        torch.testing.assert_close(
            gradients[0], factor * gradients[1], rtol=tolerance, atol=tolerance
        )

    return check


def loss(name, **options):
    return ganzoo.get_loss(name, **options)


@every_player
def test_fgan_gan_is_minimax(assert_same, player):
    assert_same(loss("fgan-gan"), loss("minimax"), player)
    assert_same(loss("fgan-gan", generator="nonsaturating"), loss("nonsaturating"), player)


@every_player
def test_fgan_js_is_minimax_less_its_constant(assert_same, player):
    constant = {"discriminator": -2 * math.log(2), "generator": math.log(2)}
    assert_same(loss("fgan-js"), loss("minimax"), player, constant=constant[player])


@every_player
def test_alpha_loss_of_1_is_minimax(assert_same, player):
    assert_same(loss("alpha-loss", alpha=1), loss("minimax"), player)
    assert_same(loss("alpha-loss", alpha=1 + 1e-9), loss("minimax"), player, tolerance=1e-7)
    nonsaturating = loss("alpha-loss", alpha=1, generator="nonsaturating")
    assert_same(nonsaturating, loss("nonsaturating"), player)


def test_each_player_of_alpha_loss_has_an_alpha(assert_same):
    dual = loss("alpha-loss", alpha=3, generator_alpha=0.7)
    assert_same(dual, loss("alpha-loss", alpha=3), "discriminator")
    assert_same(dual, loss("alpha-loss", alpha=0.7), "generator")


def test_alpha_loss_of_a_half_is_exponential_loss(played):
    value, _ = played(loss("alpha-loss", alpha=0.5), "discriminator", REAL, FAKE)
    torch.testing.assert_close(value, (-REAL).exp().mean() + FAKE.exp().mean())


def test_alpha_loss_of_infinity_is_the_wrong_probability(played):
    value, _ = played(loss("alpha-loss", alpha=math.inf), "discriminator", REAL, FAKE)
    torch.testing.assert_close(value, (-REAL).sigmoid().mean() + FAKE.sigmoid().mean())


@every_player
def test_renyigan_of_1_is_minimax(assert_same, player):
    assert_same(loss("renyigan", alpha=1), loss("minimax"), player)
    assert_same(loss("renyigan", alpha=1 + 1e-8), loss("minimax"), player, tolerance=1e-6)


@every_player
def test_cumulant_of_0_and_0_is_wgan(assert_same, player):
    assert_same(loss("cumulant", beta=0, gamma=0), loss("wgan"), player)
    assert_same(loss("cumulant", beta=1e-7, gamma=1e-7), loss("wgan"), player, tolerance=1e-5)


@every_player
def test_cumulant_of_0_and_1_is_kl_dv(assert_same, player):
    assert_same(loss("cumulant", beta=0, gamma=1), loss("kl-dv"), player)


def test_cumulant_of_1_and_0_is_kl_dv_with_the_kinds_swapped(played):
    value, _ = played(loss("cumulant", beta=1, gamma=0), "discriminator", REAL, FAKE)
    other, _ = played(loss("kl-dv"), "discriminator", -FAKE, -REAL)
    torch.testing.assert_close(value, other)


def test_cumulant_of_halves_is_a_function_of_hellinger(laws, value_at):
    p, q = laws
    distance = (p.sqrt() - q.sqrt()).square().sum()
    found = value_at("cumulant", (p / q).log(), beta=0.5, gamma=0.5)
    assert found == pytest.approx(4 * math.log(1 - distance / 2), rel=1e-10)


@every_player
def test_alpha_of_2_is_half_of_pearson_at_twice_the_score(played, player):
    value, _ = played("fgan-alpha", player, REAL, FAKE, alpha=2)
    other, _ = played("fgan-pearson", player, 2 * REAL, 2 * FAKE, exact=True)
    torch.testing.assert_close(value, other / 2)


@every_player
def test_alpha_of_1_is_kl_at_a_score_1_higher(played, player):
    value, _ = played("fgan-alpha", player, REAL, FAKE, alpha=1)
    other, _ = played("fgan-kl", player, REAL + 1, FAKE + 1)
    constant = 1 if player == "generator" else 0
    torch.testing.assert_close(value, other + constant)


@every_player
@pytest.mark.parametrize("limit", [0.0, 1.0])
def test_alpha_is_continuous_at_its_limits(assert_same, player, limit):
    inward = -1 if limit == 0 else 1  # from below 0, from above 1: one activation
    near = loss("fgan-alpha", alpha=limit + inward * 1e-8)
    assert_same(near, loss("fgan-alpha", alpha=limit), player, tolerance=1e-6)


@every_player
def test_pearson_is_exact_above_minus_2(played, player):
    shifted = [scores.clamp(min=-1.9) for scores in (REAL, FAKE)]
    value, _ = played("fgan-pearson", player, *shifted)
    other, _ = played("fgan-pearson", player, *shifted, exact=True)
    torch.testing.assert_close(value, other)
    below, table = played("fgan-pearson", player, REAL, [-2.5, -9.0], exact=True)
    assert not torch.autograd.grad(below, table.fake)[0].any()


def test_triangular_is_four_times_least_squares_of_sigmoids(played):
    value, _ = played("fgan-triangular", "discriminator", REAL, FAKE)
    squares = (REAL.sigmoid() - 1).square().mean() + FAKE.sigmoid().square().mean()
    torch.testing.assert_close(value, 4 * squares - 2)


def test_triangular_is_worth_the_delta_of_lsgan(laws, value_at):
    p, q = laws
    delta = -value_at("fgan-triangular", (p / q).log())
    assert value_at("lsgan", p / (p + q)) == pytest.approx((2 - delta) / 8, rel=1e-10)


def test_weights_of_a_half_give_half_of_js(laws, value_at):
    p, q = laws
    scores = (p / (p + q)).sqrt().logit()
    found = value_at("fgan-js-weighted", scores, pi=0.5)
    assert found == pytest.approx(value_at("fgan-js", (p / q).log()) / 2, rel=1e-10)


def test_lkgan_of_2_is_lsgan_with_twice_the_generator(assert_same):
    assert_same(loss("lkgan", k=2), loss("lsgan"), "discriminator")
    assert_same(loss("lkgan", k=2), loss("lsgan"), "generator", factor=2)


@every_player
def test_bgan_has_the_discriminator_of_minimax(assert_same, played, player):
    if player == "discriminator":
        assert_same(loss("bgan"), loss("minimax"), player)
    else:
        value, _ = played(loss("bgan"), player, REAL, FAKE)
        torch.testing.assert_close(value, FAKE.square().mean() / 2)


def test_kl_wgan_of_equal_scores_is_hinge(played):
    flat = torch.full((5,), 0.3, dtype=torch.float64)
    for player in PLAYERS:
        value, _ = played("kl-wgan", player, REAL, flat)
        torch.testing.assert_close(value, played("hinge", player, REAL, flat)[0])


def test_kl_wgan_weighs_by_the_softmax(played):
    value, _ = played("kl-wgan", "generator", REAL, FAKE)
    weights = FAKE.exp() / FAKE.exp().mean()
    torch.testing.assert_close(value, -(weights * FAKE).mean())
    value, _ = played("kl-wgan", "discriminator", REAL, FAKE)
    wanted = (1 - REAL).relu().mean() + (1 + weights * FAKE).relu().mean()
    torch.testing.assert_close(value, wanted)


def test_dual_contrastive_is_its_definition_without_the_table(played):
    value, _ = played("dual-contrastive", "discriminator", REAL, FAKE[:4])
    real = [torch.cat([r[None], FAKE[:4]]).logsumexp(0) - r for r in REAL]
    fake = [torch.cat([-f[None], -REAL]).logsumexp(0) + f for f in FAKE[:4]]
    torch.testing.assert_close(value, torch.stack(real).mean() + torch.stack(fake).mean())


def test_softmax_gan_of_a_batch_twice_over_is_log_2_more(played):
    for player in PLAYERS:
        value, _ = played("softmax-gan", player, REAL, FAKE)
        twice, _ = played("softmax-gan", player, REAL.repeat(2), FAKE.repeat(2))
        torch.testing.assert_close(twice, value + math.log(2))


def test_one_fake_at_a_time_dual_contrastive_is_relativistic(played):
    value, _ = played("dual-contrastive", "discriminator", REAL[:1], FAKE[:1])
    torch.testing.assert_close(value, 2 * torch.nn.functional.softplus(FAKE[0] - REAL[0]))
