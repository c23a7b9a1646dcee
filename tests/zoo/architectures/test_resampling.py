"""Merged convolutions are the two steps they stand for."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from ganzoo.zoo.architectures.resampling import PooledConv2d, UpsampledConv2d, halve


def conv(x, layer):
    return functional.conv2d(x, layer.weight, layer.bias, padding=1)


def doubled(x):
    return functional.interpolate(x, scale_factor=2, mode="nearest")


CASES = [
    pytest.param(PooledConv2d, lambda x, m: functional.avg_pool2d(conv(x, m), 2), id="pooled"),
    pytest.param(UpsampledConv2d, lambda x, m: conv(doubled(x), m), id="upsampled"),
]


def with_penalty(layer, function):
    torch.manual_seed(0)
    x = torch.randn(2, 3, 6, 6, dtype=torch.float64, requires_grad=True)
    out = function(x)
    (slope,) = torch.autograd.grad(out.sin().sum(), x, create_graph=True)
    return [out, *torch.autograd.grad(slope.square().sum(), [x, layer.weight, layer.bias])]


@pytest.mark.parametrize(("kind", "steps"), CASES)
def test_same_values_and_second_order_gradients(kind, steps):
    torch.manual_seed(1)
    layer = kind(3, 5).double()
    merged = with_penalty(layer, layer)
    apart = with_penalty(layer, lambda x: steps(x, layer))
    for ours, theirs in zip(merged, apart, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("kind", "steps"), CASES)
def test_channels_last_and_parameters_of_a_3_by_3(kind, steps):
    layer = kind(3, 5).to(memory_format=torch.channels_last)
    assert {name: tuple(p.shape) for name, p in layer.named_parameters()} == {
        "weight": (5, 3, 3, 3),
        "bias": (5,),
    }
    x = torch.randn(2, 3, 8, 8).to(memory_format=torch.channels_last)
    assert layer(x).is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(layer(x), steps(x, layer), rtol=1e-4, atol=1e-5)


def test_spectral_norm_reaches_the_merged_weight():
    layer = nn.utils.parametrizations.spectral_norm(PooledConv2d(3, 5).double()).eval()
    x = torch.randn(2, 3, 8, 8, dtype=torch.float64)
    expected = functional.avg_pool2d(conv(x, layer), 2)
    assert layer.parametrizations.weight.original.shape == (5, 3, 3, 3)
    torch.testing.assert_close(layer(x), expected)


def test_halve_is_average_pooling_without_a_graph_of_its_input():
    x = torch.randn(2, 3, 8, 4, dtype=torch.float64, requires_grad=True)
    torch.testing.assert_close(halve(x), functional.avg_pool2d(x, 2), rtol=1e-14, atol=1e-14)
    (share,) = torch.autograd.grad(halve(x).sum(), x, create_graph=True)
    assert not share.requires_grad
    torch.testing.assert_close(share, torch.full_like(x, 0.25))


def test_halve_under_functional_transforms():
    x = torch.randn(3, 2, 4, 4, dtype=torch.float64)
    gradient = torch.func.vmap(torch.func.grad(lambda s: halve(s[None]).square().sum()))(x)
    torch.testing.assert_close(gradient, doubled(halve(x)) / 2)
