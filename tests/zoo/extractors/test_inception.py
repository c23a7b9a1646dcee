"""Inception as FID knows it, with random weights: its pools, its resizing, its two files."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo
from ganzoo.errors import BadData
from ganzoo.zoo.extractors.resizing import bytes_of, resize_as_tensorflow


def test_resizing_as_tensorflow_1():
    """Without half a pixel's shift: the first pixel stays, the last is repeated."""
    x = torch.tensor([0.0, 10.0, 40.0]).expand(1, 1, 3, 3)
    found = resize_as_tensorflow(x, 6)[0, 0]
    assert found[0].tolist() == pytest.approx([0, 5, 10, 25, 40, 40])
    assert torch.equal(resize_as_tensorflow(x, 3), x)
    assert resize_as_tensorflow(x.mT, 2)[0, 0, :, 0].tolist() == pytest.approx([0, 25])


def test_bytes():
    x = torch.tensor([-1.5, -1.0, 0.0, 0.999, 1.0, 3.0])
    assert bytes_of(x).tolist() == [0, 0, 128, 255, 255, 255]


def test_inception_from_the_cache(images, tmp_path):
    from ganzoo.zoo.extractors.inception import NAMES, network

    torch.manual_seed(0)
    made = network()
    weights = made.state_dict()
    shapes = {name: tuple(value.shape) for name, value in weights.items()}
    assert shapes["Conv2d_1a_3x3.conv.weight"] == (32, 3, 3, 3)
    assert shapes["Mixed_5b.branch_pool.conv.weight"] == (32, 192, 1, 1)
    assert shapes["Mixed_7c.branch3x3dbl_3b.bn.running_var"] == (384,)
    assert shapes["fc.weight"] == (1008, 2048)
    assert not [name for name in shapes if name.startswith("AuxLogits")]
    path = tmp_path / "hub" / "checkpoints" / NAMES[0]
    torch.save({name: value.half() for name, value in weights.items()}, path)
    extractor = ganzoo.get_extractor("inception")
    found = extractor.features(images[:2])
    assert found.shape == (2, 2048)
    assert float(found.min()) >= 0
    laws = extractor.probabilities(images[:2])
    assert laws.shape == (2, 1008)
    assert torch.equal(extractor.predict(images[:2]), laws.argmax(1))
    resized = (resize_as_tensorflow(bytes_of(images[:2]).float(), 299) - 128) / 128
    with torch.no_grad():
        assert torch.allclose(extractor.network(resized), found, rtol=1e-4)
    weights.pop("fc.bias")
    torch.save(dict(weights), path)
    with pytest.raises(BadData, match=r"fc\.bias is absent"):
        ganzoo.get_extractor("inception")


def test_inceptions_pools_leave_out_the_border():
    from ganzoo.zoo.extractors.inception import network

    made = network()
    seen = []
    for block in (made.Mixed_5b, made.Mixed_6b, made.Mixed_7b, made.Mixed_7c):
        hook = block.branch_pool.register_forward_pre_hook(lambda _, x: seen.append(x[0]))
        with torch.no_grad():
            channels = block.branch_pool.conv.in_channels
            block(torch.arange(25.0).view(1, 1, 5, 5).expand(1, channels, 5, 5))
        hook.remove()
    # Twice each: torchvision's own pool, whose result is dropped, and ours. 3: of 0, 1, 5, 6.
    assert [float(x[0, 0, 0, 0]) for x in seen[1::2]] == [3, 3, 3, 6]


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_inception_by_a_script(images, tmp_path):
    class Script(nn.Module):
        def forward(self, x, return_features: bool = False, no_output_bias: bool = False):
            assert x.dtype == torch.uint8
            pooled = x.float().mean((2, 3))
            return pooled if return_features else pooled.softmax(1)

    path = tmp_path / "inception-2015-12-05.pt"
    torch.jit.script(Script()).save(str(path))
    extractor = ganzoo.get_extractor("fid", path=tmp_path)
    assert torch.equal(extractor.features(images), bytes_of(images).float().mean((2, 3)))
    assert extractor.probabilities(images).sum(1).tolist() == pytest.approx([1] * 6)
