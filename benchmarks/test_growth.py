"""How cost and memory grow: with the batch, the resolution, and the number of objectives.

Costs are processor seconds on a CPU and wall-clock seconds on CUDA, of whole training steps;
``over_smallest`` is the cost of a sample against the smallest size of the same row, measured
in turns with it. README.md has the command and what comes out.
"""

from __future__ import annotations

import statistics
from typing import Any

import pytest
import torch

import ganzoo
from benchmarks.limits import counted
from benchmarks.memory import MEBIBYTE, step_peak
from benchmarks.stopwatch import Stopwatch, clock
from ganzoo.recipe.assembly import assemble
from ganzoo.recipe.recipe import Choice, Recipe

BATCHES = (16, 32, 64, 128)
SIDES = (16, 32, 64)
COUNTS = (1, 2, 4)
LOSSES = ("nonsaturating", "wgan-gp")


def trainer(loss: str, device: torch.device, *, side: int = 32, batch: int = 64) -> ganzoo.Trainer:
    """Of dcgan on random images."""
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(256, 3, side, side, generator=generator) * 2 - 1
    recipe = Recipe(
        loss=Choice(loss),
        dataset=Choice("random"),
        architecture=Choice("dcgan"),
        settings={"steps": 10**9, "report_every": 10**9, "batch": batch, "device": str(device)},
    )
    return assemble(recipe, source=ganzoo.TensorSource(images, images)).trainer


def grown(
    benchmark: Any, smallest: ganzoo.Trainer, own: ganzoo.Trainer, ratio: float, budget: float
) -> None:
    """Time two trainers in turns; ``ratio`` is how many samples one has for the other's."""
    first, second = Stopwatch(smallest.step), Stopwatch(own.step)
    for watch in (first, second):
        watch()
        watch()
    rounds = max(3, min(100, round(budget / second.wall[-1]))) if benchmark.enabled else 1
    for watch in (first, second):
        watch.forget()
    benchmark.pedantic(second, setup=first, rounds=rounds, iterations=1)
    kind = "wall" if own.device.type == "cuda" else "processor"
    pairs = zip(getattr(second, kind), getattr(first, kind), strict=True)
    batch = own.settings.batch
    benchmark.extra_info.update(
        **{
            f"{kind}_milliseconds_per_sample": round(
                1e3 * statistics.median(getattr(second, kind)) / batch, 4
            )
        },
        over_smallest=round(statistics.median(a / b for a, b in pairs) / ratio, 3),
        gigaflop_per_sample=round(counted(own.step).operations / batch / 1e9, 4),
        step_peak_mebibytes_per_sample=round(step_peak(own) / MEBIBYTE / batch, 3),
    )
    assert own.done > rounds


@pytest.mark.benchmark(timer=clock)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("batch", BATCHES)
def test_batch(benchmark: Any, batch: int, loss: str, device: torch.device, budget: float) -> None:
    benchmark.group = f"batch {loss}"
    if not benchmark.enabled:
        batch = {16: 2, 32: 3, 64: 4, 128: 5}[batch]
    smallest = BATCHES[0] if benchmark.enabled else 2
    one = trainer(loss, device, batch=smallest)
    grown(benchmark, one, trainer(loss, device, batch=batch), batch / smallest, budget)


@pytest.mark.benchmark(timer=clock)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("side", SIDES)
def test_resolution(
    benchmark: Any, side: int, loss: str, device: torch.device, budget: float
) -> None:
    benchmark.group = f"resolution {loss}"
    if side > SIDES[1] and not benchmark.enabled:
        pytest.skip("two sides show that it works")
    batch = 16 if benchmark.enabled else 2
    one = trainer(loss, device, side=SIDES[0], batch=batch)
    grown(benchmark, one, trainer(loss, device, side=side, batch=batch), 1.0, budget)


@pytest.mark.benchmark(timer=clock)
@pytest.mark.parametrize("count", COUNTS)
def test_comparison(benchmark: Any, count: int, tmp_path: Any) -> None:
    """A comparison of more objectives, one worker, from its start to its records."""
    if count > 1 and not benchmark.enabled:
        pytest.skip("one comparison shows that it works")
    names = ["nonsaturating", "hinge", "lsgan", "wgan"][:count]
    steps = 200 if benchmark.enabled else 2
    plan = {"losses": names, "tasks": ["ring8"], "seeds": 1, "settings": {"steps": steps}}
    benchmark.group = "objectives in a comparison"
    result = benchmark.pedantic(
        ganzoo.compare, args=(plan,), kwargs={"directory": tmp_path, "workers": 1}, rounds=1
    )
    assert len(result.records) == count
    assert all(record.status == "finished" for record in result.records)
