"""What ``ganzoo.get_loss`` costs in a training loop of one's own, against the formula written
out by hand.

One loop, twice: a turn of each player on networks of plain layers, with Adam. They differ in
where the loss comes from and in nothing else, take turns in one process, and end at the same
weights. README.md has the command; without measuring, each takes one step.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import relu, softplus
from torch.optim import SGD

import ganzoo
from benchmarks.peers.table import Table
from benchmarks.peers.textbook import Players, penalty
from benchmarks.stopwatch import Stopwatch, clock

NETWORKS = ("mlp28", "dcgan32")

DISCRIMINATOR: dict[str, Callable[[nn.Module, Tensor, Tensor], Tensor]] = {
    "nonsaturating": lambda D, x, y: softplus(-D(x)).mean() + softplus(D(y)).mean(),
    "hinge": lambda D, x, y: relu(1 - D(x)).mean() + relu(1 + D(y)).mean(),
    "lsgan": lambda D, x, y: ((D(x) - 1) ** 2).mean() / 2 + (D(y) ** 2).mean() / 2,
    "wgan-gp": lambda D, x, y: D(y).mean() - D(x).mean() + 10 * penalty(D, x, y),
}
"""By hand, of real and of generated samples without a graph."""

GENERATOR: dict[str, Callable[[Tensor], Tensor]] = {
    "nonsaturating": lambda score: softplus(-score).mean(),
    "hinge": lambda score: -score.mean(),
    "lsgan": lambda score: ((score - 1) ** 2).mean() / 2,
    "wgan-gp": lambda score: -score.mean(),
}
"""By hand, of the scores of generated samples."""


def iteration(
    players: Players,
    on_discriminator: Callable[[Tensor, Tensor], Tensor],
    on_generator: Callable[[Tensor, Tensor], Tensor],
    after: Callable[[], None],
) -> Callable[[], None]:
    """A turn of each player."""

    def step() -> None:
        real, fake = players.real(), players.generator(players.noise())
        players.discriminator_optimizer.zero_grad()
        on_discriminator(real, fake).backward()
        players.discriminator_optimizer.step()
        after()
        fake = players.generator(players.noise())
        players.generator_optimizer.zero_grad()
        on_generator(real, fake).backward()
        players.generator_optimizer.step()

    return step


def by_hand(players: Players, loss: str) -> Callable[[], None]:
    """The loop with formulas."""
    judging = players.discriminator
    return iteration(
        players,
        lambda real, fake: DISCRIMINATOR[loss](judging, real, fake.detach()),
        lambda _, fake: GENERATOR[loss](judging(fake)),
        lambda: None,
    )


def by_ganzoo(players: Players, loss: str) -> Callable[[], None]:
    """The loop with :func:`ganzoo.get_loss`, as README.md has it."""
    judging, made = players.discriminator, ganzoo.get_loss(loss)
    return iteration(
        players,
        lambda real, fake: made.discriminator_loss(judging, real=real, fake=fake),
        lambda real, fake: made.generator_loss(judging, fake=fake, real=real),
        lambda: made.after_discriminator_step(judging),
    )


def check(table: Table, loss: str) -> None:
    """Fail unless both loops come to the same weights, up to the rounding of sums in another
    order: by plain descent, because Adam's first steps are signs, of what rounding leaves too.
    """
    loops = []
    for loop in (by_hand, by_ganzoo):
        players = table.players()
        players.generator_optimizer = SGD(players.generator.parameters(), 0.01)
        players.discriminator_optimizer = SGD(players.discriminator.parameters(), 0.01)
        before = [p.detach().clone() for net in players.networks for p in net.parameters()]
        torch.manual_seed(1)  # the same noise for both
        step = loop(players, loss)
        for _ in range(3):
            step()
        now = [p.detach() for net in players.networks for p in net.parameters()]
        loops.append([after - start for after, start in zip(now, before, strict=True)])
    assert sum(bool(change.any()) for change in loops[0]) > len(loops[0]) / 2
    for own, other in zip(*loops, strict=True):
        torch.testing.assert_close(own, other, rtol=1e-3, atol=1e-6)


@pytest.mark.benchmark(timer=clock)
@pytest.mark.parametrize("loss", DISCRIMINATOR)
@pytest.mark.parametrize("network", NETWORKS)
def test_own_loop(
    benchmark: Any, network: str, loss: str, device: torch.device, budget: float
) -> None:
    benchmark.group = network
    table = Table(network, loss, device, small=not benchmark.enabled)
    check(table, loss)
    loops = {"by hand": by_hand, "by hand again": by_hand, "ganzoo": by_ganzoo}
    watches = {name: Stopwatch(loop(table.players(), loss)) for name, loop in loops.items()}
    for watch in watches.values():
        watch()
        watch()
    rounds = max(3, min(300, round(budget / sum(watch.wall[-1] for watch in watches.values()))))
    for watch in watches.values():
        watch.forget()
    *others, own = watches.values()

    def first() -> None:
        for watch in others:
            watch()

    benchmark.pedantic(own, setup=first, rounds=rounds if benchmark.enabled else 1, iterations=1)
    kind = "wall" if device.type == "cuda" else "processor"
    seconds = {name: getattr(watch, kind) for name, watch in watches.items()}
    for name, each in seconds.items():
        ratios = [a / b for a, b in zip(each, seconds["by hand"], strict=True)]
        quartiles = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
        benchmark.extra_info[name] = {
            f"{kind}_milliseconds": round(1e3 * statistics.median(each), 3),
            "over_by_hand": [round(ratio, 4) for ratio in quartiles],
        }
