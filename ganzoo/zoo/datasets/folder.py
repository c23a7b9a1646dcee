"""A folder of pictures, read once and kept as bytes."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from ganzoo.errors import BadData, BadOption, MissingData, MissingDependency
from ganzoo.game import TensorSource
from ganzoo.zoo.datasets.pictures import picture_source

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["images", "pictures_in", "square"]

_ENDINGS = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
_NAMED = 5  # unreadable files that a message names


def pictures_in(folder: Path) -> list[str]:
    """Names below the folder, with forward slashes, in an order that no system changes."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix.lower() in _ENDINGS and path.is_file() and not path.name.startswith(".")
    )


def square(picture: Image.Image, size: int) -> Image.Image:
    """The centre of a picture, ``size`` pixels a side, upright and in colour."""
    from PIL import Image, ImageOps

    side = min(picture.size)
    if picture.format == "JPEG":
        # Decodes at a half, quarter or eighth of the size, still twice what is wanted.
        picture.draft("RGB", (2 * size * picture.width // side, 2 * size * picture.height // side))
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    side = min(upright.size)
    left, top = (upright.width - side) // 2, (upright.height - side) // 2
    box = (left, top, left + side, top + side)
    return upright.resize((size, size), Image.Resampling.BICUBIC, box=box)


def _read_all(folder: Path, names: list[str], size: int) -> tuple[Tensor, dict[str, str]]:
    """Pictures ``(N, 3, size, size)`` of uint8, and why some could not be read, by name."""
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingDependency(
            f"reading pictures needs Pillow, which cannot be imported ({error}); "
            "'pip install pillow' would do"
        ) from error
    pictures = torch.zeros(len(names), size, size, 3, dtype=torch.uint8)

    def read(place: int) -> str:
        try:
            with Image.open(folder / names[place]) as picture:
                content = bytearray(square(picture, size).tobytes())
        except Exception as error:  # decoders raise anything on a damaged file
            return f"{type(error).__name__}: {error}"
        pictures[place] = torch.frombuffer(content, dtype=torch.uint8).view(size, size, 3)
        return ""

    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        reasons = list(pool.map(read, range(len(names))))
    bad = {name: reason for name, reason in zip(names, reasons, strict=True) if reason}
    good = torch.tensor([place for place, reason in enumerate(reasons) if not reason])
    if bad and len(good):
        pictures = pictures[good]
    return pictures.permute(0, 3, 1, 2).contiguous(), bad


def _report(folder: Path, bad: dict[str, str], total: int) -> None:
    if not bad:
        return
    named = "; ".join(f"{name} ({reason})" for name, reason in list(bad.items())[:_NAMED])
    more = f"; and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
    message = f"{folder}: {len(bad)} of {total} pictures cannot be read: {named}{more}"
    if total - len(bad) < 2:
        raise BadData(f"{message}. At least two that can be read are needed.")
    warnings.warn(message, stacklevel=3)


def _check_memory(count: int, size: int) -> None:
    needed = 2 * 3 * count * size * size  # once as read, once as dealt
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # this system does not say
        return
    if needed > memory:
        raise BadOption(
            f"{count} pictures at size={size} need {needed / 2**30:.1f} GiB while they are "
            f"read; this machine has {memory / 2**30:.1f}. A smaller size or fewer would fit."
        )


def _labels(folder: Path, names: list[str]) -> tuple[Tensor | None, int]:
    classes = sorted({name.split("/")[0] for name in names if "/" in name})
    loose = sum("/" not in name for name in names)
    if loose and classes:
        warnings.warn(
            f"{folder}: {loose} pictures lie beside the folders {', '.join(classes[:_NAMED])}; "
            "there are no labels, because not every picture lies in a folder of its class",
            stacklevel=3,
        )
    if loose or len(classes) < 2:
        return None, 0
    place = {name: number for number, name in enumerate(classes)}
    return torch.tensor([place[name.split("/")[0]] for name in names]), len(classes)


def _split(names: list[str], share: float) -> Iterator[Tensor]:
    """Places of the training pictures, then of the held-out ones; neither is empty."""
    digests = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names]
    hashes = [int.from_bytes(digest, "big") / 2.0**64 for digest in digests]
    order = sorted(range(len(names)), key=hashes.__getitem__)
    held_out = sum(number < share for number in hashes)
    held_out = min(max(held_out, 1), len(names) - 1)
    yield torch.tensor(sorted(order[held_out:]))
    yield torch.tensor(sorted(order[:held_out]))


def images(*, root: str | Path, size: int = 64, test_share: float = 0.1) -> TensorSource:
    """Pictures of a folder and the folders in it, cropped to squares and resized.

    Every file is read once, by a few threads; the set is kept as bytes in memory. If every
    picture lies in one of several folders, these are the classes, in the order of their
    names. Whether a picture is held out depends on a hash of its name below ``root``, so
    neither on chance nor on which others there are.

    Args:
        root: the folder; bmp, gif (the first frame), jpeg, png, tiff and webp are read.
        size: pixels a side of the centre square, by antialiased bicubic sampling.
        test_share: the share that is held out, about.

    Returns:
        A source of pictures ``(N, 3, size, size)`` in -1 .. 1.

    Raises:
        BadData: fewer than two pictures can be read; it names the first few and says why.
            Where more can be, that is a warning.
        BadOption: ``size`` is below 1 or needs more memory than there is, or
            ``test_share`` is not between 0 and 1.
        MissingData: ``root`` is no folder, or holds fewer than two pictures.
        MissingDependency: Pillow cannot be imported.
    """
    if size < 1:
        raise BadOption(f"size={size}: at least 1 pixel")
    if not 0 < test_share < 1:
        raise BadOption(f"test_share={test_share}: above 0 and below 1")
    folder = Path(root).expanduser()
    if not folder.is_dir():
        raise MissingData(f"images: root={str(root)!r} is no folder")
    names = pictures_in(folder)
    if len(names) < 2:
        raise MissingData(
            f"images: {folder} and the folders in it hold {len(names)} pictures; at least two "
            f"are needed, with names that end in {', '.join(sorted(_ENDINGS))}"
        )
    _check_memory(len(names), size)
    pictures, bad = _read_all(folder, names, size)
    _report(folder, bad, len(names))
    names = [name for name in names if name not in bad]
    labels, classes = _labels(folder, names)
    train, test = (
        (pictures[places], None if labels is None else labels[places])
        for places in _split(names, test_share)
    )
    return picture_source(train, test, classes=classes, latent=128)
