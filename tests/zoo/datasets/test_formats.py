import gzip
import os
import pickle

import numpy as np
import pytest
import torch

from ganzoo.errors import BadData
from ganzoo.zoo.datasets.formats import read_cifar_batch, read_idx


@pytest.fixture
def pictures():
    return torch.randint(256, (5, 3, 32, 32), generator=torch.Generator().manual_seed(0)).byte()


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_idx_gives_back_what_was_written(tmp_path, idx, ending):
    array = torch.arange(2 * 3 * 4, dtype=torch.uint8).view(2, 3, 4)
    path = tmp_path / f"images{ending}"
    path.write_bytes(gzip.compress(idx(array)) if ending else idx(array))
    assert torch.equal(read_idx(path, 3), array)


def test_idx_agrees_with_torchvision(tmp_path, idx):
    mnist = pytest.importorskip("torchvision.datasets.mnist", exc_type=ImportError)
    array = torch.arange(60, dtype=torch.uint8).view(3, 4, 5)
    path = tmp_path / "images"
    path.write_bytes(idx(array))
    assert torch.equal(mnist.read_image_file(str(path)), read_idx(path, 3))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content[:-1], "should hold 24 bytes.*it holds 23"),
        (lambda content: content + b"!", "it holds more"),
        (lambda content: b"\0\0\x0d" + content[3:], "starts with 00 00 0d 03"),
        (lambda content: content[:9], "is no idx file"),
        (lambda content: b"", "is no idx file"),
        (lambda content: b"\0\0\x08\x03" + b"\0" * 12, "should hold 0 bytes"),
    ],
)
def test_idx_refuses_what_is_none(tmp_path, idx, change, message):
    path = tmp_path / "images"
    path.write_bytes(change(idx(torch.arange(24, dtype=torch.uint8).view(2, 3, 4))))
    with pytest.raises(BadData, match=message):
        read_idx(path, 3)


@pytest.mark.parametrize("cut", [5, 30])
def test_idx_refuses_a_damaged_gzip(tmp_path, idx, cut):
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(idx(torch.zeros(9, 9, 9, dtype=torch.uint8)))[:cut])
    with pytest.raises(BadData, match="cannot be read"):
        read_idx(path, 3)
    path.write_bytes(b"no gzip at all")
    with pytest.raises(BadData, match="cannot be read"):
        read_idx(path, 3)


def test_cifar_batch_of_python_2(tmp_path, pictures, python2_batch):
    path = tmp_path / "data_batch_1"
    path.write_bytes(python2_batch(pictures, [3, 1, 4, 1, 5]))
    found, labels = read_cifar_batch(path)
    assert torch.equal(found, pictures)
    assert labels.tolist() == [3, 1, 4, 1, 5]
    # The file is what it pretends to be: Python itself reads the same of it.
    loaded = pickle.loads(path.read_bytes(), encoding="latin1")
    assert loaded["data"].dtype == np.uint8
    assert np.array_equal(loaded["data"].reshape(-1, 3, 32, 32), pictures.numpy())
    assert loaded["labels"] == [3, 1, 4, 1, 5]


@pytest.mark.parametrize("protocol", [3, 4])
def test_cifar_batch_of_python_3(tmp_path, pictures, protocol):
    path = tmp_path / "data_batch_1"
    fields = {"data": pictures.view(5, 3072).numpy(), "labels": [9, 8, 7, 6, 5]}
    path.write_bytes(pickle.dumps(fields, protocol=protocol))
    found, labels = read_cifar_batch(path)
    assert torch.equal(found, pictures)
    assert labels.tolist() == [9, 8, 7, 6, 5]


class _Call:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_cifar_batch_runs_nothing(tmp_path, protocol):
    mark = tmp_path / "mark"
    path = tmp_path / "data_batch_1"
    path.write_bytes(pickle.dumps({"data": _Call(os.mkdir, str(mark))}, protocol=protocol))
    with pytest.raises(BadData, match=r"asks for .*mkdir, which no batch needs"):
        read_cifar_batch(path)
    assert not mark.exists()


def test_cifar_batch_refuses_wrong_contents(tmp_path, pictures, python2_batch):
    path = tmp_path / "data_batch_1"
    good = python2_batch(pictures, [3, 1, 4, 1, 5])
    for content, message in (
        (good[:-200], "no Python batch"),
        (good.replace(b"U\x02u1", b"U\x02i1"), "of type 'i1'"),
        (good.replace(b"J\x05\0\0\0", b"J\x06\0\0\0"), "it states 6 x 3072 bytes"),
        (good.replace(b"U\x06labels", b"U\x06levels"), "KeyError"),
        (python2_batch(pictures, [3, 1, 4, 1]), "4 labels"),
        (python2_batch(pictures, [3, 1, 4, 1, 10]), r"not in 0 \.\. 9"),
        (pickle.dumps([1, 2, 3]), "no Python batch"),
        (b"", "no Python batch"),
    ):
        path.write_bytes(content)
        with pytest.raises(BadData, match=message):
            read_cifar_batch(path)


def test_published_files_take_the_same_path(tmp_path, python2_batch):
    # The published batches hold 10,000 pictures; one of that length is read as fast.
    pictures = torch.zeros(2000, 3, 32, 32, dtype=torch.uint8)
    path = tmp_path / "data_batch_1"
    path.write_bytes(python2_batch(pictures, [0] * 2000))
    found, labels = read_cifar_batch(path)
    assert found.shape == (2000, 3, 32, 32)
    assert labels.shape == (2000,)
