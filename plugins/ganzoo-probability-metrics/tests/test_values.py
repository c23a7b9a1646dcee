"""Every loss against the reference values: losses, gradients, state, optima."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo_probability_metrics.cramer import critic

TOLERANCES = {torch.float64: (1e-10, 1e-12), torch.float32: (2e-5, 2e-6)}
every_dtype = pytest.mark.parametrize("dtype", TOLERANCES, ids=str)

# How the reference's i-th pair of samples differs, as options of the loss and a gap.
PAIRED = {
    "gan-qp": ({"scale": 10.0}, lambda i: 0.5 + 0.125 * i),
    "loss-sensitive": ({"margin": 1.0, "real_weight": 1.0}, lambda i: 0.25 + 0.5 * i),
    "loss-sensitive[nu=0.01]": (
        {"margin": 1.0, "real_weight": 1.0, "slope": 0.01},
        lambda i: 0.25 + 0.5 * i,
    ),
}


def assert_close(found, wanted, dtype):
    relative, absolute = TOLERANCES[dtype]
    wanted = torch.as_tensor(wanted, dtype=torch.float64)
    torch.testing.assert_close(found.detach().double(), wanted, rtol=relative, atol=absolute)


class Pairs:
    """A discriminator of samples 10 i (generated) and 10 i + gap (real), with chosen scores."""

    def __init__(self, real, fake, gap, dtype):
        self.real = torch.tensor(real, dtype=dtype, requires_grad=True)
        self.fake = torch.tensor(fake, dtype=dtype, requires_grad=True)
        self.fake_x = 10 * torch.arange(len(fake), dtype=dtype)
        self.real_x = self.fake_x + torch.tensor([gap(i) for i in range(len(real))], dtype=dtype)

    def __call__(self, x):
        i = (x / 10).floor().long()
        return torch.where(x > 10 * i, self.real[i], self.fake[i])


@every_dtype
@pytest.mark.parametrize("scores", ["moderate", "indifferent"])
@pytest.mark.parametrize("case", ["fisher", *PAIRED])
def test_scores(reference, case, scores, dtype):
    wanted = reference["scores"][case]["cases"][scores]
    options, gap = PAIRED.get(case, ({"rho": 0.01, "multiplier": 0.7}, lambda i: 1.0))
    loss = ganzoo.get_loss(case.partition("[")[0], **options)
    for player, letter in (("discriminator", "d"), ("generator", "g")):
        pairs = Pairs(wanted["real"], wanted["fake"], gap, dtype)
        value = getattr(loss, f"{player}_loss")(pairs, real=pairs.real_x, fake=pairs.fake_x)
        assert value.dtype == dtype
        assert_close(value, wanted[f"{letter}_loss"], dtype)
        gradients = torch.autograd.grad(value, (pairs.real, pairs.fake), materialize_grads=True)
        assert_close(gradients[0], wanted[f"{letter}_grad_real"], dtype)
        assert_close(gradients[1], wanted[f"{letter}_grad_fake"], dtype)


def assert_case(case, value, table, dtype, sign=1):
    """A value and its gradients by features against those of a case."""
    assert_close(sign * value, case["value"], dtype)
    leaves = {"real": table.real, "fake": table.fake}
    for name, wanted in case["grads"].items():
        leaf = leaves[name.removesuffix("_features")]
        (gradient,) = torch.autograd.grad(sign * value, leaf, retain_graph=True)
        assert_close(gradient, wanted, dtype)


@every_dtype
@pytest.mark.parametrize("estimator", ["unbiased", "biased"])
@pytest.mark.parametrize("name", ["mmd-rbf", "mmd-rq", "mmd-linear", "mmd-distance"])
def test_discrepancies(reference, played, name, estimator, dtype):
    case = reference["features"][f"{name}/{estimator}"]
    options = {"biased": estimator == "biased", "gradient_weight": 0.0, **case["params"]}
    loss = ganzoo.get_loss(name, **options)
    inputs = (case["inputs"]["real_features"], case["inputs"]["fake_features"])
    for player, sign in (("generator", 1), ("discriminator", -1)):
        assert_case(case, *played(loss, player, *inputs, dtype), dtype, sign)


@every_dtype
@pytest.mark.parametrize("name", ["mmd-repulsive", "mmd-repulsive-bounded"])
def test_repulsive_discriminators(reference, played, name, dtype):
    case = reference["features"][f"{name}/d"]
    inputs = (case["inputs"]["real_features"], case["inputs"]["fake_features"])
    assert_case(case, *played(ganzoo.get_loss(name), "discriminator", *inputs, dtype), dtype)


@pytest.mark.parametrize("name", ["mmd-repulsive", "mmd-repulsive-bounded"])
def test_repulsive_generators_have_the_discrepancy(played, numbers, name):
    real, fake = numbers(6, 3), numbers(5, 3, seed=1)
    plain = ganzoo.get_loss("mmd-rbf", sigmas=(1.0,), gradient_weight=0.0)
    value, _ = played(ganzoo.get_loss(name), "generator", real, fake)
    wanted, _ = played(plain, "generator", real, fake)
    assert value == wanted


@every_dtype
@pytest.mark.parametrize("moments", [1, 3])
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_sphere(reference, played, moments, player, dtype):
    case = reference["features"][f"sphere[{moments}]/{player[0]}"]
    inputs = (case["inputs"]["real"], case["inputs"]["fake"])
    loss = ganzoo.get_loss("sphere", moments=moments)
    assert_case(case, *played(loss, player, *inputs, dtype), dtype)


def triples(case, dtype):
    """A real and two generated rows of features at a time, leaves of one graph."""
    rows = {
        name: torch.tensor(case["inputs"][name], dtype=dtype, requires_grad=True)
        for name in ("real", "fake1", "fake2")
    }
    return rows, zip(*rows.values(), strict=True)


@every_dtype
def test_cramer_for_the_generator(reference, dtype):
    case = reference["features"]["cramer/g"]
    rows, each = triples(case, dtype)
    loss, values = ganzoo.get_loss("cramer", weight=0.0), []
    for x, one, other in each:
        real, fake = torch.stack([x, x]), torch.stack([one, other])
        values.append(loss.generator_loss(lambda t: t, fake=fake, real=real))
    value = torch.stack(values).mean()
    assert_close(value, case["value"], dtype)
    for name, wanted in case["grads"].items():
        assert_close(torch.autograd.grad(value, rows[name], retain_graph=True)[0], wanted, dtype)


@every_dtype
def test_cramer_for_the_discriminator(reference, dtype):
    case = reference["features"]["cramer/d"]
    rows, each = triples(case, dtype)
    values = [
        critic(one[None], other[None]) - critic(x[None], other[None]) for x, one, other in each
    ]
    value = torch.stack(values).mean()
    assert_close(value, case["value"], dtype)
    for name, wanted in case["grads"].items():
        assert_close(torch.autograd.grad(value, rows[name], retain_graph=True)[0], wanted, dtype)


def test_cramer_takes_every_two_generated_samples(played, numbers):
    real, fake = numbers(4, 3), numbers(5, 3, seed=1)
    value, _ = played(ganzoo.get_loss("cramer", weight=0.0), "discriminator", real, fake)
    each = [
        critic(fake[[i]], fake[[j]]).mean() - critic(real, fake[[j]]).mean()
        for i in range(5)
        for j in range(5)
        if i != j
    ]
    torch.testing.assert_close(value, torch.stack(each).mean(), rtol=1e-12, atol=0)
    rolled = [
        critic(fake[i][None], fake.roll(-k, 0)[i][None]) for k in range(1, 5) for i in range(5)
    ]
    wanted = torch.stack(rolled).mean() - critic(real, fake).mean()
    torch.testing.assert_close(value, wanted, rtol=1e-12, atol=0)


def test_the_multiplier_of_fisher(reference, played):
    sequence = reference["multiplier"]
    params = sequence["params"]
    loss = ganzoo.get_loss("fisher", rho=params["rho"], multiplier=params["lambda0"])
    for step in sequence["steps"]:
        scores = [math.sqrt(step["omega"])] * 3
        _, table = played(loss, "discriminator", scores, scores)
        loss.after_discriminator_step(table)
        assert loss.terms[0].multiplier.item() == pytest.approx(step["lambda_next"], abs=1e-15)


@pytest.mark.parametrize(("multiplier", "rho"), [(0.0, 1e-6), (0.7, 0.01), (-2.0, 3.0)])
def test_fisher_at_the_optimal_critic(reference, played, multiplier, rho):
    optimum = reference["discrete"]["fisher"]
    loss = ganzoo.get_loss("fisher", rho=rho, multiplier=multiplier)
    real, fake = optimum["real_logits"], optimum["fake_logits"]
    value, _ = played(loss, "discriminator", real, fake)
    assert value.item() == pytest.approx(optimum["d_loss"], rel=1e-10)
    assert value.item() == pytest.approx(-math.sqrt(2 * reference["discrete"]["triangular"]))


def test_no_critic_of_second_moment_1_does_better_than_fishers(reference, played, numbers):
    counts = [torch.tensor(reference["discrete"][f"{law}_counts"]) for law in "pq"]
    loss, best = ganzoo.get_loss("fisher"), reference["discrete"]["fisher"]["d_loss"]
    for seed in range(30):
        score = numbers(4, seed=seed)
        real, fake = (score.repeat_interleave(count) for count in counts)
        moment = (real.square().mean() + fake.square().mean()) / 2
        value, _ = played(loss, "discriminator", real / moment.sqrt(), fake / moment.sqrt())
        assert value.item() >= best - 1e-12
