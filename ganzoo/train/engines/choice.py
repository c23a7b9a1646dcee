"""Which engine carries a game out, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch

from ganzoo.train.engines.cudagraph import CudaRecorder, RecordingEngine
from ganzoo.train.engines.eager import EagerEngine
from ganzoo.train.engines.reusing import ReusingEngine
from ganzoo.train.engines.table import Engine, Table

__all__ = ["EngineChoice", "EngineName", "choose", "device_of", "seat"]

EngineName = Literal["auto", "eager", "compiled", "cudagraph"]


@dataclass(frozen=True)
class EngineChoice:
    """The name of an engine, and in a sentence why it is this one."""

    name: Literal["eager", "compiled", "cudagraph"]
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


def choose(asked: EngineName, table: Table) -> EngineChoice:
    """The engine that was asked for where it can be, and for ``"auto"`` the fastest one."""
    if asked in ("eager", "compiled"):
        return EngineChoice(asked, "it was asked for")
    if table.settings.reuse_fakes:
        return EngineChoice("eager", "it alone goes on with a graph of another turn (reuse_fakes)")
    obstacle = _unrecordable(table)
    if not obstacle:
        why = "it was asked for" if asked == "cudagraph" else "launches bind small networks"
        return EngineChoice("cudagraph", f"{why}, and every turn can be recorded")
    asking = "cudagraph was asked for, but " if asked == "cudagraph" else ""
    if not asking and table.streams.noise.device.type == "cpu":
        obstacle = "on a CPU compiling pays in long runs alone, and there are no launches to save"
    return EngineChoice("eager", f"{asking}{obstacle}")


def _unrecordable(table: Table) -> str:
    """Why no turn can be recorded; empty where nothing is known against it."""
    device = table.streams.noise.device
    if device.type != "cuda":
        return f"graphs are recorded on CUDA alone, and this runs on {device.type}"
    for part in (table.game, table.objective):
        for module in part.modules():
            reason = getattr(module, "unrecordable", "")
            if isinstance(reason, str) and reason:
                return f"{type(module).__name__} cannot be recorded: {reason}"
    return ""


def seat(choice: EngineChoice, table: Table) -> Engine:
    """The engine of a choice, at a table."""
    if choice.name == "cudagraph":
        return RecordingEngine(table, CudaRecorder(table.streams.noise.device))
    if choice.name == "compiled":
        from ganzoo.train.engines.compiled import CompiledEngine  # which loads the compiler

        return CompiledEngine(table)
    return ReusingEngine(table) if table.settings.reuse_fakes else EagerEngine(table)


def device_of(name: str) -> torch.device:
    """The device of a name; ``"auto"`` is CUDA where there is one, else the CPU."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)
