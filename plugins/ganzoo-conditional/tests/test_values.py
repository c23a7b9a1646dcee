"""Every term against the reference values, with its gradients."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo

NEAR = {"rtol": 1e-10, "atol": 1e-13}


@pytest.fixture
def case(reference):
    """case(name): the reference, and its inputs as leaves."""

    def load(name):
        found = reference["features"][name]
        inputs = {
            key: torch.tensor(value, dtype=torch.float64, requires_grad=True)
            for key, value in found["inputs"].items()
            if key not in ("labels", "code_discrete")
        }
        return found, inputs

    return load


def assert_reference(value, found, inputs):
    wanted = torch.tensor(found["value"], dtype=torch.float64)
    torch.testing.assert_close(value.detach(), wanted, **NEAR)
    for name, expected in found["grads"].items():
        (gradient,) = torch.autograd.grad(value, inputs[name], retain_graph=True)
        expected = torch.tensor(expected, dtype=torch.float64)
        torch.testing.assert_close(gradient, expected, **NEAR)


CLASSIFIERS = {
    "acgan": lambda i: (i["cls_real"], i["cls_fake"]),
    "tac-gan": lambda i: (
        torch.cat([i["cls_real"], torch.zeros_like(i["cls_real"])], 1),
        torch.cat([i["cls_fake"], i["mi_fake"]], 1),
    ),
    "adc-gan": lambda i: (i["cls2_real"], i["cls2_fake"]),
    "mhgan": lambda i: (i["logits_real"], i["logits_fake"]),
}


@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifiers(name, player, case, played, bare):
    found, inputs = case(f"{name}/{player[0]}")
    if name == "mhgan":
        # the reference weighs the hinge with 1, and leaves matching out
        (term,) = ganzoo.get_loss(name, generator_weight=1.0, matching=0.0).terms
    else:
        term = ganzoo.get_term(name)
    real, fake = CLASSIFIERS[name](inputs)
    play = played(player, real, fake, found["inputs"]["labels"])
    assert_reference(getattr(bare(term), player)(play), found, inputs)


class Given(nn.Module):
    """Embeddings and proxies that are given."""

    def __init__(self, embedded, proxies):
        super().__init__()
        self.pair = embedded, proxies

    def forward(self, features, labels):
        return self.pair


@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize("name", ["contragan", "reacgan"])
def test_contrasts(name, player, case, played):
    found, inputs = case(name)
    options = {"temperature": found["params"]["temperature"]}
    if name == "reacgan":
        options["margin"] = found["params"]["m_p"]
    term = ganzoo.get_term(name, **options)
    term.head = Given(inputs["embed"], inputs["proxy"])
    some = torch.zeros(6, 2, dtype=torch.float64)
    value = getattr(term, player)(played(player, some, some, found["inputs"]["labels"]))
    assert_reference(value, found, inputs)


def test_reacgan_is_not_what_a_peer_computes(reference):
    found = reference["features"]["reacgan"]
    assert all(abs(v - found["value"]) > 0.5 for v in found["common_mistakes"].values())


def test_projection(case):
    """The discriminators that the networks are built with, on features and weights of the
    reference; psi is linear in 5 features, and so can be anything at 6 samples."""
    found, inputs = case("projection")
    features, psi = inputs["features"].detach(), inputs["psi"].detach()
    spec = ganzoo.Spec((2,), 4, 4)
    networks = ganzoo.get_architecture("mlp", spec, width=5, depth=1, conditional="projection")
    head = networks.discriminator().double().head
    solved = torch.linalg.solve(torch.cat([features, torch.ones_like(psi)[:, None]], 1), psi)
    with torch.no_grad():
        head.score.weight.copy_(solved[:5])
        head.score.bias.copy_(solved[5])
        head.labels.weight.copy_(inputs["embedding"].T)
    score = head(features, torch.tensor(found["inputs"]["labels"])).score
    wanted = torch.tensor(found["logits"], dtype=torch.float64)
    torch.testing.assert_close(score.detach(), wanted, **NEAR)


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_information(player, case, played, bare):
    found, inputs = case("infogan/mi")
    term = bare(ganzoo.get_term("infogan", categories=3, unit_variance=False))
    term.prior = ganzoo.WithCode(ganzoo.Normal(0), categories=(3,), continuous=2)
    chosen = nn.functional.one_hot(torch.tensor(found["inputs"]["code_discrete"]), 3)
    z = torch.cat([chosen.double(), inputs["code_continuous"].detach()], 1)
    features = torch.cat([inputs["q_logits"], inputs["q_mu"], inputs["q_logvar"]], 1)
    play = played(player, features, features, z=z)
    assert_reference(getattr(term, player)(play), found, inputs)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", ["acgan", "tac-gan", "adc-gan", "contragan", "reacgan"])
def test_features_in_half_precision_give_the_float32_value(name, dtype, played):
    term = ganzoo.get_term(name).build(4, 3)
    # eighths: the same number in half precision
    features = (torch.arange(24).reshape(6, 4) % 7).float() / 8
    labels = [0, 1, 2, 0, 1, 2]
    for player in ("discriminator", "generator"):
        exact = getattr(term, player)(played(player, features, features, labels))
        half = features.to(dtype)
        value = getattr(term, player)(played(player, half, half, labels))
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, exact)
