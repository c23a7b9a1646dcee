"""MNIST, Fashion-MNIST and CIFAR-10 from their published files, fetched by torchvision."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import pad

from ganzoo.errors import BadData, MissingData, MissingDependency
from ganzoo.game import TensorSource
from ganzoo.zoo.datasets.formats import read_cifar_batch, read_idx
from ganzoo.zoo.datasets.pictures import picture_source, resized

__all__ = ["cifar10", "data_root", "fashion_mnist", "mnist"]

# Chen et al., arXiv 1606.03657, appendix C, but for the average and the number of steps.
_AT_28 = {
    "batch": 128,
    "generator_lr": 1e-3,
    "discriminator_lr": 2e-4,
    "betas": (0.5, 0.999),
    "ema": 0.999,
    "steps": 10_000,
}
_PATIENCE = 30.0  # seconds without an answer; torchvision itself would wait for ever


def data_root(root: str | Path | None = None) -> Path:
    """Where data sets are kept: ``root``, else GANZOO_DATA, else ``~/.cache/ganzoo/data``."""
    return Path(root or os.environ.get("GANZOO_DATA") or "~/.cache/ganzoo/data").expanduser()


@dataclass(frozen=True)
class _Published:
    """A set of files: the name of the data set, its class in torchvision, its folder under
    the root as torchvision lays it out, the files, and the endings each may come with.
    """

    name: str
    kind: str
    folder: str
    files: tuple[str, ...]
    endings: tuple[str, ...] = ("",)

    def find(self, root: Path) -> dict[str, Path]:
        """The files that are there, the first of the endings that is."""
        found = {}
        for name in self.files:
            paths = (root / self.folder / f"{name}{ending}" for ending in self.endings)
            path = next((path for path in paths if path.is_file()), None)
            if path is not None:
                found[name] = path
        return found

    def locate(self, root: Path, download: bool) -> dict[str, Path]:
        """All files, after a download where they are not there and one is asked for."""
        found, reason = self.find(root), ""
        if download and len(found) < len(self.files):
            try:
                self._download(root)
            except MissingDependency:
                raise
            except Exception as error:  # whatever may go wrong between here and a mirror
                reason = f" The download failed: {type(error).__name__}: {error}."
            found = self.find(root)
        missing = [name for name in self.files if name not in found]
        if missing:
            also = " (or gzipped, with '.gz')" if ".gz" in self.endings else ""
            cure = "Put them there" if download else "download=True fetches them; or put them there"
            raise MissingData(
                f"{self.name}: {len(missing)} of {len(self.files)} files are not in "
                f"{root / self.folder}: {', '.join(missing)}{also}.{reason} {cure}, or name the "
                f"folder above {self.folder} by root= or the variable GANZOO_DATA."
            )
        return found

    def _download(self, root: Path) -> None:
        try:
            from torchvision import datasets
        except (ImportError, RuntimeError) as error:  # RuntimeError: built for another torch
            raise MissingDependency(
                f"{self.name}: download=True needs torchvision, which cannot be imported "
                f"({type(error).__name__}: {error}); install the torchvision that belongs to "
                f"torch {torch.__version__}, or put {', '.join(self.files)} into "
                f"{root / self.folder}, which needs no torchvision"
            ) from error
        with _impatient():
            getattr(datasets, self.kind)(root=str(root), train=True, download=True)


@contextmanager
def _impatient() -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _idx_source(
    published: _Published, root: str | Path | None, download: bool, size: int
) -> TensorSource:
    found = published.locate(data_root(root), download)
    parts: list[tuple[Tensor, Tensor]] = []
    for prefix in ("train", "t10k"):
        pictures = found[f"{prefix}-images-idx3-ubyte"]
        images = read_idx(pictures, 3).unsqueeze(1)
        labels = read_idx(found[f"{prefix}-labels-idx1-ubyte"], 1).long()
        if len(images) != len(labels) or int(labels.max()) > 9:
            raise BadData(
                f"{pictures} holds {len(images)} images; beside it are {len(labels)} labels "
                f"up to {int(labels.max())}, where as many up to 9 belong"
            )
        # Networks like powers of two: a black frame spoils no pixel, as resampling would.
        framed = size == 32 and images.shape[2:] == (28, 28)
        parts.append((pad(images, (2, 2, 2, 2)) if framed else resized(images, size), labels))
    source = picture_source(parts[0], parts[1], classes=10, latent=64)
    if size == 28:
        source.task = replace(source.task, architecture="infogan-conv", settings=_AT_28)
    return source


def _idx_files(name: str, kind: str) -> _Published:
    files = ("images-idx3-ubyte", "labels-idx1-ubyte")
    names = tuple(f"{prefix}-{file}" for prefix in ("train", "t10k") for file in files)
    return _Published(name, kind, f"{kind}/raw", names, ("", ".gz"))


def mnist(
    *, root: str | Path | None = None, download: bool = False, size: int = 32
) -> TensorSource:
    """MNIST (LeCun et al., 1998): 60,000 handwritten digits to train on, 10,000 held out.

    Args:
        root: the folder that holds ``MNIST/raw`` with the four idx files, raw or gzipped;
            GANZOO_DATA or ``~/.cache/ganzoo/data`` unless given.
        download: fetch what is missing, by torchvision, which verifies it.
        size: pixels a side. 32 puts a black frame of two pixels around each image, 28 leaves
            the images as they are, and the networks that go with them are InfoGAN's; any
            other size resamples them.

    Returns:
        A source of images ``(N, 1, size, size)`` in -1 .. 1 with 10 labels.

    Raises:
        MissingData: files that are not there and were not fetched; it names them.
        MissingDependency: a download without a working torchvision.
        BadData: a file that is not what its format says.
        BadOption: ``size`` is below 1.
    """
    return _idx_source(_idx_files("mnist", "MNIST"), root, download, size)


def fashion_mnist(
    *, root: str | Path | None = None, download: bool = False, size: int = 32
) -> TensorSource:
    """Fashion-MNIST (Xiao et al., arXiv 1708.07747): 60,000 clothes, and 10,000 held out.

    Args:
        root: the folder that holds ``FashionMNIST/raw``; otherwise as :func:`mnist`.
        download, size: as :func:`mnist`.

    Returns:
        A source of images ``(N, 1, size, size)`` in -1 .. 1 with 10 labels.

    Raises:
        MissingData, MissingDependency, BadData, BadOption: as :func:`mnist`.
    """
    return _idx_source(_idx_files("fashion-mnist", "FashionMNIST"), root, download, size)


def cifar10(
    *, root: str | Path | None = None, download: bool = False, size: int = 32
) -> TensorSource:
    """CIFAR-10 (Krizhevsky, 2009): 50,000 colour pictures, and 10,000 held out.

    The batches are pickles; :func:`~ganzoo.zoo.datasets.formats.read_cifar_batch` says how
    they are read without running anything of theirs.

    Args:
        root: the folder that holds ``cifar-10-batches-py`` with its six batches;
            GANZOO_DATA or ``~/.cache/ganzoo/data`` unless given.
        download: fetch what is missing, by torchvision, which verifies it.
        size: pixels a side; any other than 32 resamples the pictures.

    Returns:
        A source of pictures ``(N, 3, size, size)`` in -1 .. 1 with 10 labels.

    Raises:
        MissingData, MissingDependency, BadData, BadOption: as :func:`mnist`.
    """
    names = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")
    published = _Published("cifar10", "CIFAR10", "cifar-10-batches-py", names)
    found = published.locate(data_root(root), download)
    batches = [read_cifar_batch(found[name]) for name in names]
    pictures = torch.cat([pictures for pictures, _ in batches[:-1]])
    labels = torch.cat([labels for _, labels in batches[:-1]])
    return picture_source(
        (resized(pictures, size), labels),
        (resized(batches[-1][0], size), batches[-1][1]),
        classes=10,
        latent=128,
    )
