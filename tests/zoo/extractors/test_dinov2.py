"""DINOv2 from files of weights in the true format, small and random."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo
from ganzoo.errors import BadData, BadOption


def test_dinov2_from_a_file(images, tmp_path, monkeypatch):
    from ganzoo.zoo.extractors import dinov2

    monkeypatch.setitem(dinov2.SIZES, "vits14", (32, 2, 4))
    torch.manual_seed(0)
    made = dinov2.VisionTransformer(32, 2, 4)
    weights = {**made.state_dict(), "mask_token": torch.zeros(1, 32)}
    assert {"cls_token", "pos_embed", "patch_embed.proj.weight", "blocks.1.attn.qkv.bias"} <= {
        *weights
    }
    assert {"blocks.0.ls2.gamma", "blocks.0.mlp.fc1.weight", "norm.weight"} <= {*weights}
    torch.nn.init.normal_(weights["pos_embed"])
    path = tmp_path / "dinov2_vits14_pretrain.pth"
    torch.save(weights, path)
    extractor = ganzoo.get_extractor("dinov2", path=path, size="vits14", pixels=28)
    found = extractor.features(images)
    assert found.shape == (6, 32)
    assert float((found[0] - found[1]).abs().max()) > 1e-4
    large = ganzoo.get_extractor("dinov2", path=tmp_path, size="vits14", pixels=518)
    assert large.features(images[:1]).shape == (1, 32)
    with pytest.raises(BadOption, match="one of vits14"):
        ganzoo.get_extractor("dinov2", size="vitg14")
    with pytest.raises(BadOption, match="multiple of 14"):
        ganzoo.get_extractor("dinov2", pixels=100)
    weights["pos_embed"] = weights["pos_embed"][:, :50]
    torch.save(weights, path)
    with pytest.raises(BadData, match="pos_embed is"):
        ganzoo.get_extractor("dinov2", path=path, size="vits14")


def test_a_file_of_code_is_refused(tmp_path):
    path = tmp_path / "dinov2_vitl14_pretrain.pth"
    torch.save(nn.Linear(2, 2), path)
    with pytest.raises(BadData, match="no file of weights alone"):
        ganzoo.get_extractor("dinov2", path=path)
    path.write_bytes(b"not weights")
    with pytest.raises(BadData, match="dinov2_vitl14_pretrain.pth"):
        ganzoo.get_extractor("dinov2", path=path)
