"""The Coulomb GAN: the potential of charges."""

from __future__ import annotations

from functools import partial

import pytest
import torch

import ganzoo
from ganzoo_probability_metrics import kernels
from ganzoo_probability_metrics.coulomb import potentials


def charge(a, b, epsilon=0.5, power=2.0):
    return ((a - b).square().sum() + epsilon**2) ** (-power / 2)


KERNEL = partial(kernels.plummer, epsilon=0.5, power=2.0)


def test_potentials_charge_by_charge(numbers):
    real, fake = numbers(4, 3), numbers(3, 3, seed=1)
    at_real, at_fake = potentials(KERNEL, real, fake)
    for i, a in enumerate(real):
        others = [charge(a, b) for j, b in enumerate(real) if j != i]
        wanted = sum(others) / 3 - sum(charge(a, b) for b in fake) / 3
        torch.testing.assert_close(at_real[i], wanted, rtol=1e-12, atol=0)
    for i, a in enumerate(fake):
        others = [charge(a, b) for j, b in enumerate(fake) if j != i]
        wanted = sum(charge(a, b) for b in real) / 4 - sum(others) / 2
        torch.testing.assert_close(at_fake[i], wanted, rtol=1e-12, atol=1e-15)


def test_the_fields_energy_is_a_discrepancy(numbers):
    real, fake = numbers(6, 3), numbers(5, 3, seed=1)
    at_real, at_fake = potentials(KERNEL, real, fake)
    wanted = kernels.mmd_squared(KERNEL, real, fake)
    torch.testing.assert_close(at_real.mean() - at_fake.mean(), wanted, rtol=1e-10, atol=0)


def test_the_optimal_discriminator_is_the_potential(numbers):
    real, fake = numbers(6, 2), numbers(5, 2, seed=1)
    kernel = partial(kernels.plummer, epsilon=1.0, power=1.0)
    best = dict(zip("rf", potentials(kernel, real, fake), strict=True))

    def judge(x):
        return best["r" if len(x) == 6 else "f"]

    loss = ganzoo.get_loss("coulomb")
    assert loss.discriminator_loss(judge, real=real, fake=fake).item() == 0
    value = loss.discriminator_loss(lambda x: judge(x) + 0.1, real=real, fake=fake)
    assert value.item() == pytest.approx(0.01)
    g = loss.generator_loss(judge, fake=fake, real=real)
    torch.testing.assert_close(g, -best["f"].mean())


def test_patches_all_learn_the_potential_of_their_sample(numbers):
    real, fake = numbers(4, 8), numbers(4, 8, seed=1)
    loss = ganzoo.get_loss("coulomb")

    def patches(x):
        return x.reshape(-1, 1, 2, 4)

    value = loss.discriminator_loss(patches, real=real, fake=fake)
    columns = [loss.discriminator_loss(lambda x, k=k: x[:, k], real, fake) for k in range(8)]
    torch.testing.assert_close(value, torch.stack(columns).mean(), rtol=1e-12, atol=0)
