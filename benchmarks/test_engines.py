"""What the engines make of the same run: eager, compiled, recorded as CUDA graphs, and several
seeds at once. README.md has the command and the columns.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import pytest
import torch

import ganzoo
from benchmarks.stopwatch import Stopwatch, clock
from ganzoo.recipe import Choice, Recipe, assemble
from ganzoo.train.engines.replicas import ReplicaEngine

LOSSES = ("nonsaturating", "wgan-gp", "rpgan-r1r2")
GAMES = {"ring8": ("ring8", None), "mlp8": ("digits", "mlp"), "dcgan8": ("digits", "dcgan")}
ENGINES = ("compiled", "cudagraph", "seeds")


def trainer(loss: str, game: str, device: torch.device, **settings: Any) -> ganzoo.Trainer:
    """A trainer whose meters are not read in a measured step."""
    dataset, architecture = GAMES[game]
    recipe = Recipe(
        loss=Choice(loss),
        dataset=Choice(dataset),
        architecture=Choice(architecture) if architecture else None,
        settings={"report_every": 10**9, "device": str(device), "engine": "eager", **settings},
    )
    return assemble(recipe).trainer


def stepping(
    engine: str, loss: str, game: str, device: torch.device, batch: dict[str, int], *, seeds: int
) -> tuple[Callable[[], None], int]:
    """What takes a step by an engine, and of how many runs it is one."""
    if engine != "seeds":
        own = trainer(loss, game, device, **batch, engine=engine)
        if own.engine_choice.name != engine:
            pytest.skip(own.engine_choice.reason)
        return own.step, 1
    trainers = [trainer(loss, game, device, **batch, seed=seed) for seed in range(seeds)]
    try:
        together = ReplicaEngine([each.engine.table for each in trainers])
    except ganzoo.Incompatible as error:
        pytest.skip(str(error))

    def step() -> None:
        first = trainers[0]
        for plan, index in first.plans():
            together.turn(plan, index=index, step=first.done)
        together.finish(first.done)
        for each in trainers:
            each.advance()

    return step, seeds


@pytest.mark.benchmark(timer=clock)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("engine", ENGINES)
def test_engine(
    benchmark: Any,
    engine: str,
    game: str,
    loss: str,
    device: torch.device,
    budget: float,
    *,
    seeds: int,
) -> None:
    benchmark.group = f"{game} {loss}"
    if not benchmark.enabled and engine == "compiled":
        pytest.skip("compiling takes a minute; --benchmark-enable measures it")
    batch = {} if benchmark.enabled else {"batch": 4}
    step, runs = stepping(engine, loss, game, device, batch, seeds=seeds)
    if not benchmark.enabled:
        benchmark.pedantic(step)
        return
    eager = trainer(loss, game, device)
    rival, own = Stopwatch(eager.step), Stopwatch(step)
    first = Stopwatch(step)
    for _ in range(24):  # lists are made at step 20, graphs recorded at the fourth, code at first
        first()
        rival()
    rounds = max(5, min(100, round(budget / first.wall[-1])))
    rival.wall.clear()
    rival.processor.clear()
    benchmark.pedantic(own, setup=rival, rounds=rounds, iterations=1)
    kind = "wall" if device.type == "cuda" else "processor"
    pairs = zip(getattr(own, kind), getattr(rival, kind), strict=False)
    ratios = [mine / (runs * theirs) for mine, theirs in pairs]
    benchmark.extra_info.update(
        runs=runs,
        first_step_seconds=round(first.wall[0], 2),
        eager_milliseconds=round(1e3 * statistics.median(getattr(rival, kind)), 3),
        **{f"{kind}_time_over_eager": round(statistics.median(ratios), 3)},
    )
    assert rounds >= 5
