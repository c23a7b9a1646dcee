"""Tensors that were computed before, kept in the user's cache by a hash of what they are of."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

__all__ = ["cached", "content_hash", "folder"]


def folder() -> Path:
    """``$GANZOO_CACHE``, else ``ganzoo/statistics`` in ``$XDG_CACHE_HOME`` or ``~/.cache``."""
    own = os.environ.get("GANZOO_CACHE")
    if own:
        return Path(own).expanduser()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "ganzoo" / "statistics"


def content_hash(*parts: Tensor | str) -> str:
    """A name of 32 letters for tensors, their shapes and types, and words."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        if isinstance(part, str):
            found.update(f"{len(part)} {part}".encode())
            continue
        found.update(f"{tuple(part.shape)} {part.dtype}".encode())
        whole = part.detach().cpu().contiguous()
        found.update(whole.flatten().view(torch.uint8).numpy().data)
    return found.hexdigest()


def cached(key: str, make: Callable[[], Tensor]) -> Tensor:
    """What ``make()`` gave once for this key, of this or an earlier process.

    A file that is damaged is made anew; where nothing can be written nothing is kept.
    """
    place = folder() / f"{key}.safetensors"
    with contextlib.suppress(Exception):  # absent, or damaged in any way
        return load_file(place)["values"]
    values = make()
    with contextlib.suppress(OSError):  # a full or read-only disk
        _write(place, {"values": values.detach().cpu().contiguous()})
    return values


def _write(place: Path, tensors: Mapping[str, Tensor]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".tmp")
    os.close(handle)
    try:
        save_file(dict(tensors), name)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
