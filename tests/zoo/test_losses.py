"""The founding losses against the oracle, and the shapes people use."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo.zoo.losses.hinge import hinge
from ganzoo.zoo.losses.lsgan import lsgan
from ganzoo.zoo.losses.minimax import minimax
from ganzoo.zoo.losses.nonsaturating import nonsaturating
from ganzoo.zoo.losses.wgan import wgan, wgan_gp

NAMES = [
    "minimax",
    "nonsaturating",
    "nonsaturating[smooth0.9]",
    "lsgan",
    "lsgan[-1,1,0]",
    "wgan",
    "hinge",
    "hinge[g-hinge]",
]
CASES = ["moderate", "indifferent"]
DTYPES = {torch.float64: 1e-10, torch.float32: 2e-5, torch.bfloat16: 2e-5, torch.float16: 2e-5}


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", NAMES)
def test_values_and_gradients_agree_with_the_oracle(
    oracle, score_table, loss_of, name, case, dtype
):
    wanted = oracle["pointwise"][name]["cases"][case]
    table = score_table(wanted["real"], wanted["fake"], dtype)
    loss, near = loss_of(name), {"rtol": DTYPES[dtype], "atol": DTYPES[dtype] * 1e-3}

    def close(found, key):
        expected = torch.tensor(wanted[key], dtype=torch.float64)
        torch.testing.assert_close(found.double(), expected, **near)

    d = loss.discriminator_loss(table, real=table.real_x, fake=table.fake_x)
    assert d.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
    close(d.detach(), "d_loss")
    if dtype not in (torch.float64, torch.float32):
        return
    real, fake = torch.autograd.grad(d, (table.real, table.fake))
    close(real, "d_grad_real")
    close(fake, "d_grad_fake")
    g = loss.generator_loss(table, fake=table.fake_x)
    close(g.detach(), "g_loss")
    (fake,) = torch.autograd.grad(g, table.fake)
    close(fake, "g_grad_fake")


def test_deep_scores_have_the_analytic_derivative_and_no_floor(score_table):
    table = score_table([50.0], [-50.0], torch.float32)
    g = nonsaturating().generator_loss(table, fake=table.fake_x)
    assert torch.autograd.grad(g, table.fake)[0].item() == pytest.approx(-1.0)
    g = minimax().generator_loss(table, fake=table.fake_x)
    assert abs(torch.autograd.grad(g, table.fake)[0].item()) < 1e-20


@pytest.mark.parametrize("build", [minimax, nonsaturating, lsgan, hinge, wgan, wgan_gp])
@pytest.mark.parametrize("shape", [(1,), (1, 3, 4), "scales"])
def test_every_layout_of_scores_gives_the_flat_mean(build, shape):
    generator = torch.Generator().manual_seed(0)
    real = torch.randn(6, 12, generator=generator, dtype=torch.float64)
    fake = torch.randn(6, 12, generator=generator, dtype=torch.float64)
    loss = build(weight=0.0) if build is wgan_gp else build()

    def flat(x):
        return x[:, :1] if shape == (1,) else x

    def scored(x):
        if shape == "scales":
            return [x[:, :4].reshape(-1, 1, 2, 2), x[:, 4:].reshape(-1, 1, 8)]
        return flat(x).reshape(-1, *shape)

    d = loss.discriminator_loss(scored, real=real, fake=fake)
    wanted = loss.discriminator_loss(lambda x: flat(x).flatten(), real=real, fake=fake)
    if build is not wgan_gp:  # flattened, samples could not be told apart for the penalty
        torch.testing.assert_close(d, wanted, rtol=1e-12, atol=0)
    g = loss.generator_loss(scored, fake=fake)
    wanted = loss.generator_loss(lambda x: flat(x).flatten(), fake=fake)
    torch.testing.assert_close(g, wanted, rtol=1e-12, atol=0)


@pytest.mark.parametrize("build", [minimax, nonsaturating, lsgan, hinge, wgan, wgan_gp])
def test_scores_that_would_broadcast_raise(build):
    x = torch.randn(4, 2)

    def fickle(batch, calls=[]):  # noqa: B006
        calls.append(1)
        return batch.sum(1) if len(calls) % 2 else batch.sum(1, keepdim=True)

    with pytest.raises(ganzoo.ShapeMismatch, match=r"\(1,\)"):
        build().discriminator_loss(fickle, real=x, fake=x)


def test_probability_where_the_objective_makes_it_one():
    score = torch.tensor([-2.0, 0.0, 3.0])
    torch.testing.assert_close(minimax().probability(score), torch.sigmoid(score))
    torch.testing.assert_close(nonsaturating().probability(score), torch.sigmoid(score))
    coded = lsgan(a=-1.0, b=1.0, c=0.0).probability(score)
    torch.testing.assert_close(coded, torch.tensor([0.0, 0.5, 1.0]))
    assert wgan().probability(score) is None
    assert hinge().probability(score) is None


def test_nan_is_never_masked(score_table):
    for build in (minimax, nonsaturating, lsgan, hinge, wgan):
        table = score_table([math.nan, 1.0], [0.0, math.nan])
        assert build().discriminator_loss(table, table.real_x, table.fake_x).isnan()
        assert build().generator_loss(table, fake=table.fake_x).isnan()


@pytest.mark.parametrize(
    ("build", "options", "words"),
    [
        (nonsaturating, {"real_target": 0.0}, "real_target"),
        (lsgan, {"a": 1.0}, "different codes"),
        (wgan, {"clip": 0.0}, "limit"),
        (wgan_gp, {"discriminator_turns": 0}, "at least 1"),
        (nonsaturating, {"real_target": 1.5}, "real_target"),
    ],
)
def test_bad_options_say_what_would_work(build, options, words):
    with pytest.raises(ganzoo.BadOption, match=words):
        build(**options)


@pytest.mark.parametrize("target", [1.0, 0.9, 0.4])
def test_the_neutral_score_of_a_smoothed_target_is_stationary(score_table, target):
    loss = nonsaturating(real_target=target)
    neutral = loss.traits.neutral
    assert neutral == pytest.approx(math.log(target / (2 - target)))
    table = score_table([neutral], [neutral])
    value = loss.discriminator_loss(table, real=table.real_x, fake=table.fake_x)
    real, fake = torch.autograd.grad(value, (table.real, table.fake))
    assert (real + fake).item() == pytest.approx(0, abs=1e-12)


def test_wgan_has_no_momentum():
    assert (wgan().defaults.optimizer, wgan().defaults.betas) == ("rmsprop", (0.0, 0.0))


@pytest.mark.parametrize("build", [minimax, nonsaturating, lsgan, wgan, hinge])
def test_a_term_by_itself_is_that_of_its_loss(build):
    term = build().terms[0]
    assert repr(type(term)()) == repr(term)
    assert type(term)().traits == term.traits


def test_what_the_losses_declare():
    assert hinge().traits.kinks == (-1.0, 1.0)
    assert {
        build for build in (minimax, nonsaturating, lsgan, hinge) if build().traits.zero_sum
    } == {minimax}
