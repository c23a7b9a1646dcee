"""Checks of numbers: extremes, half precision, NaN, and the direction of the gradients."""

from __future__ import annotations

import math
from functools import partial

import torch
from torch import Tensor

from ganzoo.testing.check import Check, fail
from ganzoo.testing.subject import FAKE, REAL, Said, Subject

__all__ = ["CHECKS"]

_PLAYERS = ("discriminator", "generator")
_STABLE = (
    "Write logarithms and exponentials in stable forms: softplus(-s) for -log(sigmoid(s)), "
    "logsumexp for a log of a sum; never log(sigmoid(s) + eps)"
)


def _scores(scale: float) -> dict[str, tuple[Tensor, Tensor]]:
    far = torch.full_like(REAL, scale)
    mixed = far * torch.tensor([1.0, -1.0] * 4)
    return {
        f"D right by {scale:g}": (far, -far),
        f"D wrong by {scale:g}": (-far, far),
        f"scores of both signs up to {scale:g}": (mixed, mixed.roll(1)),
    }


def _finite(subject: Subject) -> None:
    cases = {"moderate scores": (REAL, FAKE), **_scores(50.0)}
    for dtype in (torch.float32, torch.float64):
        for case, (real, fake) in cases.items():
            for player in _PLAYERS:
                said = subject.say(player, real.to(dtype), fake.to(dtype))
                what = _not_finite(said)
                if what:
                    fail(f"the {player}'s {what} at {case} in {dtype}. {_STABLE}.")


def _not_finite(said: Said) -> str:
    if not bool(said.value.isfinite()):
        return f"loss is {said.value.item()}"
    for what, gradient in said.gradients.items():
        if gradient is not None and not bool(gradient.isfinite().all()):
            return f"gradient by {what} is not finite"
    return ""


def _huge(subject: Subject) -> None:
    for case, (real, fake) in _scores(1e4).items():
        for player in _PLAYERS:
            if math.isnan(subject.value(player, real.float(), fake.float())):
                fail(f"the {player}'s loss is NaN at {case}: infinity minus infinity. {_STABLE}.")


def _half(subject: Subject) -> None:
    for player in _PLAYERS:
        exact = subject.say(player, REAL.float(), FAKE.float()).value
        for dtype in (torch.float16, torch.bfloat16):
            # What a discriminator gives under autocast; these scores lose nothing by it.
            said = subject.say(player, REAL.float(), FAKE.float(), shown=partial(_cast, dtype))
            if said.value.dtype != torch.float32:
                fail(
                    f"scores in {dtype} give a loss in {said.value.dtype}. Take the scores from "
                    f"play.real.score and play.fake.score, which are upcast, and stay there."
                )
            if not torch.isclose(said.value, exact, rtol=2e-5, atol=1e-6):
                fail(
                    f"the {player}'s loss is {said.value.item():.6g} for scores in {dtype}, and "
                    f"{exact.item():.6g} for the same in float32: something is computed in half "
                    f"precision. Upcast before anything else."
                )


def _cast(dtype: torch.dtype, x: Tensor) -> Tensor:
    return x[:, :1].to(dtype)


def _nan(subject: Subject) -> None:
    bad = torch.tensor([math.nan] + [0.5] * 7, dtype=torch.float64)
    for player, real, fake, whose in (
        ("discriminator", bad, FAKE, "real"),
        ("discriminator", REAL, bad, "generated"),
        ("generator", REAL, bad, "generated"),
    ):
        value = subject.value(player, real, fake)
        if not math.isnan(value):
            fail(
                f"one score of a {whose} sample is NaN, and the {player}'s loss is {value:.6g}: a "
                f"broken run would go on unseen. Something hides NaN: where, clamp, "
                f"nan_to_num, or a comparison; or these scores are not in the loss at all."
            )


def _direction(subject: Subject) -> None:
    up = 1e-4 * subject.traits.orientation * torch.ones_like(REAL)
    if not subject.value("discriminator", up, -up) < subject.value("discriminator", -up, up):
        rise, fall = ("rise", "fall") if subject.traits.orientation > 0 else ("fall", "rise")
        fail(
            f"at scores of 0 the discriminator's loss does not fall when scores of real samples "
            f"{rise} and those of generated ones {fall}. A higher score must mean more real, but "
            f"of energies, which declare orientation=-1 in their traits: is there a sign the "
            f"wrong way round, or real and fake swapped?"
        )


def _generator_learns(subject: Subject) -> None:
    said = subject.say("generator", REAL, FAKE)
    gradient = said.gradients["the generated samples"]
    if gradient is None or not bool(gradient.any()):
        fail(
            "no gradient of the generator's loss reaches the generated samples, so the generator "
            "would never move. Is something detached, computed under no_grad, or turned into a "
            "Python number on the way from play.fake?"
        )
    moved = said.gradients["the discriminator"]
    if moved is None:
        fail("the generator's loss does not depend on the discriminator at all")


CHECKS = (
    Check("finite", "loss and gradients are finite for scores up to 50", _finite),
    Check("huge_scores", "the loss is not NaN for scores up to 10000", _huge),
    Check("half_precision", "scores in half precision give the float32 value", _half),
    Check("nan_propagates", "a NaN score gives a NaN loss", _nan),
    Check("direction", "D is paid for scoring real samples higher", _direction),
    Check("generator_learns", "a gradient reaches the generated samples", _generator_learns),
)
