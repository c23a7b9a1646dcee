import torch

from ganzoo.zoo.datasets import pictures
from ganzoo.zoo.datasets.pictures import picture_source, resized


def test_resizing_keeps_what_is_constant_and_works_in_blocks(monkeypatch):
    grey = torch.arange(10, dtype=torch.uint8).view(10, 1, 1, 1).mul(25).expand(10, 3, 9, 7)
    whole = resized(grey, 5)
    assert whole.shape == (10, 3, 5, 5)
    assert torch.equal(whole, grey[:, :, :5, :5])
    monkeypatch.setattr(pictures, "_BLOCK", 3)
    assert torch.equal(resized(grey, 5), whole)


def test_resizing_averages_when_it_shrinks():
    stripes = torch.zeros(1, 1, 16, 16, dtype=torch.uint8)
    stripes[..., ::2] = 200
    small = resized(stripes, 4)
    assert (small[..., 1:3].float() - 100).abs().max() <= 15
    assert resized(stripes, 16) is stripes


def test_a_source_without_labels():
    x = torch.zeros(4, 3, 8, 8, dtype=torch.uint8)
    source = picture_source((x, None), (x, None), classes=0, latent=7)
    assert source.spec.latent == 7
    assert source.spec.classes == 0
    assert source.train_labels is None
