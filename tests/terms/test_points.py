"""Points between real and generated samples."""

from __future__ import annotations

import pytest
import torch

from ganzoo import Incompatible, ShapeMismatch
from ganzoo.terms import interpolates


def test_interpolates_lie_on_the_segment_with_one_share_each():
    real, fake = torch.zeros(4, 2, 3), torch.ones(4, 2, 3)
    points = interpolates(real, fake, torch.tensor([0.0, 0.25, 0.5, 1.0]))
    assert torch.equal(points[:, 0, 0], torch.tensor([1.0, 0.75, 0.5, 0.0]))
    assert all(row.unique().numel() == 1 for row in points)
    with pytest.raises(ShapeMismatch, match=r"\(4, 2, 3\) and \(3, 2, 3\)"):
        interpolates(real, fake[:3], torch.zeros(4))


@pytest.mark.parametrize("kinds", [("uint8", "float32"), ("float32", "uint8"), ("uint8", "uint8")])
def test_interpolates_need_floating_point(kinds):
    real, fake = (torch.zeros(2, 3, dtype=getattr(torch, kind)) for kind in kinds)
    with pytest.raises(Incompatible, match=f"{kinds[0]} and torch.{kinds[1]}"):
        interpolates(real, fake, torch.zeros(2))  # a share of 0.25 would be 0 among integers
