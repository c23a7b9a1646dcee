"""Readers of two file formats: idx (MNIST), and the Python batches of CIFAR-10."""

from __future__ import annotations

import gzip
import io
import math
import pickle
import zlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import BadData

__all__ = ["read_cifar_batch", "read_idx"]


def read_idx(path: Path, axes: int) -> Tensor:
    """The bytes of an idx file, raw or gzipped (a name that ends in ``.gz``).

    The format: two zero bytes, the type (8 for unsigned bytes, the only one read here),
    the number of axes, each length as four bytes with the highest first, the elements.

    Args:
        path: the file.
        axes: how many axes it should have: 3 for images, 1 for labels.

    Returns:
        A tensor of uint8 of the shape that the file states.

    Raises:
        BadData: another type or number of axes, too few or too many bytes, a damaged gzip.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            head = file.read(4 + 4 * axes)
            if head[:4] != bytes((0, 0, 8, axes)) or len(head) < 4 + 4 * axes:
                raise BadData(
                    f"{path} is no idx file of unsigned bytes with {axes} axes: it starts "
                    f"with {head[:4].hex(' ')}, not with 00 00 08 {axes:02x}"
                )
            places = range(4, 4 + 4 * axes, 4)
            shape = tuple(int.from_bytes(head[place : place + 4], "big") for place in places)
            size = math.prod(shape)
            body = file.read(size + 1)  # never more than the header promised
    except (OSError, EOFError, zlib.error) as error:
        raise BadData(f"{path} cannot be read: {type(error).__name__}: {error}") from error
    if len(body) != size or not size:
        found = "more" if len(body) > size else str(len(body))
        raise BadData(f"{path} should hold {size} bytes of shape {shape}; it holds {found}")
    return torch.frombuffer(bytearray(body), dtype=torch.uint8).view(shape)


class _Kind:
    """Stands for ``numpy.dtype``: remembers what it was called with."""

    def __init__(self, name: object = b"", *_: object) -> None:
        self.name = name.decode("latin1") if isinstance(name, bytes) else name

    def __setstate__(self, state: object) -> None:
        """Byte order and alignment do not matter to single bytes."""


class _Array:
    """Stands for ``numpy.ndarray`` and for the function that makes one: remembers its state."""

    shape: Any = ()
    kind: Any = None
    data: Any = b""

    def __init__(self, *_: object) -> None:
        """What an empty array is made of does not matter: its state follows."""

    def __setstate__(self, state: Any) -> None:
        _version, self.shape, self.kind, columns_first, self.data = state
        if columns_first:
            raise ValueError("the array is stored column by column")


_STAND_INS = {
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Kind,
}


class _Reader(pickle.Unpickler):
    """Resolves the few names a batch needs to stand-ins, and no other name to anything."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _STAND_INS:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no batch needs")
        return _STAND_INS[module, name]


def read_cifar_batch(path: Path) -> tuple[Tensor, Tensor]:
    """One of the six Python batches of CIFAR-10: a pickled dict of ``data`` and ``labels``.

    A pickle may run any code of its author's choosing when it is loaded. Checking its MD5
    sum first, as torchvision does, only moves the trust to the sum, and refuses every other
    file of the same format. Here nothing in the file is trusted: the four names of numpy
    that a batch mentions stand for small recorders of this module, so that no code of
    numpy or anyone runs on what is read, every other name is refused, and the bytes are
    taken if their type, shape and number are right.

    Args:
        path: the file.

    Returns:
        Images ``(N, 3, 32, 32)`` of uint8, and labels ``(N,)`` of int64 in 0 .. 9.

    Raises:
        BadData: it is not such a file, or asks for more than such a file needs.
    """
    try:
        content = _Reader(io.BytesIO(path.read_bytes()), encoding="bytes").load()
        # Written by Python 2 the keys are bytes, by Python 3 they are text.
        fields = {k.decode("latin1") if isinstance(k, bytes) else k: content[k] for k in content}
        array, labels = fields["data"], torch.tensor(fields["labels"], dtype=torch.int64)
        raw, (count, width) = bytearray(memoryview(array.data)), array.shape
        if array.kind.name not in ("u1", "uint8"):
            raise ValueError(f"its data are of type {array.kind.name!r}, not 'u1'")
        if width != 3072 or len(raw) != count * width or labels.shape != (count,) or not count:
            raise ValueError(
                f"it states {count} x {width} bytes, and holds {len(raw)} and {len(labels)} labels"
            )
        if int(labels.min()) < 0 or int(labels.max()) > 9:
            raise ValueError("a label is not in 0 .. 9")
    except Exception as error:  # whatever a stranger's stream of opcodes leads to
        raise BadData(
            f"{path} is no Python batch of CIFAR-10: {type(error).__name__}: {error}"
        ) from error
    return torch.frombuffer(raw, dtype=torch.uint8).view(count, 3, 32, 32), labels
