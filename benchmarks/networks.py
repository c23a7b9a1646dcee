"""What the networks' activations and merged convolutions save, on one CPU thread.

    python benchmarks/networks.py [rounds]

Prints the process time of a discriminator's turn (scores of real and generated samples, a
gradient penalty, gradients of all weights) with the networks as they are against the same
ones with torch's own operations, and of the activations alone. The forms are interleaved;
ratios are medians over rounds, with the quartiles, and lower is better.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from unittest import mock

import torch
from torch import Tensor
from torch.nn import functional

from ganzoo import Discriminator, Spec
from ganzoo.zoo.architectures import activation, mlp, residual
from ganzoo.zoo.architectures.dcgan import dcgan
from ganzoo.zoo.architectures.resampling import PooledConv2d, UpsampledConv2d, halve
from ganzoo.zoo.architectures.resnet import resnet


def torch_leaky(x: Tensor, slope: float = 0.2) -> Tensor:
    """torch's own."""
    return functional.leaky_relu(x, slope)


def where_leaky(x: Tensor, slope: float = 0.2) -> Tensor:
    """A product with a mask."""
    one, low = x.new_ones(()), x.new_full((), slope)
    return x * torch.where(x.detach() > 0, one, low)


FORMS = {
    "torch": torch_leaky,
    "kernel": activation.leaky_relu,
    "sparing": activation.sparing_leaky_relu,
    "where": where_leaky,
}


def penalty(discriminator: Callable[..., Tensor], x: Tensor) -> Tensor:
    """WGAN-GP's, at the given points."""
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return (torch.linalg.vector_norm(gradient.flatten(1), dim=1) - 1).square().mean()


def turn(discriminator: Discriminator, real: Tensor, fake: Tensor, weight: float) -> None:
    """A discriminator's turn without the optimiser; a weight of 0 leaves the penalty out."""
    loss = discriminator(fake).score.mean() - discriminator(real).score.mean()
    if weight:
        loss = loss + weight * penalty(lambda x: discriminator(x).score, (real + fake) / 2)
    torch.autograd.grad(loss, list(discriminator.parameters()))


def compare(title: str, runs: dict[str, Callable[[], None]], rounds: int, inner: int) -> None:
    """Time the runs in turns; print medians, and ratios to the first."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.process_time()
            for _ in range(inner):
                run()
            seconds[name].append((time.process_time() - start) / inner)
    first = next(iter(runs))
    for name, each in seconds.items():
        ratios = [a / b for a, b in zip(each, seconds[first], strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        milliseconds = statistics.median(each) * 1e3
        print(f"{title:34} {name:10} {milliseconds:9.3f} ms  {middle:.3f} [{low:.3f}-{high:.3f}]")


def activations(rounds: int) -> None:
    """Each form in the perceptron's and the convolutional discriminator's turn."""
    for weight in (0.0, 10.0):
        label = "with penalty" if weight else "first order"
        torch.manual_seed(0)
        small = mlp.mlp(Spec((2,), 4), width=128).discriminator()
        real, fake = torch.randn(2, 128, 2)
        runs = {name: patched(form, small, real, fake, weight) for name, form in FORMS.items()}
        compare(f"mlp 128, batch 128, {label}", runs, rounds, 40)
        large = dcgan(Spec((3, 32, 32), 64)).discriminator()
        real, fake = torch.randn(2, 64, 3, 32, 32)
        runs = {name: patched(form, large, real, fake, weight) for name, form in FORMS.items()}
        compare(f"dcgan 32, batch 64, {label}", runs, max(rounds // 3, 5), 1)


def patched(
    form: Callable[..., Tensor], network: Discriminator, real: Tensor, fake: Tensor, weight: float
) -> Callable[[], None]:
    """A turn with another activation in its place."""

    def run() -> None:
        with (
            mock.patch.object(mlp, "leaky_relu", form),
            mock.patch.object(activation, "sparing_leaky_relu", form),
        ):
            turn(network, real, fake, weight)

    return run


def pooled_apart(layer: PooledConv2d, x: Tensor) -> Tensor:
    """The two steps that the merged convolution stands for."""
    return residual.halve(functional.conv2d(x, layer.weight, layer.bias, padding=1))


def upsampled_apart(layer: UpsampledConv2d, x: Tensor) -> Tensor:
    """The two steps that the merged convolution stands for."""
    wide = functional.interpolate(x, scale_factor=2.0, mode="nearest")
    return functional.conv2d(wide, layer.weight, layer.bias, padding=1)


def torch_halve(x: Tensor) -> Tensor:
    """torch's own."""
    return functional.avg_pool2d(x, 2)


STEPS = {
    "relu": lambda: mock.patch.object(residual, "sparing_relu", functional.relu),
    "pool": lambda: mock.patch.object(residual, "halve", torch_halve),
    "down": lambda: mock.patch.object(PooledConv2d, "forward", pooled_apart),
    "up": lambda: mock.patch.object(UpsampledConv2d, "forward", upsampled_apart),
}


def with_torch(run: Callable[[], None], *names: str) -> Callable[[], None]:
    """A run with some of torch's own operations in the place of ours."""

    def changed() -> None:
        with ExitStack() as stack:
            for name in names:
                stack.enter_context(STEPS[name]())
            run()

    return changed


def resampling(rounds: int) -> None:
    """The residual networks with torch's activation, pooling and separate convolutions."""
    architecture = resnet(Spec((3, 32, 32), 128))
    network, generator = architecture.discriminator(), architecture.generator()
    real, fake = torch.randn(2, 8, 3, 32, 32)
    for weight in (0.0, 10.0):
        run = partial(turn, network, real, fake, weight)
        runs = {
            "torch": with_torch(run, "relu", "pool", "down"),
            "merged": with_torch(run, "relu", "pool"),
            "lean": with_torch(run, "down"),
            "ours": run,
        }
        label = "with penalty" if weight else "first order"
        compare(f"resnet 32, batch 8, {label}", runs, rounds, 1)
    z, weights = torch.randn(8, 128), list(generator.parameters())

    def generate() -> None:
        torch.autograd.grad(generator(z).square().mean(), weights)

    runs = {"torch": with_torch(generate, "up"), "merged": generate}
    compare("resnet 32, batch 8, generator", runs, rounds, 1)


def pooling(rounds: int) -> None:
    """The mean of 2 x 2 blocks, differentiated once and twice."""
    x = torch.randn(8, 128, 16, 16).requires_grad_()

    def once(halve: Callable[[Tensor], Tensor], twice: bool) -> None:
        loss = halve(x).square().mean()
        (gradient,) = torch.autograd.grad(loss, x, create_graph=twice)
        if twice:
            torch.autograd.grad(gradient.square().sum(), x)

    for twice in (False, True):
        runs = {"torch": partial(once, torch_halve, twice), "ours": partial(once, halve, twice)}
        label = "with penalty" if twice else "first order"
        compare(f"mean of 2 x 2, {label}", runs, rounds, 5)


if __name__ == "__main__":
    torch.set_num_threads(1)
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    activations(asked)
    resampling(max(asked // 3, 5))
    pooling(asked)
