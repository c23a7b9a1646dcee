"""What one training step costs: a generator's turn, and the discriminator's turns before it.

Every registered loss, on a small perceptron and on DCGAN, with the same data, networks, batch
and optimiser, so that what differs is the loss. README.md has the command and the columns.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import torch
from torch.profiler import ProfilerActivity, profile

import ganzoo

BATCH = 64
NETWORKS = {"mlp28": ("mlp", (1, 28, 28)), "dcgan32": ("dcgan", (3, 32, 32))}
LOSSES: dict[str, tuple[str, tuple[str, ...]]] = {
    found.entry.name: (found.id, ()) for found in ganzoo.registry.entries("losses")
}
LOSSES["hinge + spectral-norm"] = ("ganzoo:hinge", ("spectral-norm",))
REFERENCE = "nonsaturating"
MEBIBYTE = 2**20


def clock() -> float:
    """Wall-clock seconds, once the device has done all that was asked of it."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


class Stopwatch:
    """Takes steps, and keeps the wall-clock and processor seconds of each."""

    def __init__(self, step: Callable[[], None]) -> None:
        self.step = step
        self.wall: list[float] = []
        self.processor: list[float] = []

    def __call__(self) -> None:
        wall, processor = clock(), time.process_time()
        self.step()
        self.wall.append(clock() - wall)
        self.processor.append(time.process_time() - processor)


def seat(network: str, loss: str, device: torch.device, batch: int = BATCH) -> ganzoo.Trainer:
    """A trainer of a loss on random images that live on the device."""
    architecture, shape = NETWORKS[network]
    name, add = LOSSES[loss]
    objective = ganzoo.get_loss(name, add=add)
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(16 * BATCH, *shape, generator=generator) * 2 - 1
    labels = torch.arange(len(images)) % 10 if objective.conditional else None
    source = ganzoo.TensorSource(
        images, images, train_labels=labels, test_labels=labels, classes=0 if labels is None else 10
    )
    try:
        networks = ganzoo.get_architecture(architecture, source.spec)
        game = ganzoo.Game.seat(networks, objective, source.spec)
    except ganzoo.Incompatible as error:
        pytest.skip(str(error))
    # Adam for all, not each paper's optimiser; and no meter is read in a measured step.
    never = 10**9
    settings = ganzoo.Settings(
        steps=never, batch=batch, device=str(device), report_every=never, latent=source.spec.latent
    )
    return ganzoo.Trainer(game, objective, source, settings)


@pytest.fixture(scope="session")
def reference(device: torch.device) -> Callable[[str], ganzoo.Trainer]:
    """The trainer of the reference loss on a network, warm, the same throughout."""
    seated: dict[str, ganzoo.Trainer] = {}

    def of(network: str) -> ganzoo.Trainer:
        if network not in seated:
            seated[network] = seat(network, REFERENCE, device)
            seated[network].step()
        return seated[network]

    return of


@pytest.mark.benchmark(timer=clock)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("network", NETWORKS)
def test_step(
    benchmark: Any,
    reference: Callable[[str], ganzoo.Trainer],
    network: str,
    loss: str,
    device: torch.device,
    budget: float,
) -> None:
    benchmark.group = network
    if not benchmark.enabled:
        trainer = seat(network, loss, device, batch=4)
        benchmark.pedantic(trainer.step)
        assert trainer.done == 1
        return
    trainer, rival = seat(network, loss, device), Stopwatch(reference(network).step)
    own = Stopwatch(trainer.step)
    trainer.step()
    own()
    rounds = max(3, min(100, round(budget / own.wall.pop())))
    own.processor.clear()
    # A step of the reference before each measured one: what slows the machine slows both.
    benchmark.pedantic(own, setup=rival, rounds=rounds, iterations=1)
    median, turns = statistics.median(own.wall), trainer.objective.turns("discriminator")
    kind = "wall" if device.type == "cuda" else "processor"
    ratios = [a / b for a, b in zip(getattr(own, kind), getattr(rival, kind), strict=False)]
    benchmark.extra_info.update(
        batch=BATCH,
        discriminator_turns_per_step=turns,
        discriminator_real_images_per_second=round(BATCH * turns / median, 1),
        generator_images_per_second=round(BATCH / median, 1),
        processor_milliseconds_per_step=round(1e3 * statistics.median(own.processor), 3),
        **{f"{kind}_time_over_{REFERENCE}": round(statistics.median(ratios), 3)},
        held_mebibytes=round(held(trainer) / MEBIBYTE, 2),
        step_peak_mebibytes=round(step_peak(trainer) / MEBIBYTE, 2),
    )
    assert trainer.done >= rounds
    assert all(bool(p.isfinite().all()) for p in trainer.game.parameters())


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
