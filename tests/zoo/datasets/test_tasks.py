"""What every built-in source suggests can be built, and fits it."""

import pytest
import torch

from ganzoo.game import Stream
from ganzoo.train.settings import Settings
from ganzoo.zoo import plugin
from ganzoo.zoo.architectures.dcgan import dcgan
from ganzoo.zoo.architectures.infogan import infogan_conv
from ganzoo.zoo.architectures.mlp import mlp
from ganzoo.zoo.datasets.digits import digits, stacked_digits
from ganzoo.zoo.datasets.mixtures import grid25, ring8
from ganzoo.zoo.datasets.pictures import picture_source
from ganzoo.zoo.datasets.swissroll import swissroll
from ganzoo.zoo.extractors.digits import digits as digits_extractor
from ganzoo.zoo.extractors.digits import stacked_digits as stacked_extractor
from ganzoo.zoo.extractors.pixels import pixels
from ganzoo.zoo.extractors.random_conv import random_conv


def _pictures(channels, size):
    parts = [(torch.zeros(4, channels, size, size, dtype=torch.uint8), None) for _ in range(2)]
    return picture_source(*parts, classes=0, latent=64)


SOURCES = {
    "ring8": ring8,
    "grid25": grid25,
    "swissroll": swissroll,
    "digits": digits,
    "digits-28": lambda: digits(size=28),
    "stacked-digits": stacked_digits,
    "mnist": lambda: _pictures(1, 32),
    "cifar10": lambda: _pictures(3, 32),
    "images": lambda: _pictures(3, 64),
}
ARCHITECTURES = {"mlp": mlp, "dcgan": dcgan, "infogan-conv": infogan_conv}
EXTRACTORS = {
    "pixels": pixels,
    "digits": digits_extractor,
    "stacked-digits": stacked_extractor,
    "random-conv": random_conv,
}


@pytest.mark.parametrize("name", SOURCES)
def test_suggestions_fit(name):
    source = SOURCES[name]()
    Settings.of(source.task.settings)
    architecture = ARCHITECTURES[source.task.architecture](source.spec, **source.task.options)
    assert architecture.generator is not None
    assert architecture.discriminator is not None
    generator, discriminator = architecture.generator(), architecture.discriminator()
    x, _ = source.draw(4, Stream(0, "real"))
    fake = generator(torch.randn(4, source.spec.latent))
    assert fake.shape == x.shape
    assert discriminator(x).score.shape[0] == 4


@pytest.mark.parametrize("name", SOURCES)
def test_metrics_and_extractor_fit(name):
    source = SOURCES[name]()
    x, _ = source.held_out(4, Stream(0, "test"))
    extractor = EXTRACTORS[source.extractor]()
    assert extractor.features(x).shape[0] == 4
    entries = {entry.name: entry for entry in plugin.ganzoo_metrics()}
    needs = {need for metric in source.task.metrics for need in entries[metric].needs}
    assert "mixture" not in needs or source.mixture is not None
    assert "classifier" not in needs or extractor.classes == source.spec.classes
    assert entries[source.task.metrics[0]].ranks


def test_sizes_above_8_suit_convolutions():
    source = digits(size=16)
    architecture = dcgan(source.spec)
    assert architecture.discriminator is not None
    x, _ = source.draw(3, Stream(0, "real"))
    assert architecture.discriminator()(x).score.shape[0] == 3
