"""Checks of graphs and of state: who gets a gradient, and what survives a checkpoint."""

from __future__ import annotations

import io
import math
from typing import Any

import torch

from ganzoo.game import Objective
from ganzoo.testing.check import Check, fail
from ganzoo.testing.subject import FAKE, REAL, Judge, Subject, seeded

__all__ = ["CHECKS"]


def _isolation(subject: Subject) -> None:
    said = subject.say("discriminator", REAL, FAKE)
    if said.gradients["the generated samples"] is not None:
        fail(
            "the discriminator's loss sends a gradient into the generated samples, and so into "
            "the generator. Use play.fake_x and play.fake, which are detached in the "
            "discriminator's turn."
        )
    if said.gradients["the discriminator"] is None:
        fail(
            "no gradient of the discriminator's loss reaches the discriminator. Is something "
            "detached, or computed under no_grad, on the way from play.real and play.fake?"
        )


def _two_steps(subject: Subject) -> None:
    objective, judge = subject.objective(), Judge()
    try:
        _steps(objective, judge, range(3))
    except RuntimeError as error:
        if "second time" not in str(error) and "inplace operation" not in str(error):
            raise
        fail(
            f"a second step fails: {error.args[0].split('.')[0]}. Something keeps the graph of the "
            f"first: what is kept from step to step must be detached, and belongs in after_*."
        )


def _state(subject: Subject) -> None:
    whole = _steps(subject.objective(), Judge(), range(6))
    before, judge = subject.objective(), Judge()
    _steps(before, judge, range(3))
    after, judge_after = subject.objective(), Judge()
    after.load_state_dict(_saved(before.state_dict()), strict=True)
    judge_after.load_state_dict(judge.state_dict())
    resumed = _steps(after, judge_after, range(3, 6))
    if not all(map(_same, whole[3:], resumed)):
        fail(
            f"three steps, a checkpoint and three more give losses {_shown(resumed)}; six steps "
            f"give {_shown(whole[3:])}. Something is kept between steps that is not in the "
            f"state_dict: make it a buffer (register_buffer) and change it in place (copy_)."
        )


def _saved(state: dict[str, Any]) -> dict[str, Any]:
    """Through a file that holds tensors alone, as in a checkpoint."""
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    loaded: dict[str, Any] = torch.load(file, weights_only=True)
    return loaded


def _steps(objective: Objective, judge: Judge, steps: range) -> list[tuple[float, float]]:
    """Both players' losses at some steps of a loop, each with its own scores."""
    values = []
    for step in steps:
        real = (REAL + 0.1 * step).roll(step).reshape(-1, 1)
        fake = (FAKE - 0.2 * step).reshape(-1, 1).requires_grad_()
        with seeded():
            d = objective.discriminator_loss(judge, real, fake, step=step)
            d.backward()
            objective.after_discriminator_step(judge)
            g = objective.generator_loss(judge, fake, real, step=step)
            g.backward()
            objective.after_generator_step(judge)
        values.append((d.item(), g.item()))
    return values


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(one, other, strict=True))


def _shown(values: list[tuple[float, float]]) -> str:
    return ", ".join(f"{d:.6g} and {g:.6g}" for d, g in values)


CHECKS = (
    Check("gradient_isolation", "D's loss moves D, and not the generator", _isolation),
    Check("two_steps", "one step after another works", _two_steps),
    Check("state_round_trip", "training goes on exactly after a checkpoint", _state),
)
