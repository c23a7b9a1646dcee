"""Gradient penalties through every built-in discriminator: the double backward is right."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.func import functional_call

from ganzoo.game import Game, Objective, Spec
from ganzoo.terms.constraint import SpectralNorm
from ganzoo.terms.gradient import R1, GradientPenalty
from ganzoo.zoo.architectures.activation import LeakyReLU
from ganzoo.zoo.architectures.dcgan import dcgan
from ganzoo.zoo.architectures.mlp import mlp
from ganzoo.zoo.architectures.resnet import resnet

CASES = [
    pytest.param(mlp, Spec((2,), 4), {"width": 8, "fourier": 3}, id="mlp"),
    pytest.param(mlp, Spec((2,), 4, 3), {"width": 8, "conditional": True}, id="mlp-labels"),
    pytest.param(dcgan, Spec((1, 16, 16), 4), {"width": 2}, id="dcgan"),
    pytest.param(dcgan, Spec((1, 16, 16), 4), {"width": 2, "discriminator_norm": "layer"}, id="ln"),
    pytest.param(dcgan, Spec((1, 16, 16), 4), {"width": 2, "discriminator_norm": "batch"}, id="bn"),
    pytest.param(resnet, Spec((1, 32, 32), 4), {"width": 2}, id="resnet"),
    pytest.param(resnet, Spec((1, 32, 32), 4, 3), {"width": 2, "conditional": True}, id="labels"),
    pytest.param(resnet, Spec((1, 32, 32), 4), {"width": 2, "spectral_norm": True}, id="sn"),
]


def case(build, spec, options):
    torch.manual_seed(0)
    discriminator = build(spec, **options).discriminator().double()
    x = torch.randn(3, *spec.shape, dtype=torch.float64)
    return discriminator, x, torch.arange(3) if spec.classes else None


def penalty(discriminator, x, y, parameters=None):
    x = x.detach().requires_grad_()
    score = (
        discriminator(x, y)
        if parameters is None
        else functional_call(discriminator, parameters, (x, y))
    ).score
    (gradient,) = torch.autograd.grad(score.sum(), x, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).square().mean()


@pytest.mark.parametrize(("build", "spec", "options"), CASES)
def test_penalty_reaches_the_weights(build, spec, options):
    discriminator, x, y = case(build, spec, options)
    loss = penalty(discriminator, x, y) + discriminator(x, y).score.mean()
    loss.backward()
    gradients = {name: p.grad for name, p in discriminator.named_parameters()}
    assert all(g is not None and g.isfinite().all() for g in gradients.values())
    discriminator.zero_grad()
    penalty(discriminator, x, y).backward()
    # A piecewise linear network: the biases do not reach the penalty, the weights do.
    moved = [n for n, p in discriminator.named_parameters() if p.grad is not None and p.grad.any()]
    assert any(name.startswith("head") for name in moved)
    assert len(moved) >= len(gradients) // 2


@pytest.mark.parametrize(("build", "spec", "options"), CASES)
def test_its_gradient_equals_finite_differences(build, spec, options):
    discriminator, x, y = case(build, spec, options)
    discriminator.eval()  # no power iteration, fixed batch statistics
    if options.get("discriminator_norm") == "batch":
        discriminator.train()
    torch.manual_seed(1)
    start = {name: p.detach() for name, p in discriminator.named_parameters()}
    leaves = {name: p.clone().requires_grad_() for name, p in start.items()}
    way = {name: torch.randn_like(p) * p.norm() / p.numel() ** 0.5 for name, p in start.items()}
    gradients = torch.autograd.grad(
        penalty(discriminator, x, y, leaves), list(leaves.values()), allow_unused=True
    )
    ours = sum(
        (g * way[name]).sum() for name, g in zip(leaves, gradients, strict=True) if g is not None
    )
    step = 1e-6
    ahead, behind = (
        penalty(discriminator, x, y, {n: p + sign * step * way[n] for n, p in start.items()})
        for sign in (1, -1)
    )
    torch.testing.assert_close(ours, (ahead - behind) / (2 * step), rtol=1e-5, atol=1e-9)


def plain(module):
    """The same network with torch's own activation."""
    for name, child in module.named_children():
        if isinstance(child, LeakyReLU):
            setattr(module, name, nn.LeakyReLU(child.slope))
        else:
            plain(child)
    return module


def test_lean_network_is_bit_equal_to_the_plain_one():
    spec, options = Spec((3, 16, 16), 4), {"width": 4}
    found = []
    for change in (lambda module: module, plain):
        discriminator, x, y = case(dcgan, spec, options)
        change(discriminator)
        loss = penalty(discriminator, x, y) + discriminator(x, y).score.mean()
        found.append(torch.autograd.grad(loss, list(discriminator.parameters())))
    assert any(isinstance(m, nn.LeakyReLU) for m in discriminator.modules())
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(*found, strict=True))


@pytest.mark.parametrize(
    ("build", "spec", "options"), [p for p in CASES if p.id not in ("bn", "sn")]
)
def test_functional_penalty_equals_the_eager_one(build, spec, options):
    discriminator, x, y = case(build, spec, options)
    leaves = dict(discriminator.named_parameters())

    def score(sample, label):
        labels = None if y is None else label[None]
        return functional_call(discriminator, leaves, (sample[None], labels)).score.sum()

    each = torch.func.vmap(torch.func.grad(score))(
        x, torch.zeros(3, dtype=torch.int64) if y is None else y
    )
    functional = (each.flatten(1).norm(dim=1) - 1).square().mean()
    torch.testing.assert_close(functional, penalty(discriminator, x, y))


@pytest.mark.parametrize(("build", "spec", "options"), CASES)
def test_a_turn_of_a_game(build, spec, options):
    objective = Objective(GradientPenalty(1.0), R1(0.1), SpectralNorm())
    game = Game.seat(build(spec, **options), objective, spec, seed=3)
    x = torch.randn(3, *spec.shape)
    labels = torch.arange(3) if spec.classes else None
    play = game.play(
        "discriminator",
        real_x=x,
        z=torch.randn(3, spec.latent),
        labels=labels,
        tracked=objective.tracked((0, 1, 2), "discriminator"),
    )
    loss = objective.loss(play, (0, 1, 2))
    movers = game.movers("discriminator", objective)
    gradients = torch.autograd.grad(loss, movers, allow_unused=True)
    assert loss.isfinite()
    assert any(g is not None and g.abs().sum() > 0 for g in gradients)
    assert all(g.isfinite().all() for g in gradients if g is not None)
