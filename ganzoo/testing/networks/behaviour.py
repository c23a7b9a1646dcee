"""Checks of how networks behave: alone, differentiated twice, moved, saved, compiled."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from ganzoo.game import DiscriminatorOutput
from ganzoo.testing.check import Check, fail
from ganzoo.testing.losses.bench import seeded
from ganzoo.testing.networks.subject import (
    Subject,
    each_network,
    inputs,
    parts_of,
    same,
    settled,
)

__all__ = ["CHECKS"]


def _per_sample(subject: Subject) -> None:
    for _, role, network, x in each_network(subject):
        network.train(role == "discriminator")  # as penalties and samples use them
        if _random(network, x):
            continue
        whole = parts_of(network(x))
        alone = [parts_of(network(x[i : i + 1])) for i in range(len(x))]
        for place, part in enumerate(whole):
            single = torch.cat([each[place] for each in alone])
            if not torch.allclose(part, single, rtol=1e-7, atol=1e-9):
                fail(
                    f"what the {role} says of a sample depends on the rest of the batch. Batch "
                    f"normalisation in a discriminator does that: gradient penalties are per "
                    f"sample, so use layer norm, group norm or none."
                )


def _random(network: nn.Module, x: Tensor) -> bool:
    with seeded():
        return not torch.equal(parts_of(network(x))[0], parts_of(network(x))[0])


def _double_backward(subject: Subject) -> None:
    for _, role, network, x in each_network(subject):
        if role != "discriminator":
            continue
        x.requires_grad_()
        score = DiscriminatorOutput.of(network(x)).score
        (slope,) = torch.autograd.grad(score.sum(), x, create_graph=True)
        weights = list(network.parameters())
        found = torch.autograd.grad(slope.square().sum(), weights, allow_unused=True)
        given = [g for g in found if g is not None]
        if not bool(slope.any()) or not given or not any(bool(g.any()) for g in given):
            fail("the gradient of the score's slope by the weights is 0: no penalty can hold it")
        if not all(bool(g.isfinite().all()) for g in given):
            fail("the gradient of the score's slope by the weights is not finite")


def _trainable(subject: Subject) -> None:
    for _, role, network, x in each_network(subject):
        parts = parts_of(network(x))
        dice = torch.Generator().manual_seed(3)
        loss = torch.stack(
            [(p * torch.randn(p.shape, generator=dice, dtype=p.dtype)).sum() for p in parts]
        ).sum()
        loss.backward()
        dead = [n for n, p in network.named_parameters() if p.requires_grad and p.grad is None]
        if dead:
            fail(f"no gradient reaches the {role}'s {dead[0]}, whatever is asked of its output")
        found = [(n, p.grad) for n, p in network.named_parameters() if p.grad is not None]
        broken = [n for n, gradient in found if not bool(gradient.isfinite().all())]
        if broken:
            fail(f"the gradient by the {role}'s {broken[0]} is not finite")


def _device(subject: Subject) -> None:
    for _, role, network, x in each_network(subject):
        try:
            parts = parts_of(network.to("meta")(x.to("meta")))
        except (RuntimeError, NotImplementedError, ValueError, TypeError) as error:
            fail(
                f"the {role} does not run on another device, or reads numbers back: "
                f"{' '.join(str(error).split())[:200]}. Keep constants in buffers, and branch on "
                f"shapes alone."
            )
        if not all(part.is_meta for part in parts):
            fail(f"the {role} gives something on another device than its input")


def _state(subject: Subject) -> None:
    for spec in subject.specs:
        first, again, other = (subject.built(spec, seed=seed) for seed in (0, 0, 1))
        for role, network in first.items():
            x = inputs(spec, role)
            outputs = [settled(n[role], x) for n in (first, again, other)]
            if not same(outputs[0], outputs[1]):
                fail(f"two {role}s of one seed differ: initialise by torch's global generator")
            if same(outputs[0], outputs[2]):
                fail(f"two {role}s of different seeds are the same: is a seed fixed inside?")
            other[role].load_state_dict(network.state_dict(), strict=True)
            if not same(outputs[0], settled(other[role], x)):
                fail(
                    f"a {role} that loads another's state_dict gives something else: what it "
                    f"keeps beside parameters is to be a buffer"
                )
            if not same(outputs[0], settled(copy.deepcopy(network), x)):
                fail(f"a copy of the {role} gives something else")


def _autocast(subject: Subject) -> None:
    for _, role, network, x in each_network(subject):
        with torch.autocast("cpu", dtype=torch.bfloat16), seeded():
            parts = parts_of(network.float().eval()(x.float()))
        exact = settled(network.double(), x)
        for part, wanted in zip(parts, exact, strict=True):
            if not bool(part.isfinite().all()):
                fail(f"under autocast to bfloat16 the {role} gives something that is not finite")
            part = part.detach().double()
            distance = float((part - wanted).norm() / (wanted.norm() + 1e-3))
            if distance > 0.1:
                fail(
                    f"under autocast to bfloat16 the {role} is {100 * distance:.0f} % off: keep "
                    f"sums of many terms, norms and angles in float32"
                )


def _compiles(subject: Subject) -> None:
    for _, role, network, x in each_network(subject):
        torch._dynamo.reset()
        network.eval()
        run: Callable[[Tensor], Any] = torch.compile(network, backend="aot_eager", fullgraph=True)
        try:
            parts = parts_of(run(x))
        except Exception as error:
            fail(
                f"torch.compile cannot take the {role} as one graph: "
                f"{' '.join(str(error).split())[:200]}"
            )
        if not all(map(torch.allclose, parts, settled(network, x))):
            fail(f"compiled, the {role} gives something else")


CHECKS = (
    Check("per_sample", "a sample's score does not depend on its batch", _per_sample),
    Check("double_backward", "the slope of the score can be differentiated", _double_backward),
    Check("trainable", "a gradient reaches every parameter", _trainable),
    Check("device", "it runs on any device, and reads nothing back", _device),
    Check("state", "weights follow the seed, and survive a state_dict and a copy", _state),
    Check("autocast", "it bears autocast to bfloat16", _autocast),
    Check("compiles", "torch.compile takes each network as one graph", _compiles, slow=True),
)
