"""Packs, in a training loop of one's own."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo


def test_a_discriminator_that_nobody_packed_is_refused():
    network, x = nn.Sequential(nn.Linear(2, 1)), torch.zeros(4, 2)
    loss = ganzoo.get_loss("hinge", add=["pacgan(samples=2)"])
    with pytest.raises(ganzoo.Incompatible, match=r"was not packed.*pack\(D, shape\)"):
        loss.discriminator_loss(network, x, x)
    assert ganzoo.get_loss("hinge", add=["pacgan(samples=1)"]).generator_loss(network, x).ndim == 0
    loss.terms[-1].pack(network, (2,))
    assert loss.discriminator_loss(network, x, x).ndim == 0
