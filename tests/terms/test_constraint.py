from __future__ import annotations

import pytest
import torch

from ganzoo import BadOption
from ganzoo.terms import SpectralNorm, WeightClip


def test_spectral_norm_bounds_every_layer():
    net = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3), torch.nn.Flatten(), torch.nn.Linear(4 * 36, 3)
    )
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=3.0)
    SpectralNorm().normalise(net)
    for _ in range(50):
        net(torch.randn(2, 1, 8, 8))
    net.eval()
    for layer in (net[0], net[2]):
        largest = torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item()
        assert largest == pytest.approx(1.0, abs=0.02)


def test_a_layer_is_normalised_once():
    layer = torch.nn.Linear(3, 3)
    SpectralNorm().normalise(layer)
    SpectralNorm(iterations=3).normalise(layer)
    assert len(layer.parametrizations.weight) == 1


def test_bad_options():
    with pytest.raises(BadOption, match="limit"):
        WeightClip(0)
    with pytest.raises(BadOption, match="iterations"):
        SpectralNorm(iterations=0)
