from __future__ import annotations

import pytest
import torch

from ganzoo import Incompatible, Objective
from ganzoo.terms import (
    R1,
    GradientPenalty,
    Wasserstein,
    gradient_of,
    outside_autocast,
    recording,
)


@pytest.mark.parametrize("mode", [torch.enable_grad, torch.no_grad, torch.inference_mode])
def test_gradients_can_be_taken_anywhere(mode):
    with mode():
        before = torch.is_grad_enabled()
        with recording():
            x = torch.ones(3, requires_grad=True)
            (slope,) = torch.autograd.grad((2 * x).sum(), x)
        assert torch.is_grad_enabled() == before
    assert slope.tolist() == [2, 2, 2]


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_a_measured_gradient_carries_no_graph(mode):
    critic = torch.nn.Linear(3, 1)
    with mode():
        slope = gradient_of(critic, torch.randn(2, 3))
    assert torch.equal(slope, critic.weight.detach().expand(2, 3))
    assert not slope.requires_grad
    assert critic.weight.grad is None


def test_outside_autocast_is_full_precision():
    x = torch.randn(2, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert (x @ x.T).dtype == torch.bfloat16
        with outside_autocast(x):
            assert (x @ x.T).dtype == torch.float32
    assert outside_autocast(x.to("meta")).__class__.__name__ == "nullcontext"


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("term", [R1(), GradientPenalty()])
def test_a_penalty_on_a_compiled_discriminator_says_what_works(term, in_place):
    discriminator = torch.nn.Linear(3, 1)
    compiled = torch.nn.Linear(3, 1)
    if in_place:
        compiled.compile(backend="eager")
    else:
        compiled = torch.compile(compiled, backend="eager")
    loss, x, y = Objective(Wasserstein(), term), torch.randn(4, 3), torch.randn(4, 3)
    with pytest.raises(Incompatible, match="leave the module as it is"):
        loss.discriminator_loss(compiled, x, y)
    with torch.no_grad():
        assert loss.discriminator_loss(compiled, x, y).isfinite()
    loss.generator_loss(compiled, y).backward()
    loss.discriminator_loss(discriminator, x, y).backward()
    assert discriminator.weight.grad is not None
