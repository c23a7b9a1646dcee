"""What a trainer holds from step to step, and what a step needs beyond it."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

import ganzoo
from benchmarks.stopwatch import clock

__all__ = ["MEBIBYTE", "held", "step_peak"]

MEBIBYTE = 2**20


def held(trainer: ganzoo.Trainer) -> int:
    """Bytes of everything that lasts from step to step: weights, their average, optimisers."""
    sizes: dict[int, int] = {}

    def visit(value: Any) -> None:
        if isinstance(value, torch.Tensor):
            sizes[value.data_ptr()] = value.numel() * value.element_size()
        elif isinstance(value, dict | list | tuple):
            for each in value.values() if isinstance(value, dict) else value:
                visit(each)

    visit(trainer.state_dict())
    return sum(sizes.values())


def step_peak(trainer: ganzoo.Trainer) -> int:
    """The most bytes of tensors that one step has alive at once, beyond those it found."""
    for parameter in (*trainer.game.parameters(), *trainer.objective.parameters()):
        parameter.grad = None  # the step frees them, and would be credited with them
    if trainer.device.type == "cuda":
        clock()
        torch.cuda.reset_peak_memory_stats(trainer.device)
        before = torch.cuda.memory_allocated(trainer.device)
        trainer.step()
        clock()
        return torch.cuda.max_memory_allocated(trainer.device) - before
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        trainer.step()
    with TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.json"
        profiled.export_chrome_trace(str(trace))
        every = json.loads(trace.read_text())["traceEvents"]
    events = [event for event in every if event["name"] == "[memory]"]
    alive = most = 0
    for event in sorted(events, key=lambda e: e["ts"]):
        alive += event["args"]["Bytes"]
        most = max(most, alive)
    return most
