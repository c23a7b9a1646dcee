"""What several tests of the data sets share."""

from contextlib import contextmanager

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

READS = {"aten::_local_scalar_dense", "aten::nonzero", "aten::masked_select", "aten::item"}


class _NoHostReads(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func._schema.name
        assert name not in READS, f"{name} waits for the device"
        if name == "aten::index":
            assert all(i is None or i.dtype != torch.bool for i in args[1]), "boolean mask"
        return func(*args, **(kwargs or {}))


@pytest.fixture
def no_host_reads():
    """A context in which no operation may read a value back to the host."""

    @contextmanager
    def watch():
        with _NoHostReads():
            yield

    return watch


def _idx(array):
    """The bytes of an idx file of a uint8 tensor."""
    head = bytes((0, 0, 8, array.ndim)) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + bytes(array.flatten().tolist())


def _short(text):
    return b"U" + bytes((len(text),)) + text


def _ints(values):
    return b"](" + b"".join(b"K" + bytes((value,)) for value in values) + b"e"


def _python2_batch(pictures, labels, title=b"training batch 1 of 5"):
    """A CIFAR-10 batch as Python 2 pickled the published ones: protocol 2, a dict with byte
    strings for keys, and an array of numpy's when its core was called ``numpy.core``.
    """
    data = bytes(pictures.flatten().tolist())
    shape = b"".join(b"J" + n.to_bytes(4, "little") for n in (len(pictures), 3072)) + b"\x86"
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85"
        + _short(b"b")
        + b"\x87R"
        b"(K\x01" + shape + b"cnumpy\ndtype\n" + _short(b"u1") + b"K\x00K\x01\x87R"
        b"(K\x03" + _short(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        b"\x89T" + len(data).to_bytes(4, "little") + data + b"tb"
    )
    names = b"](" + b"".join(_short(b"some_s_%06d.png" % n) for n in range(len(labels))) + b"e"
    return (
        b"\x80\x02}("
        + (_short(b"batch_label") + _short(title))
        + (_short(b"labels") + _ints(labels))
        + (_short(b"data") + array)
        + (_short(b"filenames") + names)
        + b"u."
    )


@pytest.fixture
def idx():
    """Writes idx files: ``idx(tensor) -> bytes``."""
    return _idx


@pytest.fixture
def python2_batch():
    """Writes CIFAR-10 batches: ``python2_batch(pictures, labels) -> bytes``."""
    return _python2_batch
