"""Who knows the labels, by the option ``conditional``, and how the discriminator takes them in."""

from __future__ import annotations

import pytest
import torch

from ganzoo import Incompatible, Spec
from ganzoo.zoo.architectures.dcgan import dcgan
from ganzoo.zoo.architectures.infogan import infogan_conv
from ganzoo.zoo.architectures.labels import Labelling, labelling, with_planes
from ganzoo.zoo.architectures.mlp import mlp
from ganzoo.zoo.architectures.resnet import resnet

BUILDS = [
    pytest.param(mlp, Spec((2,), 4, 3), {"width": 8}, id="mlp"),
    pytest.param(dcgan, Spec((1, 8, 8), 4, 3), {"width": 4}, id="dcgan"),
    pytest.param(infogan_conv, Spec((1, 8, 8), 4, 3), {"width": 2, "hidden": 8}, id="infogan-conv"),
    pytest.param(resnet, Spec((3, 32, 32), 4, 3), {"width": 2}, id="resnet"),
]
every_build = pytest.mark.parametrize(("build", "spec", "options"), BUILDS)


def parts(build, spec, options, how):
    torch.manual_seed(0)
    architecture = build(spec, conditional=how, **options)
    made = architecture.generator(), architecture.discriminator(), architecture.encoder()
    return [part.double().eval() for part in made]


@pytest.mark.parametrize(
    ("how", "known"),
    [
        (False, Labelling(0, 0, 0)),
        ("generator", Labelling(3, 0, 0)),
        ("concat", Labelling(3, 3, 0)),
        ("projection", Labelling(3, 0, 3)),
        (True, Labelling(3, 0, 3)),
    ],
)
def test_who_knows_the_labels(how, known):
    assert labelling(Spec((2,), 4, 3), how, usual="projection") == known


@every_build
def test_labels_for_all_but_the_discriminator(build, spec, options):
    generator, discriminator, _ = parts(build, spec, options, "generator")
    assert generator.conditional
    assert discriminator.provides == {"score", "features"}
    x, y = torch.randn(4, *spec.shape, dtype=torch.float64), torch.arange(4) % 3
    assert torch.equal(discriminator(x, y).score, discriminator(x).score)
    with pytest.raises(Incompatible, match="call it with labels"):
        generator(torch.randn(4, 4, dtype=torch.float64))


@every_build
@pytest.mark.parametrize("how", ["concat", "projection"])
def test_labels_at_the_input_and_on_the_features(build, spec, options, how):
    _, discriminator, _ = parts(build, spec, options, how)
    assert discriminator.provides == {"score", "features", "labels", how}
    x, y = torch.randn(4, *spec.shape, dtype=torch.float64), torch.arange(4) % 3
    one, other = discriminator(x, y), discriminator(x, (y + 1) % 3)
    assert (one.score - other.score).abs().min() > 1e-9
    # joined labels reach the features, projected ones do not
    assert torch.equal(one.features, other.features) == (how == "projection")
    with pytest.raises(Incompatible, match="call it with labels"):
        discriminator(x)


@every_build
def test_encoders_see_the_labels(build, spec, options):
    *_, encoder = parts(build, spec, options, "generator")
    *_, blind = parts(build, spec, options, False)
    x, y = torch.randn(4, *spec.shape, dtype=torch.float64), torch.arange(4) % 3
    one, other = encoder(x, y), encoder(x, (y + 1) % 3)
    assert (one[0] - other[0]).abs().amax(1).min() > 1e-9
    assert encoder.conditional
    assert not blind.conditional
    assert torch.equal(blind(x, y)[0], blind(x)[0])
    with pytest.raises(Incompatible, match="call it with labels"):
        encoder(x)


@every_build
def test_projection_is_an_inner_product_with_the_features(build, spec, options):
    _, discriminator, _ = parts(build, spec, options, "projection")
    x, y = torch.randn(4, *spec.shape, dtype=torch.float64), torch.arange(4) % 3
    output = discriminator(x, y)
    head = discriminator.head
    plain = head.score(output.features).squeeze(1)
    moved = (head.labels.weight.t()[y] * output.features).sum(1)
    torch.testing.assert_close(output.score, plain + moved, rtol=1e-12, atol=1e-12)


def test_planes():
    x = torch.zeros(2, 1, 2, 3)
    joined = with_planes(x, torch.tensor([2, 0]), 3)
    assert joined.shape == (2, 4, 2, 3)
    assert joined.mean((2, 3)).tolist() == [[0, 0, 0, 1], [0, 1, 0, 0]]
    assert with_planes(x, None, 0) is x
