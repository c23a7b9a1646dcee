"""Samples in all formats, and what is said of bad ones."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from ganzoo.errors import BadData, BadOption, MissingData
from ganzoo.recipe.samples import read_samples


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), dtype=np.uint8)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pictures" / "below").mkdir(parents=True)
    return tmp_path / "pictures"


def written(folder, arrays):
    for number, array in enumerate(arrays):
        Image.fromarray(array).save(folder / f"{number:02}.png")
    return folder


def test_every_format_gives_the_same(tmp_path, pixels, folder):
    first = torch.from_numpy(pixels).permute(0, 3, 1, 2)
    expected = first.float() / 127.5 - 1
    np.save(tmp_path / "a.npy", pixels)
    np.savez(tmp_path / "b.npz", samples=pixels, other=np.zeros(3))
    save_file({"fake": first.contiguous()}, tmp_path / "c.safetensors")
    torch.save(first, tmp_path / "d.pt")
    torch.save({"x": expected, "step": 3}, tmp_path / "e.pth")
    np.save(tmp_path / "f.npy", expected.numpy().astype(np.float64))
    for place in (*sorted(tmp_path.glob("?.*")), written(folder, pixels)):
        kept = read_samples(place)
        assert torch.allclose(kept.x.float(), expected, atol=1e-6), place
        assert kept.levels == (0 if place.name[0] in "ef" else 256)
        assert kept.notes == []


def test_points_and_grey_images(tmp_path, pixels):
    np.save(tmp_path / "points.npy", np.arange(12.0).reshape(6, 2))
    assert read_samples(tmp_path / "points.npy").x.dtype == torch.float64
    np.save(tmp_path / "grey.npy", pixels[..., 0])
    assert read_samples(tmp_path / "grey.npy").x.shape == (6, 1, 8, 8)


@pytest.mark.parametrize(("scale", "word"), [(1.0, "0 .. 1"), (255.0, "0 .. 255")])
def test_floats_of_another_range_are_noted(tmp_path, scale, word):
    x = np.linspace(0, scale, 2 * 48).reshape(2, 3, 4, 4)
    np.save(tmp_path / "x.npy", x)
    kept = read_samples(tmp_path / "x.npy")
    assert float(kept.x.min()) == -1
    assert float(kept.x.max()) == pytest.approx(1)
    assert f"taken for {word}" in kept.notes[0]


def test_broken_samples_are_left_out_and_counted(tmp_path):
    x = np.ones((9, 2))
    x[[4, 7], 1] = np.nan, np.inf
    np.save(tmp_path / "x.npy", x)
    kept = read_samples(tmp_path / "x.npy")
    assert len(kept.x) == 7
    assert "2 of 9 samples" in kept.notes[0]
    assert "first in sample 4" in kept.notes[0]
    np.save(tmp_path / "x.npy", x[3:5])
    with pytest.raises(BadData, match="1 usable samples.*1 of 2 samples"):
        read_samples(tmp_path / "x.npy")


def test_unreadable_pictures_are_named(folder, pixels):
    written(folder, pixels)
    (folder / "below" / "torn.png").write_bytes((folder / "00.png").read_bytes()[:60])
    (folder / "words.jpg").write_text("no picture")
    kept = read_samples(folder)
    assert len(kept.x) == 6
    assert "2 of 8 pictures" in kept.notes[0]
    assert "below/torn.png" in kept.notes[0]
    assert "words.jpg" in kept.notes[0]


def test_mixed_sizes_and_modes(folder, pixels):
    written(folder, [*pixels[:3], pixels[3][:6], pixels[4][..., 0]])
    with pytest.raises(BadData, match=r"2 sizes: 4 of 8 x 8, 1 of 8 x 6\. size=8"):
        read_samples(folder)
    kept = read_samples(folder, size=4)
    assert kept.x.shape == (5, 3, 4, 4)
    assert "4 RGB, 1 L" in kept.notes[0]
    (folder / "03.png").unlink()
    kept = read_samples(folder)
    assert kept.x.shape == (4, 3, 8, 8)
    assert "taken for colour" in kept.notes[0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.npy", b"nothing", "cannot be read"),
        ("x.npz", b"nothing", "cannot be read"),
        ("x.safetensors", b"nothing", "cannot be read"),
        ("x.pt", b"nothing", "cannot be read"),
        ("x.csv", b"1,2", "ends in none of"),
    ],
)
def test_files_that_are_none(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadData, match=message):
        read_samples(tmp_path / name)


def test_nothing_is_unpickled(tmp_path):
    torch.save(nn.Linear(1, 1), tmp_path / "x.pt")
    with pytest.raises(BadData, match="x.pt cannot be read"):
        read_samples(tmp_path / "x.pt")
    np.save(tmp_path / "x.npy", np.array([{}, {}], dtype=object), allow_pickle=True)
    with pytest.raises(BadData, match="x.npy cannot be read"):
        read_samples(tmp_path / "x.npy")


def test_other_errors(tmp_path, folder):
    with pytest.raises(MissingData, match="holds no pictures"):
        read_samples(folder)
    with pytest.raises(MissingData, match="neither a folder nor a file"):
        read_samples(tmp_path / "absent")
    with pytest.raises(BadOption, match="size=-1"):
        read_samples(folder, size=-1)
    np.save(tmp_path / "x.npy", np.ones(3))
    with pytest.raises(BadData, match=r"holds \(3,\)"):
        read_samples(tmp_path / "x.npy")
    np.savez(tmp_path / "y.npz", a=np.ones((3, 2)), b=np.ones((3, 2)))
    with pytest.raises(BadData, match="arrays a, b; which"):
        read_samples(tmp_path / "y.npz")
    torch.save([1], tmp_path / "z.pt")
    with pytest.raises(BadData, match="holds a list"):
        read_samples(tmp_path / "z.pt")
