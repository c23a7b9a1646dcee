"""Samples that anyone made, in whatever they are kept: pictures of a folder, or one array."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from ganzoo.errors import BadData, BadOption, MissingData
from ganzoo.zoo.datasets.folder import pictures_in, square

__all__ = ["ENDINGS", "Kept", "read_samples"]

ENDINGS = (".npy", ".npz", ".safetensors", ".pt", ".pth")
"""Of files that hold one array of samples."""

_NAMED = 5  # files that a message names
_USUAL = ("samples", "fake", "images", "arr_0", "x")  # of arrays among others

OnProgress = Callable[[str, int, int], None]


@dataclass
class Kept:
    """Samples as they were found.

    Attributes:
        x: ``(N, *shape)`` float32 or wider, all finite; images ``(N, C, H, W)`` in -1 .. 1.
        levels: 256 where they were bytes, else 0.
        notes: what had to be decided or left out, in sentences.
    """

    x: Tensor
    levels: int
    notes: list[str]


def read_samples(place: Path, *, size: int = 0, on_progress: OnProgress | None = None) -> Kept:
    """Read a folder of pictures, or a .npy, .npz, .safetensors or .pt file of one array.

    Bytes are images, ``(N, C, H, W)``, ``(N, H, W, C)`` or ``(N, H, W)``; so are floats of
    four axes, in -1 .. 1, 0 .. 1 or 0 .. 255. Everything else are points, flattened. Nothing
    is unpickled but tensors. Samples with NaN or infinite elements and pictures that cannot
    be read are left out, counted and named in the notes.

    Args:
        place: the folder or the file.
        size: pictures are cropped to squares and resized to so many pixels a side; 0 to take
            them as they are, which must be all of one size.
        on_progress: told what is done, how far, of how many.

    Raises:
        MissingData: there is no such place, or nothing of the kind in it.
        BadData: fewer than two samples are left, pictures of several sizes, or a file that is
            not what its name says.
        BadOption: a negative size.
    """
    if size < 0:
        raise BadOption(f"size={size}: pixels a side, or 0 to leave pictures as they are")
    if place.is_dir():
        kept = _folder(place, size, on_progress)
    elif not place.is_file():
        raise MissingData(f"{place} is neither a folder nor a file, nor the name of a data set")
    elif place.suffix.lower() in ENDINGS:
        kept = _as_samples(_array(place), place)
    else:
        raise BadData(f"{place} ends in none of {', '.join(ENDINGS)}, and is no folder")
    finite = torch.isfinite(kept.x.flatten(1)).all(1)
    broken = int((~finite).sum())
    if broken:
        first = int((~finite).nonzero()[0])
        kept.x = kept.x[finite]
        kept.notes.append(
            f"NaN or infinite elements in {broken} of {len(finite)} samples of {place}, first in "
            f"sample {first}; left out: what is measured are the others"
        )
    if len(kept.x) < 2:
        left = f" ({'; '.join(kept.notes)})" if kept.notes else ""
        raise BadData(f"{place} holds {len(kept.x)} usable samples, and 2 are the least{left}")
    return kept


def _array(place: Path) -> Tensor:
    kind = place.suffix.lower()
    try:
        if kind == ".npy":
            return _tensor(np.load(place, allow_pickle=False))
        if kind == ".npz":
            with np.load(place, allow_pickle=False) as found:
                return _tensor(found[_chosen(place, found.files)])
        if kind == ".safetensors":
            arrays = load_file(place)
            return arrays[_chosen(place, list(arrays))]
        loaded = torch.load(place, map_location="cpu", weights_only=True)
    except BadData:
        raise
    except Exception as error:  # readers raise anything on a damaged file
        reason = str(error).splitlines()[0] if str(error) else ""
        raise BadData(f"{place} cannot be read: {type(error).__name__}: {reason}") from error
    if isinstance(loaded, dict):
        loaded = loaded[_chosen(place, [n for n, v in loaded.items() if isinstance(v, Tensor)])]
    if not isinstance(loaded, Tensor):
        raise BadData(f"{place} holds a {type(loaded).__name__}, and not a tensor")
    return loaded.detach()


def _tensor(array: np.ndarray) -> Tensor:
    if array.dtype.kind not in "fiub":
        raise BadData(f"the array holds {array.dtype}, and not numbers")
    return torch.from_numpy(np.ascontiguousarray(array.astype(array.dtype.newbyteorder("="))))


def _chosen(place: Path, names: list[str]) -> str:
    found = next((name for name in _USUAL if name in names), None)
    if found is None and len(names) == 1:
        found = names[0]
    if found is None:
        raise BadData(
            f"{place} holds the arrays {', '.join(names) or '(none)'}; which are the samples? "
            f"A file of one array is understood, or one that is called {_USUAL[0]!r}"
        )
    return found


def _as_samples(array: Tensor, place: Path) -> Kept:
    if array.ndim < 2 or not len(array) or not array[0].numel():
        raise BadData(f"samples are (N, ...); {place} holds {tuple(array.shape)}")
    if array.dtype == torch.uint8 and array.ndim in (3, 4):
        return Kept(_channels_first(array).float().div(127.5).sub(1), 256, [])
    x = array if array.dtype == torch.float64 else array.float()
    if array.ndim != 4:
        return Kept(x.flatten(1), 0, [])
    x = _channels_first(x)
    known = x[torch.isfinite(x)]
    low, high = (float(known.min()), float(known.max())) if known.numel() else (0.0, 0.0)
    if low < 0:
        return Kept(x.clamp(-1, 1), 0, [] if high <= 1.01 and low >= -1.01 else [_clipped(place)])
    top = 1.0 if high <= 1.01 else 255.0
    note = f"the images of {place} are {low:.3g} .. {high:.3g}, and are taken for 0 .. {top:g}"
    return Kept((2 * x / top - 1).clamp(-1, 1), 0, [note])


def _clipped(place: Path) -> str:
    return f"the images of {place} go beyond -1 .. 1, and are clipped to it"


def _channels_first(x: Tensor) -> Tensor:
    if x.ndim == 3:
        return x[:, None]
    if x.shape[1] not in (1, 3) and x.shape[3] in (1, 3):
        return x.permute(0, 3, 1, 2).contiguous()
    return x


def _folder(folder: Path, size: int, on_progress: OnProgress | None) -> Kept:
    names = pictures_in(folder)
    if not names:
        raise MissingData(f"{folder} holds no pictures; nor do the folders in it")

    def read(name: str) -> tuple[np.ndarray | None, str, tuple[int, int]]:
        try:
            with Image.open(folder / name) as picture:
                mode, whole = picture.mode, picture.size
                made = square(picture, size) if size else picture.convert(_grey_or_colour(mode))
                return np.asarray(made), mode, whole
        except Exception as error:  # decoders raise anything on a damaged file
            return None, f"{type(error).__name__}: {error}".replace(str(folder), "."), (0, 0)

    found = []
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        for done, each in enumerate(pool.map(read, names), start=1):
            found.append(each)
            if on_progress is not None:
                on_progress("reading pictures", done, len(names))
    bad = {n: each[1] for n, each in zip(names, found, strict=True) if each[0] is None}
    good = [(pixels, mode, whole) for pixels, mode, whole in found if pixels is not None]
    notes = [_unreadable(folder, bad, len(names))] if bad else []
    if not good:
        raise BadData(notes[0])
    if not size:
        _check_sizes(folder, Counter(whole for _, _, whole in good))
    modes = Counter(mode for _, mode, _ in good)
    if len(modes) > 1:
        listed = ", ".join(f"{count} {mode}" for mode, count in modes.most_common())
        notes.append(f"the pictures of {folder} are of several modes ({listed})")
    arrays = [pixels for pixels, _, _ in good]
    if len({a.ndim for a in arrays}) > 1:
        notes[-1] += "; all are taken for colour"
        arrays = [a if a.ndim == 3 else np.repeat(a[:, :, None], 3, 2) for a in arrays]
    pixels = torch.from_numpy(np.stack(arrays))
    return Kept(_channels_first(pixels).float().div(127.5).sub(1), 256, notes)


def _grey_or_colour(mode: str) -> str:
    return "L" if mode in ("1", "L", "LA") else "RGB"


def _check_sizes(folder: Path, sizes: Counter[tuple[int, int]]) -> None:
    if len(sizes) == 1:
        return
    listed = ", ".join(f"{count} of {w} x {h}" for (w, h), count in sizes.most_common(_NAMED))
    more = f" and {len(sizes) - _NAMED} further sizes" if len(sizes) > _NAMED else ""
    usual = min(sizes.most_common(1)[0][0])
    raise BadData(
        f"the pictures of {folder} are of {len(sizes)} sizes: {listed}{more}. "
        f"size={usual} (--size {usual}) would crop all to squares and resize them to one"
    )


def _unreadable(folder: Path, bad: dict[str, str], total: int) -> str:
    named = "; ".join(f"{name} ({reason})" for name, reason in list(bad.items())[:_NAMED])
    more = f"; and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
    return f"{len(bad)} of {total} pictures of {folder} cannot be read: {named}{more}"
