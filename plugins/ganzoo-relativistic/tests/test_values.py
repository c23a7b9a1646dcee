"""Every loss against the reference values: losses, all four gradients, optima."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo

PAIRED = ["rsgan", "rlsgan", "rhinge"]
NAMES = [*PAIRED, "ragan", "ralsgan", "rahinge", "rcgan", "rclsgan", "rchinge"]
CASES = [*NAMES, *(f"{name}[all-pairs]" for name in PAIRED)]
TOLERANCES = {torch.float64: 1e-10, torch.float32: 2e-5, torch.bfloat16: 2e-5, torch.float16: 2e-5}


@pytest.mark.parametrize("dtype", TOLERANCES, ids=str)
@pytest.mark.parametrize("scores", ["moderate", "indifferent"])
@pytest.mark.parametrize("case", CASES)
def test_values_and_gradients_are_the_reference(reference, played, case, scores, dtype):
    wanted = reference["cases"][case]["cases"][scores]
    loss = ganzoo.get_loss(reference["cases"][case]["loss"], **reference["cases"][case]["options"])
    near = {"rtol": TOLERANCES[dtype], "atol": TOLERANCES[dtype] * 1e-3}

    def close(found, key):
        expected = torch.tensor(wanted[key], dtype=torch.float64)
        torch.testing.assert_close(found.double(), expected, **near)

    for player, letter in (("discriminator", "d"), ("generator", "g")):
        value, table = played(loss, player, wanted["real"], wanted["fake"], dtype)
        assert value.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
        close(value.detach(), f"{letter}_loss")
        if dtype in (torch.float64, torch.float32):  # the others round the gradients
            real, fake = torch.autograd.grad(value, (table.real, table.fake))
            close(real, f"{letter}_grad_real")
            close(fake, f"{letter}_grad_fake")


@pytest.mark.parametrize("name", ["ragan", "ralsgan", "rahinge"])
def test_averages_have_factor_1_where_others_have_half(reference, played, name):
    case = reference["cases"][name]
    scores = case["cases"]["moderate"]
    for player in ("discriminator", "generator"):
        value, _ = played(ganzoo.get_loss(name), player, scores["real"], scores["fake"])
        assert value.item() == pytest.approx(2 * case["halved"][f"{player[0]}_loss"], rel=1e-9)


@pytest.fixture(scope="module")
def value_at(reference, played):
    """The discriminator's loss in expectation, for one score for each of the four atoms."""

    def value(name, scores, **options):
        p, q = (reference["optimum"][f"{law}_counts"] for law in "pq")
        real = [s for s, count in zip(scores, p, strict=True) for _ in range(count)]
        fake = [s for s, count in zip(scores, q, strict=True) for _ in range(count)]
        if name in PAIRED and not options:  # the product law, pair by pair
            real, fake = [r for r in real for _ in fake], fake * len(real)
        loss = ganzoo.get_loss(name, **options)
        return played(loss, "discriminator", real, fake)[0].item()

    return value


OPTIMA = ["rsgan", "rlsgan", "rhinge", "ragan", "ralsgan", "rahinge", "rcgan", "rclsgan"]


@pytest.mark.parametrize("name", OPTIMA)
def test_value_at_the_optimal_discriminator(reference, value_at, name):
    wanted = reference["optimum"]["losses"][name]
    assert value_at(name, wanted["scores"]) == pytest.approx(wanted["d_loss"], rel=1e-10)
    if name in PAIRED:
        every = value_at(name, wanted["scores"], pairs="all")
        assert every == pytest.approx(wanted["d_loss"], rel=1e-10)


@pytest.mark.parametrize("name", OPTIMA)
def test_no_other_discriminator_does_better(reference, value_at, name):
    wanted = reference["optimum"]["losses"][name]
    options = {"pairs": "all"} if name in PAIRED else {}
    draws = torch.randn(50, 4, generator=torch.Generator().manual_seed(0)).tolist()
    for scale in (1e-3, 1.0):
        for draw in draws:
            moved = [s + scale * d for s, d in zip(wanted["scores"], draw, strict=True)]
            assert value_at(name, moved, **options) >= wanted["d_loss"] - 1e-9


def test_closed_forms_of_the_docstrings(reference, value_at):
    optimum = reference["optimum"]
    delta = optimum["divergences"]["triangular"]
    p, q = (torch.tensor(optimum[f"{law}_counts"]) / 20 for law in "pq")
    pq, qp = torch.outer(p, q), torch.outer(q, p)
    middle = (pq + qp) / 2
    jsd = ((pq * (pq / middle).log()).sum() + (qp * (qp / middle).log()).sum()).item() / 2
    closed = {
        "rsgan": math.log(2) - jsd,
        "rlsgan": (2 - delta) / (2 + delta),
        "ralsgan": 2 * (2 - delta) / (2 + 3 * delta),
        "rclsgan": 2 - delta,
    }
    for name, value in closed.items():
        found = value_at(name, optimum["losses"][name]["scores"])
        assert found == pytest.approx(value, rel=1e-6), name


@pytest.mark.parametrize(
    ("name", "least"),
    [("rcgan", lambda d: 2 * math.log(2) - 2 * d["JSD"]), ("rchinge", lambda d: 2 - 2 * d["TV"])],
)
def test_centred_losses_stay_above_the_optimum_of_the_uncentred(reference, value_at, name, least):
    bound = least(reference["optimum"]["divergences"])
    draws = torch.randn(100, 4, generator=torch.Generator().manual_seed(1)) * 2
    assert min(value_at(name, draw) for draw in draws.double()) >= bound


@pytest.mark.parametrize("name", NAMES)
def test_where_the_laws_agree_a_constant_is_optimal(played, name):
    at = {"rsgan": math.log(2), "rlsgan": 1.0, "rhinge": 1.0}
    wanted = at.get(name, 2 * at["rsgan"] if name in ("ragan", "rcgan") else 2.0)
    options = {"pairs": "all"} if name in PAIRED else {}
    loss = ganzoo.get_loss(name, **options)

    def value(scores):
        return played(loss, "discriminator", scores, scores)[0].item()

    assert value([0.7] * 4) == pytest.approx(wanted)
    draws = torch.randn(30, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert all(value(draw) >= wanted - 1e-12 for draw in draws)
