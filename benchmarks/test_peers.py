"""A step of ganzoo against what somebody would train with otherwise.

The same networks with the same weights, the same batch, learning rates and optimiser; a loop
as the public scripts write it, the libraries that still install, and ganzoo, one after the
other in each round. README.md has the command; without measuring, each takes one step.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import pytest
import torch

import ganzoo
from benchmarks.peers.libraries import LIBRARIES, Unfit
from benchmarks.peers.table import NETWORKS, Table, objective
from benchmarks.peers.textbook import TURNS, textbook
from benchmarks.stopwatch import Stopwatch, clock

OTHERWISE: dict[str, dict[str, Any]] = {
    "ganzoo bfloat16": {"precision": "bfloat16"},
    "ganzoo reuse_fakes": {"reuse_fakes": True},
    "ganzoo bfloat16 reuse_fakes": {"precision": "bfloat16", "reuse_fakes": True},
}
"""ganzoo again, with settings other than the usual ones."""


def contenders(table: Table) -> tuple[dict[str, Callable[[], object]], dict[str, str]]:
    """A step of each, and why the others take no part."""
    steps: dict[str, Callable[[], object]] = {"textbook": textbook(table.players(), table.loss)}
    absent = {}
    for name, library in LIBRARIES.items():
        try:
            steps[name] = library(table.players(), table.loss)
            steps[name]()
        except Unfit as reason:
            absent[name] = str(reason)
        except Exception as error:  # of another year's torch: anything may be raised
            steps.pop(name, None)
            absent[name] = f"{name} does not run: {type(error).__name__}: {error}"
    steps["ganzoo"] = table.trainer().step
    steps |= {name: table.trainer(**settings).step for name, settings in OTHERWISE.items()}
    return steps, absent


@pytest.mark.benchmark(timer=clock)
@pytest.mark.parametrize("loss", TURNS)
@pytest.mark.parametrize("network", NETWORKS)
def test_peers(
    benchmark: Any, network: str, loss: str, device: torch.device, budget: float
) -> None:
    benchmark.group = network
    table = Table(network, loss, device, small=not benchmark.enabled)
    steps, absent = contenders(table)
    watches = {name: Stopwatch(step) for name, step in steps.items()}
    for watch in watches.values():
        watch()
    own = watches.pop("ganzoo")
    longest = sum(watch.wall[-1] for watch in watches.values())
    rounds = max(3, min(100, round(budget / longest))) if benchmark.enabled else 1

    def others() -> None:
        for watch in watches.values():
            watch()

    benchmark.pedantic(own, setup=others, rounds=rounds, iterations=1)
    kind = "wall" if device.type == "cuda" else "processor"
    first = getattr(watches["textbook"], kind)[1:]
    for name, watch in {**watches, "ganzoo": own}.items():
        each = getattr(watch, kind)[1:]
        ratios = [a / b for a, b in zip(each, first, strict=True)]
        quartiles = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
        assert all(ratio > 0 for ratio in ratios)
        benchmark.extra_info[name] = {
            f"{kind}_milliseconds": round(1e3 * statistics.median(each), 3),
            "over_textbook": [round(ratio, 3) for ratio in quartiles],
        }
    benchmark.extra_info["absent"] = absent


@pytest.mark.parametrize("network", NETWORKS)
def test_plain_networks_are_the_same_functions(network: str, device: torch.device) -> None:
    table = Table(network, "nonsaturating", device, small=True)
    players, game = table.players(), table.game(objective("nonsaturating")).to(device)
    z, x = players.noise(), players.real()
    for own, other in (
        (players.generator(z), game.generator(z)),
        (players.discriminator(x).squeeze(1), game.discriminator(x).score),
    ):
        torch.testing.assert_close(own, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("loss", [name for name in TURNS if name != "hinge + spectral-norm"])
def test_the_textbook_s_losses_are_ganzoo_s(loss: str, device: torch.device) -> None:
    from benchmarks.peers.textbook import DISCRIMINATOR, GENERATOR

    real, fake = torch.randn(2, 8, 1, device=device)
    terms = objective(loss).terms
    made = ganzoo.Objective(terms[0])  # of wgan-gp the first: the penalty draws its own points
    on_real, on_fake = DISCRIMINATOR[loss]

    def scores(x: torch.Tensor) -> torch.Tensor:
        return x

    own = made.discriminator_loss(scores, real=real, fake=fake)
    torch.testing.assert_close(own, on_real(real) + on_fake(fake))
    torch.testing.assert_close(made.generator_loss(scores, fake=fake), GENERATOR[loss](fake))
