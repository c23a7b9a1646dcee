"""Clocks of the benchmarks."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

__all__ = ["Stopwatch", "clock"]


def clock() -> float:
    """Wall-clock seconds, once the device has done all that was asked of it."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


class Stopwatch:
    """Takes steps, and keeps the wall-clock and processor seconds of each."""

    def __init__(self, step: Callable[[], object]) -> None:
        self.step = step
        self.wall: list[float] = []
        self.processor: list[float] = []

    def forget(self) -> None:
        """Drop what was taken so far: it warmed up."""
        self.wall.clear()
        self.processor.clear()

    def __call__(self) -> None:
        wall, processor = clock(), time.process_time()
        self.step()
        self.wall.append(clock() - wall)
        self.processor.append(time.process_time() - processor)
