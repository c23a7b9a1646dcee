"""Autoencoders for discriminators."""

from __future__ import annotations

import pytest
import torch

import ganzoo

POINTS = ganzoo.Spec((2,), 4, 5)
IMAGES = ganzoo.Spec((3, 16, 16), 8, 5)


def labels(count, classes=5):
    return torch.arange(count) % classes


@pytest.mark.parametrize(
    ("name", "spec", "options", "code"),
    [
        ("mlp-ae", POINTS, {"width": 8}, 2),
        ("mlp-ae", IMAGES, {"width": 8, "depth": 1}, 64),
        ("mlp-ae", ganzoo.Spec((1, 8, 8), 4), {"code": 5}, 5),
        ("conv-ae", IMAGES, {"width": 4}, 64),
        ("conv-ae", ganzoo.Spec((1, 8, 8), 4), {"width": 4}, 16),
        ("conv-ae", ganzoo.Spec((1, 32, 32), 4), {"width": 4, "code": 7}, 7),
    ],
)
def test_they_provide_a_reconstruction_a_code_and_a_score(name, spec, options, code):
    networks = ganzoo.get_architecture(name, spec, **options)
    discriminator = networks.discriminator()
    x = torch.randn(6, *spec.shape)
    output = discriminator(x)
    assert discriminator.provides == {"score", "features", "reconstruction"}
    assert output.reconstruction.shape == x.shape
    assert output.features.shape == (6, code)
    assert discriminator.feature_dim == code
    # the more like itself a sample is remade, the more real it looks
    error = (output.reconstruction - x).square().flatten(1).mean(1)
    torch.testing.assert_close(output.score, -error)
    # no batch statistics: a sample is judged as it would be alone
    torch.testing.assert_close(discriminator(x[:1]).score, output.score[:1], rtol=1e-4, atol=1e-5)
    assert networks.generator()(torch.randn(6, spec.latent)).shape == x.shape


@pytest.mark.parametrize(("name", "spec"), [("mlp-ae", POINTS), ("conv-ae", IMAGES)])
def test_every_parameter_learns(name, spec):
    discriminator = ganzoo.get_architecture(name, spec, width=4).discriminator()
    discriminator(torch.randn(6, *spec.shape)).score.mean().backward()
    assert all(p.grad is not None and p.grad.any() for p in discriminator.parameters())


@pytest.mark.parametrize(
    ("name", "spec"), [("mlp-ae", POINTS), ("mlp-ae", IMAGES), ("conv-ae", IMAGES)]
)
def test_labels_join_the_sample_and_the_code(name, spec):
    networks = ganzoo.get_architecture(name, spec, width=8, conditional=True)
    discriminator, generator = networks.discriminator(), networks.generator()
    assert discriminator.provides >= {"labels", "concat"}
    assert generator.conditional
    x = torch.randn(6, *spec.shape)
    one, other = discriminator(x, labels(6)), discriminator(x, (labels(6) + 1) % 5)
    assert not torch.equal(one.features, other.features)
    assert not torch.equal(one.reconstruction, other.reconstruction)
    with pytest.raises(ganzoo.Incompatible, match="labels"):
        discriminator(x)


def test_labels_can_be_the_generators_alone():
    networks = ganzoo.get_architecture("mlp-ae", POINTS, conditional="generator")
    discriminator, x = networks.discriminator(), torch.randn(6, 2)
    assert networks.generator().conditional
    assert "labels" not in discriminator.provides
    assert torch.equal(discriminator(x, labels(6)).score, discriminator(x).score)


def test_the_other_networks_are_those_of_another_architecture():
    networks = ganzoo.get_architecture(
        "conv-ae", IMAGES, width=4, generator="mlp", generator_options={"width": 6, "depth": 1}
    )
    assert networks.generator()(torch.randn(2, 8)).shape == (2, 3, 16, 16)
    assert type(networks.generator()).__name__ == "MLPGenerator"
    assert networks.encoder is not None
    networks = ganzoo.get_architecture(
        "conv-ae", ganzoo.Spec((1, 28, 28), 8), width=4, generator="mlp"
    )
    assert networks.discriminator()(torch.randn(2, 1, 28, 28)).features.shape == (2, 64)


@pytest.mark.parametrize("shape", [(2,), (1, 8, 16), (1, 9, 9), (1, 6, 6)])
def test_images_that_do_not_fit_are_named(shape):
    with pytest.raises(ganzoo.Incompatible, match="even side.*'mlp-ae' takes any shape"):
        ganzoo.get_architecture("conv-ae", ganzoo.Spec(shape, 4), generator="mlp")


@pytest.mark.parametrize(
    "options",
    [{"width": 0}, {"depth": 0}, {"code": -1}, {"conditional": "projection"}],
)
def test_options_out_of_range_say_what_would_work(options):
    with pytest.raises(ganzoo.BadOption, match="at least|one of"):
        ganzoo.get_architecture("mlp-ae", POINTS, **options)


def test_labels_without_classes_do_not_fit():
    with pytest.raises(ganzoo.Incompatible, match="classes"):
        ganzoo.get_architecture("mlp-ae", ganzoo.Spec((2,), 4), conditional=True)


@pytest.mark.parametrize("name", ["hinge", "wgan-gp"])
def test_they_play_any_other_loss(name, train):
    run = train(name, "ring8", steps=3, batch=8, report_every=1)
    assert run.status == "finished"
