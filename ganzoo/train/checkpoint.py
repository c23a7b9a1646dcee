"""Checkpoints: a folder that is there whole or not at all, and says when it is damaged.

Layout of ``checkpoint-00001200/``: ``tensors.safetensors`` (every tensor), ``state.json``
(all else, with the places of the tensors) and ``manifest.json`` (sha256 of both). It is
built under a hidden name in the same folder, fsynced, and renamed. Nothing is unpickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import warnings
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ganzoo.errors import CheckpointError

__all__ = ["available", "load_newest", "save"]

_PREFIX = "checkpoint-"
_TEMPORARY = ".checkpoint-"


def save(folder: Path, step: int, state: dict[str, Any], *, keep: int = 2) -> Path:
    """Write a checkpoint, then remove all but the newest ``keep`` (2 at least).

    Args:
        folder: where the checkpoints of one run lie; made where it is missing.
        step: names the checkpoint; an older one of this step is replaced.
        state: nested dicts, lists and tuples of tensors, numbers, strings, None.

    Returns:
        The folder of the checkpoint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(stale, ignore_errors=True)
    final = folder / f"{_PREFIX}{step:08d}"
    temporary = folder / f"{_TEMPORARY}{step:08d}-{os.getpid()}"
    temporary.mkdir()
    tensors: dict[str, Tensor] = {}
    tree = _pack(state, "", tensors)
    save_file(tensors, temporary / "tensors.safetensors")
    (temporary / "state.json").write_text(json.dumps(tree))
    names = ("tensors.safetensors", "state.json")
    sums = {name: _digest(temporary / name) for name in names}
    manifest = {"format": 1, "step": step, "torch": torch.__version__, "sha256": sums}
    (temporary / "manifest.json").write_text(json.dumps(manifest, indent=2))
    for name in (*names, "manifest.json"):
        # safetensors makes its file private; a checkpoint is as readable as its folder
        (temporary / name).chmod(0o666 & ~_umask())
        _sync(temporary / name)
    _sync(temporary)
    if final.exists():
        shutil.rmtree(final)
    temporary.rename(final)
    _sync(folder)
    for old in available(folder)[max(keep, 2) :]:
        shutil.rmtree(old)
    return final


def available(folder: Path) -> list[Path]:
    """The checkpoints in a folder, newest first, verified or not."""
    return sorted(folder.glob(f"{_PREFIX}*"), reverse=True) if folder.is_dir() else []


def load_newest(folder: Path) -> dict[str, Any]:
    """The newest checkpoint that is whole, tensors on the CPU.

    A damaged one is passed over with a warning.

    Raises:
        CheckpointError: when there is none, or none that is whole.
    """
    found = available(folder)
    if not found:
        raise CheckpointError(f"no checkpoint in {folder}: it holds no {_PREFIX}* folder")
    faults = []
    for path in found:
        try:
            return _load(path)
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            faults.append(f"{path.name}: {error}")
            warnings.warn(f"checkpoint {path} is damaged and passed over: {error}", stacklevel=2)
    raise CheckpointError(f"no checkpoint in {folder} is whole: {'; '.join(faults)}")


def _load(path: Path) -> dict[str, Any]:
    manifest = json.loads((path / "manifest.json").read_text())
    if manifest["format"] != 1:
        raise ValueError(f"format {manifest['format']} is unknown to this version of ganzoo")
    for name, wanted in manifest["sha256"].items():
        if _digest(path / name) != wanted:
            raise ValueError(f"{name} does not match its sha256 sum")
    tensors = load_file(path / "tensors.safetensors")
    state = _unpack(json.loads((path / "state.json").read_text()), tensors)
    assert isinstance(state, dict)
    return state


def _pack(value: Any, path: str, tensors: dict[str, Tensor]) -> Any:
    """JSON for a nested state; its tensors go into ``tensors`` under their paths."""
    if isinstance(value, Tensor):
        # cloned, because safetensors refuses tensors that share memory
        tensors[path] = value.detach().cpu().contiguous().clone()
        return {"tensor": path}
    if isinstance(value, dict):
        items = [[key, _pack(item, f"{path}/{key}", tensors)] for key, item in value.items()]
        return {"dict": items}
    if isinstance(value, (list, tuple)):
        items = [_pack(item, f"{path}/{i}", tensors) for i, item in enumerate(value)]
        return {"tuple" if isinstance(value, tuple) else "list": items}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"a checkpoint cannot hold {path}: {type(value).__name__}")


def _unpack(value: Any, tensors: dict[str, Tensor]) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "tensor":
        return tensors[content]
    if kind == "dict":
        return {key: _unpack(item, tensors) for key, item in content}
    items = [_unpack(item, tensors) for item in content]
    return tuple(items) if kind == "tuple" else items


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
