"""The evidence lower bound: reference values, and a model whose evidence is known."""

from __future__ import annotations

import math

import pytest
import torch
from torch.distributions import Bernoulli, MultivariateNormal, Normal, kl_divergence

import ganzoo
from ganzoo_autoencoders.codes import divergence
from ganzoo_autoencoders.likelihood import likelihood_of


@pytest.mark.parametrize("case", ["vae", "vae[gaussian]"])
def test_values_and_gradients_are_the_reference(reference, case):
    wanted = reference[case]
    named = ("recon_logits", "x", "mu", "logvar")
    given = {n: torch.tensor(wanted["inputs"][n], dtype=torch.float64) for n in named}
    leaves = {n: given[n].requires_grad_() for n in ("recon_logits", "mu", "logvar")}
    logits, x = given["recon_logits"].reshape(4, 1, 2, 3), given["x"].reshape(4, 1, 2, 3)
    if case == "vae":
        loss = ganzoo.get_loss("vae", likelihood="bernoulli")
        # the sigmoid of logits, and grey in 0 .. 1, as images and a tanh have them
        decoded, x = (logits / 2).tanh(), 2 * x - 1
    else:
        loss, decoded = ganzoo.get_loss("vae", scale=1.0), logits.sigmoid()
    play = ganzoo.Play(
        "generator",
        generator=lambda z: decoded,
        encoder=lambda x: (given["mu"], given["logvar"]),
        real_x=x,
    )
    value = loss.loss(play, (0,))
    assert value.item() == pytest.approx(wanted["value"], rel=1e-10)
    found = torch.autograd.grad(value, list(leaves.values()))
    for name, gradient in zip(leaves, found, strict=True):
        expected = torch.tensor(wanted["grads"][name], dtype=torch.float64)
        torch.testing.assert_close(gradient, expected, rtol=1e-10, atol=1e-14)
    for name, key in (("recon_bce", "reconstruction"), ("kl", "kl")):
        if name in wanted.get("parts", {}):
            assert play.log[key].item() == pytest.approx(wanted["parts"][name], rel=1e-10)


def test_the_divergence_is_that_of_torch(numbers):
    mean, log_variance = numbers(5, 3), numbers(5, 3, seed=1)
    posterior = Normal(mean, (log_variance / 2).exp())
    prior = Normal(torch.zeros_like(mean), torch.ones_like(mean))
    wanted = kl_divergence(posterior, prior).sum(1)
    torch.testing.assert_close(divergence(mean, log_variance), wanted, rtol=1e-12, atol=1e-14)
    zero = torch.zeros(2, 3)
    assert torch.equal(divergence(zero, zero), torch.zeros(2))
    tiny = torch.full((1, 1), 1e-4)  # float32 keeps lv^2 / 4 where exp(lv) - 1 - lv would not
    assert divergence(torch.zeros(1, 1), tiny).item() == pytest.approx(2.5e-9, rel=1e-2)


def test_the_gaussian_likelihood_is_that_of_torch(numbers):
    decoded, x = numbers(4, 3, 2), numbers(4, 3, 2, seed=1)
    for scale in (1.0, 0.3):
        law = likelihood_of("gaussian", scale, 9.0)
        wanted = Normal(decoded, torch.full_like(decoded, scale)).log_prob(x).sum((1, 2))
        found = -law.cost(decoded, x) - law.constant(6)
        torch.testing.assert_close(found, wanted, rtol=1e-12, atol=0)


def test_the_bernoulli_likelihood_is_that_of_torch(numbers):
    inside, x = numbers(4, 1, 2, 3), (numbers(4, 1, 2, 3, seed=1) > 0).double() * 2 - 1
    law = likelihood_of("bernoulli", None, 9.0)
    wanted = Bernoulli(logits=2 * inside).log_prob((1 + x) / 2).sum((1, 2, 3))
    found = -law.cost(inside.tanh(), x) - law.constant(6)
    torch.testing.assert_close(found, wanted, rtol=1e-10, atol=0)


@pytest.mark.parametrize("inside", [-8.0, -3.0, 0.0, 3.0, 8.0])
@pytest.mark.parametrize("pixel", [-1.0, -0.5, 1.0])
def test_the_bernoulli_gradient_passes_a_tanh_in_float32(inside, pixel):
    a = torch.full((1, 1, 1, 1), inside, requires_grad=True)
    x = torch.full((1, 1, 1, 1), pixel)
    cost = likelihood_of("bernoulli", None, 9.0).cost(a.tanh(), x)
    cost.sum().backward()
    # of the cross-entropy by logits of 2 a: twice the probability less the grey
    wanted = 2 * (torch.sigmoid(torch.tensor(2 * inside)) - (1 + pixel) / 2)
    assert a.grad.item() == pytest.approx(wanted.item(), abs=2e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_tanh_that_rounds_to_1_costs_much_and_not_infinitely(dtype):
    a = torch.tensor([-1e4, -30.0, 30.0, 1e4], dtype=dtype).reshape(4, 1, 1, 1).requires_grad_()
    for pixel in (-1.0, 0.25, 1.0):
        cost = likelihood_of("bernoulli", None, 9.0).cost(a.tanh(), torch.full_like(a, pixel))
        (gradient,) = torch.autograd.grad(cost.sum(), a)
        assert cost.isfinite().all()
        assert gradient.isfinite().all()
        assert cost.max() > 5


class SigmaPoints(ganzoo.Play):
    """A play whose noise averages every quadratic function exactly: 2 d points, in turn."""

    def normal(self, *shape):
        count, size = shape
        axes = torch.eye(size, dtype=torch.float64) * math.sqrt(size)
        points = torch.cat([axes, -axes])
        return points.repeat(count // len(points), 1)


class Linear:
    """x = W z + b + noise, with the columns of W at right angles, so that the posterior of z
    has independent elements; its evidence is a normal density.
    """

    def __init__(self, numbers, scale):
        self.scale, self.bias = scale, numbers(5, seed=1)
        self.weight = torch.linalg.qr(numbers(5, 2)).Q * torch.tensor([1.5, 0.4]).double()
        self.evidence = MultivariateNormal(
            self.bias, self.weight @ self.weight.t() + scale**2 * torch.eye(5).double()
        )

    def decode(self, z, y=None):
        return z @ self.weight.t() + self.bias

    def encode(self, x, y=None):
        precision = 1 + self.weight.square().sum(0) / self.scale**2
        mean = (x - self.bias) @ self.weight / self.scale**2 / precision
        return mean, -precision.log().expand_as(mean)

    def bound(self, loss, x, encode):
        play = SigmaPoints(
            "generator", generator=self.decode, encoder=encode, real_x=x.repeat_interleave(4, 0)
        )
        (term,) = loss.terms
        return term.bound(play).reshape(-1, 4).mean(1)


@pytest.mark.parametrize("scale", [1.0, 0.3])
def test_with_the_true_posterior_the_bound_is_the_evidence(numbers, scale):
    model = Linear(numbers, scale)
    x = model.evidence.sample((6,))
    found = model.bound(ganzoo.get_loss("vae", scale=scale), x, model.encode)
    torch.testing.assert_close(found, model.evidence.log_prob(x), rtol=1e-10, atol=1e-10)


def test_with_any_other_it_is_lower_by_the_divergence(numbers):
    model = Linear(numbers, 0.5)
    x = model.evidence.sample((6,))
    true_mean, true_log_variance = model.encode(x)
    true = Normal(true_mean, (true_log_variance / 2).exp())
    for seed in range(10):
        shift, stretch = 0.3 * numbers(2, seed=2 * seed), 0.5 * numbers(2, seed=2 * seed + 1)

        def encode(x, shift=shift, stretch=stretch):
            mean, log_variance = model.encode(x)
            return mean + shift, log_variance + stretch

        mean, log_variance = encode(x)
        gap = kl_divergence(Normal(mean, (log_variance / 2).exp()), true).sum(1)
        found = model.bound(ganzoo.get_loss("vae", scale=0.5), x, encode)
        torch.testing.assert_close(found + gap, model.evidence.log_prob(x), rtol=1e-9, atol=1e-9)
        assert (found < model.evidence.log_prob(x)).all()


def test_the_loss_is_the_negative_bound_and_logged(numbers):
    model = Linear(numbers, 0.5)
    x, loss = numbers(8, 5), ganzoo.get_loss("vae", scale=0.5)

    def play():
        return SigmaPoints(
            "generator", generator=model.decode, encoder=model.encode, real_x=x.repeat(4, 1)
        )

    this = play()
    value = loss.loss(this, (0,))
    bound = loss.terms[0].bound(play()).mean()
    constant = 5 * (math.log(0.5) + math.log(2 * math.pi) / 2)
    assert -value.item() - constant == pytest.approx(bound.item(), rel=1e-10)
    assert this.log["elbo"].item() == pytest.approx(bound.item(), rel=1e-10)
    parts = this.log["reconstruction"] + this.log["kl"]
    assert parts.item() == pytest.approx(value.item(), rel=1e-10)


def test_beta_weighs_the_divergence(numbers):
    model, x = Linear(numbers, 0.5), numbers(4, 5)
    values = {}
    for beta in (0.0, 1.0, 4.0):
        play = SigmaPoints("generator", generator=model.decode, encoder=model.encode, real_x=x)
        values[beta] = ganzoo.get_loss("vae", scale=0.5, beta=beta).loss(play, (0,))
    kl = divergence(*model.encode(x)).mean()
    torch.testing.assert_close(values[1.0] - values[0.0], kl, rtol=1e-10, atol=0)
    torch.testing.assert_close(values[4.0] - values[0.0], 4 * kl, rtol=1e-10, atol=0)


def test_gradients_pass_the_draw_of_the_code(numbers):
    mean = numbers(4, 2).requires_grad_()
    log_variance = numbers(4, 2, seed=1).requires_grad_()
    noise = numbers(4, 2, seed=2)

    class Given(ganzoo.Play):
        def normal(self, *shape):
            return noise

    x = numbers(4, 2, seed=3)
    play = Given(
        "generator", generator=lambda z: z, encoder=lambda x: (mean, log_variance), real_x=x
    )
    value = ganzoo.get_loss("vae", scale=1.0, beta=0.0).loss(play, (0,))
    found = torch.autograd.grad(value, (mean, log_variance))
    error = mean + (log_variance / 2).exp() * noise - x
    torch.testing.assert_close(found[0], error / 4)
    torch.testing.assert_close(found[1], error * noise * (log_variance / 2).exp() / 8)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"likelihood": "laplace"}, "'gaussian' or 'bernoulli'"),
        ({"likelihood": "bernoulli", "scale": 1.0}, "no scale"),
        ({"scale": 0.0}, "above 0"),
        ({"beta": -1.0}, "0 or more"),
    ],
)
@pytest.mark.parametrize("name", ["vae", "cvae", "dvae"])
def test_options_out_of_range_say_what_would_work(name, options, says):
    with pytest.raises(ganzoo.BadOption, match=says):
        ganzoo.get_loss(name, **options)
