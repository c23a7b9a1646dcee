"""What one training step costs: a generator's turn, and the discriminator's turns before it.

Every registered loss, on small and larger networks, with the same data, networks, batch and
optimiser, so that what differs is the loss. README.md has the command and the columns.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import pytest
import torch

import ganzoo
from benchmarks.limits import Counter, Rates, counted
from benchmarks.memory import MEBIBYTE, held, step_peak
from benchmarks.stopwatch import Stopwatch, clock
from ganzoo.recipe.assembly import assemble
from ganzoo.recipe.recipe import Choice, Recipe
from ganzoo.registry import parse_value

# architecture, shape of an image, batch on a CPU, batch on CUDA
NETWORKS: dict[str, tuple[str, tuple[int, ...], int, int]] = {
    "mlp28": ("mlp", (1, 28, 28), 64, 64),
    "dcgan32": ("dcgan", (3, 32, 32), 64, 64),
    "dcgan64": ("dcgan", (3, 64, 64), 16, 64),
    "resnet32": ("resnet", (3, 32, 32), 8, 64),
}
AUTOENCODERS = {"mlp": "mlp-ae", "dcgan": "conv-ae"}  # for losses that need a reconstruction
HEAVY = ("dcgan64", "resnet32")
# On a CPU the heavy networks take these alone, unless --every is given: it would be hours.
CHOSEN = ("nonsaturating", "lsgan", "wgan-gp", "rpgan-r1r2", "hinge", "hinge + spectral-norm")
LOSSES: dict[str, tuple[str, tuple[str, ...]]] = {
    found.entry.name: (found.id, ()) for found in ganzoo.registry.entries("losses")
}
LOSSES["hinge + spectral-norm"] = ("ganzoo:hinge", ("spectral-norm",))
REFERENCE = "nonsaturating"


def size(network: str, device: torch.device) -> int:
    """Samples in a batch."""
    return NETWORKS[network][3 if device.type == "cuda" else 2]


def seat(
    network: str, loss: str, device: torch.device, batch: int, **chosen: Any
) -> ganzoo.Trainer:
    """A trainer of a loss on random images that live on the device."""
    architecture, shape, *_ = NETWORKS[network]
    name, add = LOSSES[loss]
    objective = ganzoo.get_loss(name, add=add)
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(16 * batch, *shape, generator=generator) * 2 - 1
    labels = torch.arange(len(images)) % 10 if objective.conditional else None
    source = ganzoo.TensorSource(
        images, images, train_labels=labels, test_labels=labels, classes=0 if labels is None else 10
    )
    # Adam for all, not each paper's optimiser; and no meter is read in a measured step.
    never = 10**9
    settings = {"steps": never, "report_every": never, "batch": batch, "device": str(device)}
    settings |= {"optimizer": "adam", "generator_lr": 2e-4, "discriminator_lr": 2e-4}
    if "reconstruction" in objective.needs:
        architecture = AUTOENCODERS.get(architecture, architecture)
    recipe = Recipe(
        loss=Choice(name),
        dataset=Choice("random"),
        architecture=Choice(architecture),
        settings={**settings, "betas": (0.5, 0.999), "latent": source.spec.latent, **chosen},
    )
    try:
        return assemble(recipe, objective=objective, source=source).trainer
    except ganzoo.Incompatible as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def reference(device: torch.device) -> Callable[[str], ganzoo.Trainer]:
    """The trainer of the reference loss on a network, warm, the same throughout."""
    seated: dict[str, ganzoo.Trainer] = {}

    def of(network: str) -> ganzoo.Trainer:
        if network not in seated:
            seated[network] = seat(network, REFERENCE, device, size(network, device))
            seated[network].step()
        return seated[network]

    return of


@pytest.mark.benchmark(timer=clock)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("network", NETWORKS)
def test_step(
    benchmark: Any,
    reference: Callable[[str], ganzoo.Trainer],
    rates: Rates,
    request: pytest.FixtureRequest,
    network: str,
    loss: str,
) -> None:
    device, option = rates.device, request.config.getoption
    if network in HEAVY and loss not in CHOSEN and device.type == "cpu" and not option("--every"):
        pytest.skip("hours on a CPU; --every takes all losses on all networks")
    benchmark.group = network
    if not benchmark.enabled:
        trainer = seat(network, loss, device, batch=2 if network in HEAVY else 4)
        benchmark.pedantic(trainer.step)
        assert trainer.done == 1
        return
    batch = size(network, device)
    settings = settings_of(request.config)
    trainer = seat(network, loss, device, batch, **settings)
    rival, own = Stopwatch(reference(network).step), Stopwatch(trainer.step)
    trainer.step()
    own()
    rounds = max(3, min(100, round(option("--budget") / own.wall[-1])))
    own.forget()
    # A step of the reference before each measured one: what slows the machine slows both.
    benchmark.pedantic(own, setup=rival, rounds=rounds, iterations=1)
    median, turns = statistics.median(own.wall), trainer.objective.turns("discriminator")
    kind = "wall" if device.type == "cuda" else "processor"
    seconds = getattr(own, kind)
    ratios = [a / b for a, b in zip(seconds, getattr(rival, kind), strict=False)]
    benchmark.extra_info.update(
        batch=batch,
        discriminator_turns_per_step=turns,
        discriminator_real_images_per_second=round(batch * turns / median, 1),
        generator_images_per_second=round(batch / median, 1),
        processor_milliseconds_per_step=round(1e3 * statistics.median(own.processor), 3),
        **{f"{kind}_time_over_{REFERENCE}": round(statistics.median(ratios), 3)},
        **rates.shares(operations(network, loss, device, settings), statistics.median(seconds)),
        held_mebibytes=round(held(trainer) / MEBIBYTE, 2),
        step_peak_mebibytes=round(step_peak(trainer) / MEBIBYTE, 2),
    )
    assert trainer.done >= rounds
    assert all(bool(p.isfinite().all()) for p in trainer.game.parameters())


def settings_of(config: pytest.Config) -> dict[str, Any]:
    """Settings of the trainer that the command line gives: ``--setting engine=auto``."""
    pairs = (pair.split("=", 1) for pair in config.getoption("--setting"))
    return {name: parse_value(value) for name, value in pairs}


def operations(network: str, loss: str, device: torch.device, settings: dict[str, Any]) -> Counter:
    """Of one eager step: no other engine shows its operations one by one."""
    eager = {**settings, "engine": "eager"}
    return counted(seat(network, loss, device, size(network, device), **eager).step)
