"""Checks of torch's transforms: a loss as a function that is mapped, differentiated, compiled."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.losses.bench import seeded
from ganzoo.testing.losses.subject import FAKE, REAL, Subject

__all__ = ["CHECKS"]

_WHY = (
    "There must be no .item(), no float(), no if on a tensor, no indexing by a mask, and no "
    "tensor kept on self, in what a loss computes"
)


def _pure(subject: Subject, player: str) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss as a function of scores alone."""
    subject.needs_scores(player)
    if subject.samples_matter or subject.needs != {"score"} or subject.conditional:
        skip("it is no function of the scores alone")
    objective = subject.objective()

    def loss(real: Tensor, fake: Tensor) -> Tensor:
        if player == "discriminator":
            return objective.discriminator_loss(lambda x: x * 1.0, real, fake, step=0)
        return objective.generator_loss(lambda x: x * 1.0, fake, real, step=0)

    return loss


def _functional(subject: Subject) -> None:
    real = torch.stack([REAL, 0.5 * REAL, REAL - 1])[..., None]
    fake = torch.stack([FAKE, 2 * FAKE, FAKE + 1])[..., None]
    for player, place in (("discriminator", 0), ("generator", 1)):
        loss = _pure(subject, player)
        with seeded():
            values = torch.stack([loss(*pair) for pair in zip(real, fake, strict=True)])
        try:
            mapped = torch.func.vmap(loss, randomness="same")(real, fake)
            slopes = torch.func.vmap(torch.func.grad(loss, place), randomness="same")(real, fake)
        except RuntimeError as error:
            fail(
                f"torch.func cannot map the {player}'s loss over several discriminators: "
                f"{' '.join(str(error).split())[:160]}. {_WHY}."
            )
        if not torch.allclose(mapped, values, rtol=1e-9, atol=1e-10):
            fail(
                f"mapped by torch.func.vmap the {player}'s losses are {mapped.tolist()}, and "
                f"{values.tolist()} one by one"
            )
        if not bool(slopes.isfinite().all()):
            fail(f"torch.func.grad of the {player}'s loss is not finite")


def _compiles(subject: Subject) -> None:
    for player in ("discriminator", "generator"):
        loss = _pure(subject, player)
        torch._dynamo.reset()
        built = torch.compile(loss, backend="aot_eager", fullgraph=True)
        for real, fake in ((REAL, FAKE), (2 * REAL, FAKE - 1)):
            results = []
            for run in (loss, built):
                r, f = (s[:, None].clone().requires_grad_() for s in (real, fake))
                try:
                    value = run(r, f)
                except Exception as error:
                    fail(
                        f"torch.compile cannot take the {player}'s loss as one graph: "
                        f"{' '.join(str(error).split())[:200]}. {_WHY}."
                    )
                value.backward()
                results.append((value.detach(), f.grad))
            (value, grad), (other, slope) = results
            same = grad is None or slope is None or torch.allclose(grad, slope, rtol=1e-7)
            if not torch.allclose(value, other, rtol=1e-9) or not same:
                fail(
                    f"compiled, the {player}'s loss is {float(other):.8g}, and {float(value):.8g} "
                    f"as written: is something kept from call to call?"
                )


CHECKS = (
    Check("functional", "torch.func maps and differentiates it", _functional),
    Check("compiles", "torch.compile takes it as one graph", _compiles, slow=True),
)
