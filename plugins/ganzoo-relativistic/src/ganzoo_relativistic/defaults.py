"""What the first relativistic losses were trained with."""

from __future__ import annotations

import ganzoo

__all__ = ["DEFAULTS"]

DEFAULTS = ganzoo.Defaults(
    batch=32,
    origin="the common default since DCGAN (arXiv 1511.06434), with the batch of the authors' code",
)
