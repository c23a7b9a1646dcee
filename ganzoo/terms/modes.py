"""Modes of torch that a term sets aside where it must: autocast, and not recording gradients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from torch import Tensor

__all__ = ["autocasts", "outside_autocast", "recording"]


def outside_autocast(x: Tensor) -> AbstractContextManager[object]:
    """Full precision on the device of ``x``, for what bfloat16 would round away: differences
    of near scores, gradients of gradients.
    """
    return torch.autocast(x.device.type, enabled=False) if autocasts(x) else nullcontext()


@contextmanager
def recording() -> Iterator[None]:
    """Gradients can be taken within, wherever that is: in a measurement under ``torch.no_grad``
    or ``torch.inference_mode`` too.
    """
    measured = torch.is_inference_mode_enabled()
    with torch.inference_mode(False) if measured else nullcontext(), torch.enable_grad():
        yield


def autocasts(x: Tensor) -> bool:
    """Whether autocast is on for the device of ``x``."""
    device = x.device.type
    # of a device without autocast, as meta, torch refuses to say whether it is on
    return _has_autocast(device) and torch.is_autocast_enabled(device)


# torch 2.11 cannot trace it
@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _has_autocast(device: str) -> bool:
    return torch.amp.is_autocast_available(device)
