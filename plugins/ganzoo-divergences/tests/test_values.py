"""Every loss against the reference values: losses, all gradients, what the optima are worth."""

from __future__ import annotations

import pytest
import torch

import ganzoo

CASES = [
    *("fgan-kl", "fgan-rkl", "fgan-pearson", "fgan-neyman", "fgan-hellinger", "fgan-jeffreys"),
    *("fgan-js", "fgan-gan", "fgan-js-weighted[0.3]", "fgan-tv", "fgan-triangular"),
    *("fgan-alpha[0.5]", "fgan-alpha[2]", "bgan", "lkgan", "softmax-gan", "kl-dv"),
    *("cumulant[0.5,0.5]", "cumulant[1,0.25]", "dual-contrastive"),
]
TOLERANCES = {torch.float64: 1e-10, torch.float32: 2e-5, torch.bfloat16: 2e-5, torch.float16: 2e-5}
PLAYERS = ["discriminator", "generator"]
every_precision = pytest.mark.parametrize("dtype", TOLERANCES, ids=str)


def assert_close(found, expected, dtype):
    near = {"rtol": TOLERANCES[dtype], "atol": TOLERANCES[dtype] * 1e-3}
    expected = torch.tensor(expected, dtype=torch.float64)
    torch.testing.assert_close(found.detach().double(), expected, **near)


def check(played, loss, player, scores, wanted, dtype):
    """``wanted``: the loss, and gradients by ``real`` and ``fake`` where they are known."""
    value, table = played(loss, player, *scores, dtype)
    assert value.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
    assert_close(value, wanted["loss"], dtype)
    known = [kind for kind in ("real", "fake") if wanted.get(kind) is not None]
    leaves = [getattr(table, kind) for kind in known]
    found = torch.autograd.grad(value, leaves, allow_unused=True)
    if dtype in (torch.float64, torch.float32):  # the others round the gradients
        for kind, gradient, leaf in zip(known, found, leaves, strict=True):
            assert_close(
                torch.zeros_like(leaf) if gradient is None else gradient, wanted[kind], dtype
            )


@every_precision
@pytest.mark.parametrize("scores", ["moderate", "indifferent"])
@pytest.mark.parametrize("case", CASES)
def test_values_and_gradients_are_the_reference(reference, played, case, scores, dtype):
    case = reference["cases"][case]
    known = case["cases"][scores]
    loss = ganzoo.get_loss(case["loss"], **case["options"])
    for player in PLAYERS:
        letter = player[0]
        wanted = {"loss": known[f"{letter}_loss"]}
        wanted |= {kind: known.get(f"{letter}_grad_{kind}") for kind in ("real", "fake")}
        check(played, loss, player, (known["real"], known["fake"]), wanted, dtype)


def test_no_case_is_left_out(reference):
    assert set(CASES) == set(reference["cases"])
    assert {f.entry.name for f in _own()} - {reference["cases"][c]["loss"] for c in CASES} == {
        *("alpha-loss", "renyigan", "kl-wgan"),  # without reference values: test_identities.py
        *("d2gan", "realness"),  # below
    }


def _own():
    every = ganzoo.registry.entries("losses")
    return [found for found in every if found.distribution == "ganzoo-divergences"]


@every_precision
@pytest.mark.parametrize("case", [case for case in CASES if case.startswith("fgan")])
def test_the_nonsaturating_generator(reference, played, case, dtype):
    case = reference["cases"][case]
    loss = ganzoo.get_loss(case["loss"], **case["options"], generator="nonsaturating")
    for known in case["cases"].values():
        wanted = {"loss": known["g_ns_loss"], "fake": known["g_ns_grad_fake"]}
        scores = known["real"], known["fake"]
        check(played, loss, "generator", scores, wanted, dtype)
        wanted = {"loss": known["d_loss"], "fake": known["d_grad_fake"]}
        check(played, loss, "discriminator", scores, wanted, dtype)


@pytest.mark.parametrize("case", [case for case in CASES if case.startswith("fgan")])
def test_the_two_parts_of_an_fgan(reference, case):
    known = reference["cases"][case]
    loss = ganzoo.get_loss(known["loss"], **known["options"])
    for scores in known["cases"].values():
        for kind in ("real", "fake"):
            given = torch.tensor(scores[kind], dtype=torch.float64)
            part = getattr(loss.terms[0], kind)(given).mean()
            assert_close(part, scores[f"d_loss_{kind}"], torch.float64)


@pytest.mark.parametrize(
    ("case", "dtype"),
    [
        *[("moderate", dtype) for dtype in TOLERANCES],
        *[(f"extreme{n}", d) for n in ("50", "1e4") for d in (torch.float64, torch.float32)],
    ],
    ids=str,
)
def test_d2gan_on_two_columns(reference, played, case, dtype):
    known = reference["features"][f"d2gan/{case}"]
    given = {key: torch.tensor(row, dtype=torch.float64) for key, row in known["inputs"].items()}
    scores = [torch.stack([given[f"v1_{k}"], given[f"v2_{k}"]], 1) for k in ("real", "fake")]
    loss = ganzoo.get_loss("d2gan", alpha=0.2, beta=0.1)
    for player in PLAYERS:
        grads = known[f"{player[0]}_grads"]
        wanted = {"loss": known[f"{player[0]}_loss"]}
        for kind in ("real", "fake"):
            if f"v1_{kind}" in grads:
                columns = zip(grads[f"v1_{kind}"], grads[f"v2_{kind}"], strict=True)
                wanted[kind] = [list(row) for row in columns]
        check(played, loss, player, scores, wanted, dtype)


@every_precision
@pytest.mark.parametrize(
    ("case", "generator"), [("relativistic", "relativistic"), ("anchor", "anchor")]
)
def test_realness_on_columns(reference, played, case, generator, dtype):
    for player, key in (("discriminator", "d"), ("generator", f"g-{case}")):
        known = reference["features"][f"realness/{key}"]
        given = known["inputs"]
        loss = ganzoo.get_loss(
            "realness",
            generator=generator,
            anchor_real=given["anchor_real"],
            anchor_fake=given["anchor_fake"],
        )
        wanted = {"loss": known["value"]}
        wanted |= {kind: known["grads"].get(f"{kind}_logits") for kind in ("real", "fake")}
        check(played, loss, player, (given["real_logits"], given["fake_logits"]), wanted, dtype)


OPTIMA = [*(case for case in CASES if case not in ("lkgan", "dual-contrastive")), "d2gan"]


@pytest.mark.parametrize("case", OPTIMA)
def test_value_at_the_reference_optimum(reference, value_at, case):
    known = reference["optimum"]["losses"][case]
    name, options = case, {"alpha": 0.2, "beta": 0.1}
    if case != "d2gan":
        name, options = (reference["cases"][case][key] for key in ("loss", "options"))
    pairs = [*zip(known.get("v1", []), known.get("v2", []), strict=True)]
    scores = known.get("scores", pairs)
    found = value_at(name, scores, **options)
    assert found == pytest.approx(known["d_loss"], rel=1e-10)
    if "g_loss" in known:
        found = value_at(name, scores, "generator", **options)
        assert found == pytest.approx(known["g_loss"], rel=1e-10)


def test_every_reference_optimum_is_checked(reference):
    assert set(OPTIMA) == set(reference["optimum"]["losses"])
