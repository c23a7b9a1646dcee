"""A turn: what is static about it, and what is drawn for it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ganzoo.game import Stream

__all__ = ["Plan", "Turn"]

Plan = tuple[str, tuple[int, ...]]
"""Who moves, and the positions of the terms that speak: all that is static about a turn."""


@dataclass
class Turn:
    """What was drawn for one turn: real samples ``(N, *shape)``, their labels ``(N,)`` or
    None, latent vectors ``(N, latent)``, and the stream that the terms draw from; and the
    samples ``(N, *shape)`` of these vectors with their graph, where a turn before made them.
    """

    real_x: Tensor
    labels: Tensor | None
    z: Tensor
    noise: Stream
    fake_x: Tensor | None = None
