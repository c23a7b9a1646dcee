"""What the built-in networks refuse, and what they say then."""

from __future__ import annotations

import pytest

from ganzoo.errors import BadOption, Incompatible
from ganzoo.game import Spec
from ganzoo.zoo.architectures.dcgan import channel_plan, dcgan
from ganzoo.zoo.architectures.mlp import mlp
from ganzoo.zoo.architectures.resnet import resnet

POINTS, SMALL, LARGE = Spec((2,), 4), Spec((3, 16, 16), 8), Spec((3, 32, 32), 8)


@pytest.mark.parametrize(
    ("build", "spec", "options", "says"),
    [
        (mlp, POINTS, {"width": 0}, "width=0: a whole number, at least 1"),
        (mlp, POINTS, {"depth": 0}, "depth=0: a whole number, at least 1"),
        (mlp, POINTS, {"depth": 2.5}, "depth=2.5: a whole number"),
        (mlp, POINTS, {"depth": True}, "depth=True: a whole number"),
        (mlp, POINTS, {"discriminator_width": -3}, "discriminator_width=-3"),
        (mlp, POINTS, {"discriminator_depth": 0}, "discriminator_depth=0"),
        (mlp, POINTS, {"fourier": -1}, "fourier=-1: a whole number, at least 0"),
        (mlp, POINTS, {"fourier_scale": float("inf")}, "fourier_scale=inf: a finite number"),
        (mlp, POINTS, {"fourier_scale": "x"}, "fourier_scale='x': a number"),
        (mlp, POINTS, {"bias_range": -1.0}, "bias_range=-1.0"),
        (mlp, POINTS, {"conditional": 1}, "conditional=1: True or False"),
        (dcgan, SMALL, {"conditional": "both"}, "'both': True or False.*'generator', 'concat'"),
        (dcgan, SMALL, {"width": 0}, "width=0"),
        (dcgan, SMALL, {"discriminator_norm": "lager"}, "'none', 'layer', 'batch'.*mean 'layer'"),
        (resnet, LARGE, {"discriminator_norm": "group"}, "'none', 'layer', 'batch'"),
        (resnet, LARGE, {"spectral_norm": "yes"}, "spectral_norm='yes': True or False"),
        (resnet, LARGE, {"width": 1}, "width=1: a whole number, at least 2"),
    ],
)
def test_bad_options(build, spec, options, says):
    with pytest.raises(BadOption, match=says):
        build(spec, **options)


@pytest.mark.parametrize(
    "shape", [(2,), (3, 16), (3, 16, 8), (1, 28, 28), (3, 4, 4), (3, 256, 256)]
)
def test_dcgan_names_the_shapes_it_makes(shape):
    with pytest.raises(Incompatible, match=r"8, 16, 32, \.\.\. 128;.*'mlp' takes any shape"):
        dcgan(Spec(shape, 8))


@pytest.mark.parametrize("shape", [(2,), (1, 16, 16), (3, 48, 48), (3, 32, 64)])
def test_resnet_names_the_shapes_it_makes(shape):
    with pytest.raises(Incompatible, match=r"32, 64, 128, \.\.\.;.*'mlp' takes any shape"):
        resnet(Spec(shape, 8))


@pytest.mark.parametrize("how", [True, "generator", "projection"])
@pytest.mark.parametrize(("build", "spec"), [(mlp, POINTS), (dcgan, SMALL), (resnet, LARGE)])
def test_conditional_needs_classes(build, spec, how):
    with pytest.raises(Incompatible, match="these data have no classes"):
        build(spec, conditional=how)


def test_options_are_keyword_only():
    with pytest.raises(TypeError):
        mlp(POINTS, 64)


def test_channels_double_up_to_eight_times():
    assert channel_plan(8, 64) == [64]
    assert channel_plan(64, 64) == [64, 128, 256, 512]
    assert channel_plan(128, 10) == [10, 20, 40, 80, 80]
