"""Multipliers, directions: what a loss learns goes on after a checkpoint."""

from __future__ import annotations

import pytest
import torch

import ganzoo


@pytest.mark.parametrize("name", ["fisher", "sobolev", "mcgan", "san"])
def test_state_and_parameters_go_on_after_a_checkpoint(numbers, tmp_path, name):
    options = {"rho": 0.1} if name in ("fisher", "sobolev") else {"features": 3}

    def steps(loss, first, last):
        values = []
        for step in range(first, last):
            real, fake = numbers(5, 3, seed=step), numbers(5, 3, seed=-step - 1)
            value = loss.discriminator_loss(torch.nn.Identity(), real=real, fake=fake)
            values.append(value.item())
            own = [*loss.parameters()]
            if own:
                for parameter, slope in zip(own, torch.autograd.grad(value, own), strict=True):
                    parameter.data -= 0.1 * slope
            loss.after_discriminator_step(torch.nn.Identity())
        return values

    def fresh(seed):
        torch.manual_seed(seed)
        return ganzoo.get_loss(name, **options).double()

    whole = steps(fresh(0), 0, 6)
    before = fresh(0)
    steps(before, 0, 3)
    torch.save(before.state_dict(), tmp_path / "state.pt")
    after = fresh(1)
    after.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True), strict=True)
    assert steps(after, 3, 6) == whole[3:]
