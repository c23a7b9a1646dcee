"""The residual blocks are those of the papers, step by step."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from ganzoo.zoo.architectures.residual import ResidualDown, ResidualUp


def conv(x, layer):
    return functional.conv2d(x, layer.weight, layer.bias, padding=layer.weight.shape[-1] // 2)


@pytest.mark.parametrize("opening", [False, True])
@pytest.mark.parametrize("halving", [False, True])
@pytest.mark.parametrize("channels", [(3, 5), (4, 4)])
@pytest.mark.parametrize("norm", ["none", "layer"])
def test_down(channels, halving, opening, norm):
    torch.manual_seed(0)
    block = ResidualDown(*channels, halving=halving, opening=opening, norm=norm).double()
    x = torch.randn(2, channels[0], 8, 8, dtype=torch.float64)

    def normed(h):
        return functional.layer_norm(h, h.shape[1:]) if norm == "layer" else h

    h = conv(x if opening else functional.relu(normed(x)), block.first)
    h = conv(functional.relu(normed(h)), block.second)
    beside = x if block.shortcut is None else conv(x, block.shortcut)
    expected = functional.avg_pool2d(h + beside, 2) if halving else h + beside
    assert (block.shortcut is None) == (channels == (4, 4) and not halving)
    torch.testing.assert_close(block(x), expected, rtol=1e-10, atol=1e-12)


def test_up():
    torch.manual_seed(0)
    block = ResidualUp(3, 5).double()
    x = torch.randn(2, 3, 4, 4, dtype=torch.float64)

    def normed(h):
        return functional.batch_norm(h, None, None, training=True)

    def doubled(h):
        return functional.interpolate(h, scale_factor=2, mode="nearest")

    h = conv(doubled(functional.relu(normed(x))), block.first)
    h = conv(functional.relu(normed(h)), block.second)
    expected = h + conv(doubled(x), block.shortcut)
    torch.testing.assert_close(block(x), expected, rtol=1e-10, atol=1e-12)


def test_up_by_class():
    torch.manual_seed(0)
    block = ResidualUp(3, 5, classes=4).double()
    x = torch.randn(2, 3, 4, 4, dtype=torch.float64)
    with torch.no_grad():
        block.norm_first.gain.weight[:, 1] = torch.tensor([1.0, 2.0, 3.0])
        block.norm_first.shift.weight[:, 1] = torch.tensor([0.5, 0.0, -0.5])
    h = block.norm_first(x, torch.tensor([0, 1]))
    base = functional.batch_norm(x, None, None, training=True)
    torch.testing.assert_close(h[0], base[0])
    gain, shift = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([0.5, 0.0, -0.5])
    torch.testing.assert_close(h[1], base[1] * gain[:, None, None] + shift[:, None, None])
