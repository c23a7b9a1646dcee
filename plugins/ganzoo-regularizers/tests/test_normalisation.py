"""Gradient normalisation as a function: compiled, and mapped over seeds."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo
from ganzoo.recipe import train_seeds

SETTINGS = {"steps": 6, "batch": 8, "architecture": "mlp(width=8)"}


@pytest.mark.parametrize("added", [["gn"], ["gn", "r1"]])
def test_a_compiled_turn_is_the_turn(added):
    torch.manual_seed(0)
    critic = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
    loss = ganzoo.get_loss("hinge", add=added)
    real, fake = torch.randn(5, 3), torch.randn(5, 3)

    def turn(real, fake):
        return loss.discriminator_loss(critic, real, fake)

    found = []
    for run in (turn, torch.compile(turn, backend="aot_eager", fullgraph=True)):
        critic.zero_grad()
        value = run(real, fake)
        value.backward()
        found.append([value.detach(), *(weight.grad.clone() for weight in critic.parameters())])
    torch.testing.assert_close(found[0], found[1])


def test_seeds_at_once_are_the_seeds_alone():
    alone = [ganzoo.train("hinge", "ring8", add=["gn"], seed=seed, **SETTINGS) for seed in (0, 1)]
    both = train_seeds("hinge", "ring8", add=["gn"], seeds=2, **SETTINGS)
    for one, other in zip(alone, both, strict=True):
        torch.testing.assert_close(one.sample(4), other.sample(4), rtol=1e-3, atol=1e-4)
