"""The losses against the reference values, and at the optimal energy."""

from __future__ import annotations

import pytest
import torch

import ganzoo

LOSSES = {
    "ebgan[m=2]": ("ebgan", {"margin": 2.0, "pull_away": 0.0}),
    "ebgan[m=10]": ("ebgan", {"margin": 10.0, "pull_away": 0.0}),
    "began[k=0.3]": ("began", {"k": 0.3}),
}
TOLERANCES = {torch.float64: 1e-10, torch.float32: 2e-5, torch.bfloat16: 2e-5, torch.float16: 2e-5}


def build(case, **options):
    name, own = LOSSES[case]
    return ganzoo.get_loss(name, **own, **options)


@pytest.mark.parametrize("dtype", TOLERANCES, ids=str)
@pytest.mark.parametrize("energies", ["moderate", "indifferent"])
@pytest.mark.parametrize("case", LOSSES)
def test_values_and_gradients_are_the_reference(reference, table, played, case, energies, dtype):
    wanted = reference["pointwise"][case][energies]
    near = {"rtol": TOLERANCES[dtype], "atol": TOLERANCES[dtype] * 1e-3}

    def close(found, key):
        expected = torch.tensor(wanted[key], dtype=torch.float64)
        torch.testing.assert_close(found.double(), expected, **near)

    for player, letter, leaves in (
        ("discriminator", "d", ("real", "fake")),
        ("generator", "g", ("fake",)),
    ):
        judge = table(wanted["real"], wanted["fake"], dtype)
        value = played(build(case), player, judge)
        assert value.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
        close(value.detach(), f"{letter}_loss")
        if dtype in (torch.float64, torch.float32):  # the others round the gradients
            gradients = torch.autograd.grad(value, [getattr(judge, leaf) for leaf in leaves])
            for leaf, gradient in zip(leaves, gradients, strict=True):
                close(gradient, f"{letter}_grad_{leaf}")


@pytest.mark.parametrize("case", LOSSES)
def test_an_autoencoder_whose_errors_they_are_has_the_same_values(reference, table, played, case):
    wanted = reference["pointwise"][case]["moderate"]
    loss = build(case, energy="l1")
    for player, letter in (("discriminator", "d"), ("generator", "g")):
        judge = table(wanted["real"], wanted["fake"], rebuilding=True)
        value = played(loss, player, judge)
        assert value.item() == pytest.approx(wanted[f"{letter}_loss"], rel=1e-10)
        (gradient,) = torch.autograd.grad(value, judge.fake)
        expected = torch.tensor(wanted[f"{letter}_grad_fake"], dtype=torch.float64)
        torch.testing.assert_close(gradient, expected, rtol=1e-10, atol=1e-13)


@pytest.fixture(scope="module")
def value_at(table, played):
    def value(margin, real, fake):
        loss = ganzoo.get_loss("ebgan", margin=margin, pull_away=0)
        return played(loss, "discriminator", table(real, fake)).item()

    return value


@pytest.mark.parametrize(("case", "margin"), [("ebgan[m=2]", 2.0), ("ebgan[m=10]", 10.0)])
def test_the_optimal_energy_of_ebgan_gives_the_total_variation(reference, value_at, case, margin):
    wanted = reference["optimum"][case]
    found = value_at(margin, wanted["real_logits"], wanted["fake_logits"])
    assert found == pytest.approx(wanted["d_loss"], rel=1e-10)
    assert found == pytest.approx(margin * (1 - reference["total_variation"]), rel=1e-10)


def test_no_other_energy_does_better(value_at):
    p, q, best = (10, 6, 3, 1), (2, 4, 6, 8), torch.tensor([0.0, 0.0, 2.0, 2.0])

    def value(energies):
        samples = [
            [e for e, n in zip(energies, law, strict=True) for _ in range(n)] for law in (p, q)
        ]
        return value_at(2.0, *samples)

    optimum = value(best)
    draws = torch.rand(100, 4, generator=torch.Generator().manual_seed(0))
    assert all(value((best + 3 * (draw - 0.5)).clamp_min(0)) >= optimum for draw in draws)
    assert all(value(4 * draw) >= optimum for draw in draws)


def test_where_the_laws_agree_the_value_is_the_margin(value_at):
    draws = 3 * torch.rand(20, 5, generator=torch.Generator().manual_seed(0))
    assert value_at(3.0, draws[0], draws[0]) == pytest.approx(3.0)
    assert all(value_at(2.0, draw, draw) >= 2.0 - 1e-6 for draw in draws)


def test_the_hinge_is_per_sample():
    # one energy far above the margin must not pay for one below it
    def judge(x):
        return x[:, 0]

    loss = ganzoo.get_loss("ebgan", margin=1.0, pull_away=0)
    real, fake = torch.zeros(2, 1), torch.tensor([[0.0], [5.0]])
    assert loss.discriminator_loss(judge, real, fake).item() == pytest.approx(0.5)


def test_magan_is_ebgan_while_the_margin_stays(table, played):
    energies = 2 * torch.rand(2, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for player in ("discriminator", "generator"):
        magan = played(ganzoo.get_loss("magan", margin=1.0), player, table(*energies))
        ebgan = ganzoo.get_loss("ebgan", margin=1.0, pull_away=0)
        assert magan == played(ebgan, player, table(*energies))
