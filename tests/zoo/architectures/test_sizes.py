"""The networks are as large as those of the papers."""

from __future__ import annotations

from ganzoo.game import Spec
from ganzoo.zoo.architectures.dcgan import dcgan
from ganzoo.zoo.architectures.infogan import infogan_conv
from ganzoo.zoo.architectures.resnet import resnet


def parameters(build):
    network = build()
    return sum(p.numel() for p in network.parameters())


def conv(channels_in, channels_out, kernel=3):
    return channels_in * channels_out * kernel**2 + channels_out


def test_resnet_is_as_large_as_that_of_the_paper():
    # arXiv 1802.05957, table 4: three doubling blocks of 256; four blocks of 128, the first
    # two of them halving
    up = 2 * conv(256, 256) + conv(256, 256, 1) + 2 * 2 * 256
    generator = 129 * 256 * 16 + 3 * up + 2 * 256 + conv(256, 3)
    opening = conv(3, 128) + conv(128, 128) + conv(3, 128, 1)
    discriminator = opening + 6 * conv(128, 128) + conv(128, 128, 1) + 129
    architecture = resnet(Spec((3, 32, 32), 128))
    assert parameters(architecture.generator) == generator
    assert parameters(architecture.discriminator) == discriminator


def test_dcgan_is_as_large_as_that_of_the_paper():
    # 512, 256, 128 and 64 channels, no biases beside batch norm
    plan = [512, 256, 128, 64]
    pairs = zip(plan, [*plan[1:], 3], strict=True)
    generator = 100 * 512 * 16 + 16 * sum(a * b for a, b in pairs) + 3 + 2 * sum(plan)
    layers = zip([3, *plan[:0:-1]], plan[::-1], strict=True)
    kernels = 16 * sum(a * b for a, b in layers)
    discriminator = kernels + 64 + 2 * (128 + 256 + 512) + 512 * 16 + 1
    architecture = dcgan(Spec((3, 64, 64), 100), discriminator_norm="batch")
    assert parameters(architecture.generator) == generator
    assert parameters(architecture.discriminator) == discriminator


def test_infogan_is_as_large_as_that_of_the_paper():
    # 74 = 62 + 10 + 2; no biases beside batch norm
    generator = 74 * 1024 + 2 * 1024 + 1024 * 6272 + 2 * 6272 + 16 * 128 * 64 + 2 * 64 + 16 * 64 + 1
    kernels = 16 * 64 + 64 + 16 * 64 * 128 + 2 * 128
    discriminator = kernels + 6272 * 1024 + 2 * 1024 + 1025
    architecture = infogan_conv(Spec((1, 28, 28), 74), discriminator_norm="batch")
    assert parameters(architecture.generator) == generator
    assert parameters(architecture.discriminator) == discriminator
