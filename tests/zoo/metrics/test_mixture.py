import math

import pytest
import torch

from ganzoo.errors import BadOption, Incompatible
from ganzoo.evaluate import Samples
from ganzoo.game.source import Mixture
from ganzoo.zoo.metrics.mixture import mode_kl, modes, quality


@pytest.fixture
def ring():
    angle = torch.arange(8) * math.pi / 4
    mixture = Mixture(2 * torch.stack([angle.cos(), angle.sin()], 1), 0.1)
    return lambda x: Samples(x, mixture=mixture)


def test_three_even_modes_of_eight(ring):
    x = ring(torch.zeros(1, 2)).mixture.centres[:3].repeat(100, 1)
    samples = ring(x)
    assert modes()(samples, samples) == 3
    assert quality()(samples, samples) == 1
    assert mode_kl()(samples, samples) == pytest.approx(math.log(8 / 3))


def test_all_samples_count_for_the_histogram(ring):
    """Blurred beyond the radius, they are of no quality and of no mode, yet evenly spread."""
    samples = ring(1.3 * ring(torch.zeros(1, 2)).mixture.centres.repeat(50, 1))
    assert (modes()(samples, samples), quality()(samples, samples)) == (0, 0)
    assert mode_kl()(samples, samples) == pytest.approx(0, abs=1e-15)
    assert quality(radius=6.5)(samples, samples) == 1
    assert modes(radius=6.5)(samples, samples) == 8


def test_two_radii_do_not_share_their_counts(ring):
    samples = ring(1.08 * ring(torch.zeros(1, 2)).mixture.centres)
    assert quality()(samples, samples) == 1
    assert quality(radius=1)(samples, samples) == 0


def test_errors(ring):
    plain = Samples(torch.randn(9, 2))
    with pytest.raises(Incompatible, match="energy-distance"):
        mode_kl()(plain, plain)
    for make in (lambda: modes(radius=0), lambda: quality(radius=-1), lambda: modes(share=-0.1)):
        with pytest.raises(BadOption):
            make()
