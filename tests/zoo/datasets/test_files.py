import gzip
import socket
import sys
from types import SimpleNamespace

import pytest
import torch

from ganzoo.errors import BadData, BadOption, MissingData, MissingDependency
from ganzoo.game import Stream
from ganzoo.train.settings import Settings
from ganzoo.zoo.datasets.files import cifar10, data_root, fashion_mnist, mnist

FOLDERS = {mnist: "MNIST/raw", fashion_mnist: "FashionMNIST/raw"}


def _random(*shape, seed=0, high=256):
    return torch.randint(high, shape, generator=torch.Generator().manual_seed(seed)).byte()


@pytest.fixture
def write_idx(tmp_path, idx):
    def write(folder, ending=""):
        raw = tmp_path / folder
        raw.mkdir(parents=True)
        written = {}
        for seed, (prefix, count) in enumerate((("train", 30), ("t10k", 12))):
            images, labels = _random(count, 28, 28, seed=seed), _random(count, seed=seed, high=10)
            for name, array in (("images-idx3", images), ("labels-idx1", labels)):
                content = gzip.compress(idx(array)) if ending else idx(array)
                (raw / f"{prefix}-{name}-ubyte{ending}").write_bytes(content)
            written[prefix] = images, labels.long()
        return written

    return write


@pytest.fixture
def write_cifar(tmp_path, python2_batch):
    def write():
        folder = tmp_path / "cifar-10-batches-py"
        folder.mkdir()
        names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
        pictures = []
        for seed, name in enumerate(names):
            pictures.append(_random(4, 3, 32, 32, seed=seed))
            (folder / name).write_bytes(python2_batch(pictures[-1], [seed] * 4))
        return torch.cat(pictures[:-1]), pictures[-1]

    return write


@pytest.mark.parametrize("make", [mnist, fashion_mnist])
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_idx_sets_are_read(tmp_path, write_idx, make, ending):
    written = write_idx(FOLDERS[make], ending)
    source = make(root=tmp_path, size=28)
    assert torch.equal(source.train[:, 0], written["train"][0])
    assert torch.equal(source.train_labels, written["train"][1])
    assert torch.equal(source.test[:, 0], written["t10k"][0])
    assert torch.equal(source.test_labels, written["t10k"][1])
    assert source.train.dtype == torch.uint8
    assert source.spec.shape == (1, 28, 28)
    assert source.task.architecture == "infogan-conv"
    assert Settings.of(source.task.settings).generator_lr == 1e-3
    assert source.spec.classes == 10
    assert source.levels == 256
    assert source.extractor == "random-conv"
    x, labels = source.draw(30, Stream(0, "real"))
    assert x.dtype == torch.float32
    assert x.min() >= -1
    assert x.max() <= 1
    assert labels.dtype == torch.int64
    back = ((x + 1) * 127.5).round().byte()
    assert sorted(back.flatten(1).tolist()) == sorted(written["train"][0].flatten(1).tolist())


def test_cifar10_is_read(tmp_path, write_cifar):
    train, test = write_cifar()
    source = cifar10(root=tmp_path)
    assert torch.equal(source.train, train)
    assert torch.equal(source.test, test)
    assert source.train_labels.tolist() == [n for n in range(5) for _ in range(4)]
    assert source.test_labels.tolist() == [5] * 4
    assert source.spec.shape == (3, 32, 32)
    assert source.levels == 256
    assert Settings.of(source.task.settings).batch == 64
    assert source.task.architecture == "dcgan"


def test_size_resizes(tmp_path, write_idx, write_cifar):
    write_idx("MNIST/raw")
    write_cifar()
    assert mnist(root=tmp_path, size=16).train.shape == (30, 1, 16, 16)
    framed, bare = mnist(root=tmp_path), mnist(root=tmp_path, size=28)
    assert framed.spec.shape == (1, 32, 32)
    assert framed.task.architecture == "dcgan"
    assert torch.equal(framed.train[:, :, 2:30, 2:30], bare.train)
    assert int(framed.test.long().sum()) == int(bare.test.long().sum())
    small = cifar10(root=tmp_path, size=8)
    assert small.train.shape == (20, 3, 8, 8)
    assert small.test.dtype == torch.uint8
    with pytest.raises(BadOption, match="size=0"):
        mnist(root=tmp_path, size=0)


def test_missing_files_are_named(tmp_path, write_idx):
    write_idx("MNIST/raw")
    (tmp_path / "MNIST/raw/t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(MissingData) as caught:
        mnist(root=tmp_path)
    message = str(caught.value)
    assert "1 of 4 files" in message
    assert str(tmp_path / "MNIST/raw") in message
    assert "t10k-labels-idx1-ubyte (or gzipped" in message
    assert "t10k-images" not in message
    assert "download=True" in message
    assert "GANZOO_DATA" in message
    with pytest.raises(MissingData, match=r"cifar10: 6 of 6 .*data_batch_1, .*test_batch\."):
        cifar10(root=tmp_path)


@pytest.mark.parametrize("make", [mnist, fashion_mnist, cifar10])
def test_a_failed_download_is_missing_data(tmp_path, monkeypatch, make):
    datasets = pytest.importorskip("torchvision.datasets")
    asked = []

    def fail(self, *arguments, **options):
        asked.append((type(self).__name__, socket.getdefaulttimeout()))
        raise OSError("no route to host")

    for kind in ("MNIST", "CIFAR10"):
        monkeypatch.setattr(getattr(datasets, kind), "download", fail)
    with pytest.raises(MissingData, match="download failed: OSError: no route to host"):
        make(root=tmp_path, download=True)
    kinds = {mnist: "MNIST", fashion_mnist: "FashionMNIST", cifar10: "CIFAR10"}
    assert asked == [(kinds[make], 30.0)]
    assert socket.getdefaulttimeout() is None


def test_a_download_that_works_is_read(tmp_path, monkeypatch, write_idx):
    def fetch(*, root, train, download):
        assert (root, train, download) == (str(tmp_path), True, True)
        write_idx("MNIST/raw")

    datasets = SimpleNamespace(MNIST=fetch)
    monkeypatch.setitem(sys.modules, "torchvision", SimpleNamespace(datasets=datasets))
    assert len(mnist(root=tmp_path, download=True).train) == 30


def test_torchvision_is_asked_only_for_what_is_missing(tmp_path, monkeypatch, write_idx):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(MissingDependency, match="needs torchvision.*install the torchvision that"):
        mnist(root=tmp_path, download=True)
    write_idx("MNIST/raw")
    assert len(mnist(root=tmp_path, download=True).train) == 30


def test_a_broken_torchvision_is_a_missing_dependency(tmp_path, monkeypatch):
    class Broken:
        def __getattr__(self, name):
            raise RuntimeError("operator torchvision::nms does not exist")

    monkeypatch.setitem(sys.modules, "torchvision", Broken())
    with pytest.raises(MissingDependency, match="torchvision::nms does not exist"):
        cifar10(root=tmp_path, download=True)


def test_images_and_labels_must_agree(tmp_path, write_idx, idx):
    write_idx("MNIST/raw")
    labels = tmp_path / "MNIST/raw/train-labels-idx1-ubyte"
    for wrong in (_random(29, high=10), torch.full((30,), 10, dtype=torch.uint8)):
        labels.write_bytes(idx(wrong))
        with pytest.raises(BadData, match=f"30 images.*{len(wrong)} labels"):
            mnist(root=tmp_path)


def test_where_data_are_looked_for(tmp_path, monkeypatch):
    assert data_root(tmp_path) == tmp_path
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path / "kept"))
    assert data_root() == tmp_path / "kept"
    monkeypatch.delenv("GANZOO_DATA")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_root() == tmp_path / ".cache/ganzoo/data"
