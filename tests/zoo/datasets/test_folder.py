import warnings

import pytest
import torch
from PIL import Image

from ganzoo.errors import BadData, BadOption, MissingData
from ganzoo.game import Stream
from ganzoo.zoo.datasets import folder
from ganzoo.zoo.datasets.folder import images


def _save(path, colour, size=(20, 20), mode="RGB", **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path, **options)


@pytest.fixture
def classes(tmp_path):
    for number in range(12):
        _save(tmp_path / "cats" / f"{number}.png", (255, 10 * number, 0))
        _save(tmp_path / "dogs" / "old" / f"{number}.JPG", (0, 10 * number, 255), quality=95)
    return tmp_path


def test_class_folders_give_labels(classes):
    source = images(root=classes, size=16)
    assert source.spec.shape == (3, 16, 16)
    assert source.spec.classes == 2
    assert source.train.dtype == torch.uint8
    assert source.levels == 256
    x, labels = source.draw(len(source.train), Stream(0, "real"))
    assert x.min() >= -1
    assert x.max() <= 1
    # Cats are red and dogs are blue.
    assert torch.equal(x[:, 2, 8, 8] > 0, labels.bool())
    assert len(source.train) + len(source.test) == 24
    assert labels.dtype == torch.int64


def test_split_does_not_depend_on_the_other_files(classes):
    before = images(root=classes, size=4, test_share=0.3)
    held_out = {tuple(row) for row in before.test.flatten(1).tolist()}
    assert not held_out & {tuple(row) for row in before.train.flatten(1).tolist()}
    (classes / "cats" / "0.png").unlink()
    _save(classes / "cats" / "new.png", (9, 9, 9))
    after = images(root=classes, size=4, test_share=0.3)
    changed = held_out ^ {tuple(row) for row in after.test.flatten(1).tolist()}
    assert len(changed) <= 2
    again = images(root=str(classes), size=4, test_share=0.3)
    assert torch.equal(again.test, after.test)


def test_a_flat_folder_has_no_labels(tmp_path):
    for number in range(5):
        _save(tmp_path / f"{number}.png", (0, 0, 0))
    source = images(root=tmp_path, size=4)
    assert source.spec.classes == 0
    assert source.draw(3, Stream(0, "real"))[1] is None
    assert len(source.test) >= 1
    _save(tmp_path / "more" / "6.png", (0, 0, 0))
    with pytest.warns(UserWarning, match="5 pictures lie beside the folders more"):
        assert images(root=tmp_path, size=4).spec.classes == 0


def test_one_folder_is_no_class(tmp_path):
    for number in range(3):
        _save(tmp_path / "all" / f"{number}.png", (0, 0, 0))
    assert images(root=tmp_path, size=4).spec.classes == 0


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_the_centre_is_cropped(tmp_path, ending):
    for number in range(2):
        picture = Image.new("RGB", (600, 200), (255, 0, 0))
        picture.paste((0, 255, 0), (200, 0, 400, 200))
        picture.save(tmp_path / f"{number}.{ending}", quality=95)
    x = images(root=tmp_path, size=10).train[0].int()
    assert x[0, :, 1:-1].max() < 20
    assert x[1, :, 1:-1].min() > 235


def test_resizing_is_antialiased(tmp_path):
    picture = Image.new("RGB", (128, 128))
    for column in range(0, 128, 2):
        picture.paste((255, 255, 255), (column, 0, column + 1, 128))
    for number in range(2):
        picture.save(tmp_path / f"{number}.png")
    x = images(root=tmp_path, size=8).train.float()
    assert (x[..., 1:-1] - 127.5).abs().max() < 10


def test_orientation_and_modes(tmp_path):
    upright = Image.new("RGB", (8, 8), (255, 0, 0))
    upright.paste((0, 0, 255), (0, 4, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    upright.rotate(180).save(tmp_path / "turned.png", exif=exif)
    upright.save(tmp_path / "upright.png")
    source = images(root=tmp_path, size=8)
    assert torch.equal(source.train, source.test)
    _save(tmp_path / "grey.png", 77, mode="L")
    _save(tmp_path / "clear.png", (1, 2, 3, 128), mode="RGBA")
    _save(tmp_path / "palette.gif", 0, mode="P")
    source = images(root=tmp_path, size=8)
    assert len(source.train) + len(source.test) == 5
    every = torch.cat([source.train, source.test])[:, :, 0, 0].tolist()
    assert [77, 77, 77] in every


def test_unreadable_files_are_named_and_left_out(classes):
    (classes / "cats" / "broken.png").write_bytes(b"\x89PNG nothing of the kind")
    whole = (classes / "dogs" / "old" / "3.JPG").read_bytes()
    (classes / "dogs" / "half.jpg").write_bytes(whole[: len(whole) // 2])
    (classes / "notes.txt").write_text("no picture")
    (classes / "cats" / "._hidden.png").write_bytes(b"")
    with pytest.warns(UserWarning, match=r"2 of 26 .*cats/broken.png \(.*dogs/half.jpg \("):
        source = images(root=classes, size=16)
    assert len(source.train) + len(source.test) == 24
    x, labels = source.draw(len(source.train), Stream(0, "real"))
    assert torch.equal(x[:, 2, 8, 8] > 0, labels.bool())


def test_nothing_readable_is_bad_data(tmp_path):
    for number in range(7):
        (tmp_path / f"{number}.png").write_bytes(b"no")
    with pytest.raises(BadData, match=r"7 of 7 .*0\.png .*; and 2 more. At least two"):
        images(root=tmp_path)
    _save(tmp_path / "good.png", (0, 0, 0))
    with pytest.raises(BadData, match="7 of 8"):
        images(root=tmp_path)


def test_missing_folders(tmp_path):
    with pytest.raises(MissingData, match="is no folder"):
        images(root=tmp_path / "none")
    with pytest.raises(MissingData, match="hold 0 pictures.*png"):
        images(root=tmp_path)


def test_options_are_checked(tmp_path):
    with pytest.raises(BadOption, match="size=0"):
        images(root=tmp_path, size=0)
    for share in (0.0, 1.0, float("nan")):
        with pytest.raises(BadOption, match="test_share="):
            images(root=tmp_path, test_share=share)


def test_a_set_that_does_not_fit_is_refused(classes, monkeypatch):
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1}
    monkeypatch.setattr(folder.os, "sysconf", pages.__getitem__, raising=False)
    with pytest.raises(BadOption, match="24 pictures at size=64 need 0.0 GiB.*smaller size"):
        images(root=classes)

    def unknown(name):
        raise ValueError(name)

    monkeypatch.setattr(folder.os, "sysconf", unknown, raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert images(root=classes, size=8).spec.shape == (3, 8, 8)
