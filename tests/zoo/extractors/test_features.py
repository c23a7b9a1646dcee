"""What the extractors have in common, and how much each of them sees."""

import pytest
import torch

from ganzoo.errors import BadOption, ShapeMismatch
from ganzoo.evaluate.extractor import Extractor
from ganzoo.zoo.datasets.digits import digits_split
from ganzoo.zoo.extractors import random_conv as random_conv_module
from ganzoo.zoo.extractors.digits import digits
from ganzoo.zoo.extractors.pixels import pixels
from ganzoo.zoo.extractors.random_conv import random_conv


def _frechet(p, q):
    """By singular values: exact for singular covariances too."""
    p, q = p.double(), q.double()
    P = (p - p.mean(0)) / (len(p) - 1) ** 0.5
    Q = (q - q.mean(0)) / (len(q) - 1) ** 0.5
    between = (p.mean(0) - q.mean(0)).square().sum()
    overlap = torch.linalg.svdvals(P @ Q.T).sum()
    return float(between + P.square().sum() + Q.square().sum() - 2 * overlap)


def test_extractors_differ_in_what_they_tell_from_gaussian_noise():
    images = digits_split()[0]
    one, other = images[:600], images[600:1200]
    generator = torch.Generator().manual_seed(0)
    flat = one.flatten(1).double()
    values, vectors = torch.linalg.eigh(flat.T.cov())
    normal = torch.randn(600, 64, generator=generator, dtype=torch.float64)
    noise = flat.mean(0) + (normal * values.clamp_min(0).sqrt()) @ vectors.T
    noise = (noise.clamp(-1, 1) * 8).round().div(8).float().view(-1, 1, 8, 8)
    ratio = {}
    for name, extractor in (("p", pixels()), ("r", random_conv()), ("d", digits())):
        real = extractor.features(other)
        floor = _frechet(extractor.features(one), real)
        ratio[name] = _frechet(extractor.features(noise), real) / floor
    assert ratio["p"] < 5
    assert ratio["r"] > 1.5 * ratio["p"]
    assert ratio["d"] > 2 * ratio["r"]


@pytest.mark.parametrize("make", [pixels, random_conv, digits])
def test_features_have_no_graph_and_are_rows(make):
    extractor = make()
    assert isinstance(extractor, Extractor)
    x = digits_split()[0][:6].requires_grad_()
    found = extractor.features(x)
    assert found.ndim == 2
    assert len(found) == 6
    assert found.dtype == torch.float32
    assert not found.requires_grad
    assert torch.equal(found, make().features(x))


def test_pixels_are_flattened():
    x = torch.randn(3, 2, 4, 4)
    assert torch.equal(pixels().features(x), x.view(3, 32))
    assert pixels().features(x.double()).dtype == torch.float64
    assert pixels().features(x.half()).dtype == torch.float32
    assert pixels().features(torch.zeros(2, 3, dtype=torch.int64)).dtype == torch.float32
    assert pixels().classes == 0
    with pytest.raises(TypeError, match="no classifier"):
        pixels().predict(x)


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (3, 17, 40), (4, 1, 1)])
def test_random_conv_takes_images_of_any_size(shape):
    x = torch.randn(5, *shape)
    found = random_conv().features(x)
    assert found.shape == (5, 224)
    assert torch.equal(found, random_conv(seed=0).features(x))
    assert not torch.allclose(found, random_conv(seed=1).features(x))


def test_random_conv_does_not_touch_the_global_generator():
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    random_conv().features(torch.zeros(1, 3, 8, 8))
    assert torch.equal(torch.rand(1), expected)


def test_random_conv_works_in_blocks(monkeypatch):
    x = torch.randn(9, 3, 8, 8)
    whole = random_conv().features(x)
    monkeypatch.setattr(random_conv_module, "_BLOCK", 32 * 64 * 2)
    assert torch.allclose(random_conv().features(x), whole, atol=1e-6)
    monkeypatch.setattr(random_conv_module, "_BLOCK", 1)
    assert torch.allclose(random_conv().features(x), whole, atol=1e-6)


def test_random_conv_refuses_points():
    with pytest.raises(ShapeMismatch, match="'pixels' takes"):
        random_conv().features(torch.zeros(4, 2))
    with pytest.raises(BadOption, match="seed=-1"):
        random_conv(seed=-1)
