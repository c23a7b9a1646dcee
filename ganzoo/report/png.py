"""Arrays as PNG files inside a page, by the standard library alone."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

__all__ = ["data_uri"]

COLOUR_TYPES = {2: 4, 4: 6}  # channels, the last one alpha -> PNG's number for it


def data_uri(pixels: NDArray[np.uint8]) -> str:
    """A picture ``(height, width, 2)`` of grey and alpha, or ``(height, width, 4)`` of red,
    green, blue and alpha, as a ``data:`` address.
    """
    height, width, channels = pixels.shape
    # A filter byte of 0 ("none") stands before every row.
    rows = np.concatenate(
        [np.zeros((height, 1), np.uint8), pixels.reshape(height, width * channels)], axis=1
    )
    header = struct.pack(">IIBBBBB", width, height, 8, COLOUR_TYPES[channels], 0, 0, 0)
    packed = zlib.compress(rows.tobytes(), 9)
    file = b"\x89PNG\r\n\x1a\n"
    file += _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")
    return f"data:image/png;base64,{base64.b64encode(file).decode()}"


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check
