import pytest
import torch

from ganzoo.errors import BadOption
from ganzoo.evaluate.levels import to_levels


@pytest.mark.parametrize("levels", [2, 17, 256])
def test_real_values_stay_as_they_are(levels):
    pixels = torch.arange(levels, dtype=torch.float32)
    real = pixels / ((levels - 1) / 2) - 1
    assert torch.equal(to_levels(real, levels), real)
    assert to_levels(torch.linspace(-1, 1, 5000), levels).unique().tolist() == real.tolist()


def test_eight_bit_images_get_the_bits_that_loading_gives():
    loaded = torch.arange(256, dtype=torch.uint8).float().div_(127.5).sub_(1.0)
    noise = 0.9 / 255 * (2 * torch.rand(256, generator=torch.Generator().manual_seed(0)) - 1)
    assert torch.equal(to_levels(loaded + noise, 256), loaded)


def test_clamped_and_no_nan_is_hidden():
    x = torch.tensor([-7.0, 0.01, 1.2, torch.nan], dtype=torch.float64, requires_grad=True)
    found = to_levels(x, 3)
    assert found[:3].tolist() == [-1, 0, 1]
    assert bool(found[3].isnan())
    assert not found.requires_grad


def test_one_level_is_none():
    with pytest.raises(BadOption, match="levels=1"):
        to_levels(torch.zeros(1), 1)
