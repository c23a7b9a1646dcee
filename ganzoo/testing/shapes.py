"""Checks of shapes: one score for a sample, a map of patches, a list of scales; and order."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.subject import FAKE, REAL, Judge, Shown, Subject, seeded

__all__ = ["CHECKS"]

_PLAYERS = ("discriminator", "generator")
_SAME: Mapping[str, Shown] = {
    "(N,)": lambda x: x[:, 0],
    "(N, 1, 1, 1)": lambda x: x[:, :1, None, None],
    "a list of one (N, 1)": lambda x: [x[:, :1]],
}
_PATCHES: Mapping[str, Shown] = {
    "patches (N, 1, 2, 2)": lambda x: x.reshape(-1, 1, 2, 2),
    "a list of (N, 1) and (N, 1, 1, 3)": lambda x: [x[:, :1], x[:, 1:].reshape(-1, 1, 1, 3)],
}


def _layouts(subject: Subject) -> None:
    for player in _PLAYERS:
        plain = subject.value(player, REAL, FAKE)
        for layout, shown in _SAME.items():
            value = _value(subject, player, REAL, FAKE, layout, shown)
            if not _close(value, plain):
                fail(
                    f"the {player}'s loss is {plain:.6g} for scores (N, 1) and {value:.6g} for the "
                    f"same as {layout}: is there a [:, None], a squeeze, or a mean over one axis?"
                )


def _patches(subject: Subject) -> None:
    if _looks_at_samples(subject):
        skip("it takes more than the scores of the samples, so a patch is not like a sample")
    real, fake = (torch.cat([s, s + 0.5, s - 0.25, -s]) for s in (REAL, FAKE))
    for player in _PLAYERS:
        flat = subject.value(player, real, fake)
        for layout, shown in _PATCHES.items():
            grouped = (real.reshape(-1, 4), fake.reshape(-1, 4))
            value = _value(subject, player, *grouped, layout, shown)
            if not _close(value, flat):
                fail(
                    f"the {player}'s loss is {value:.6g} for {layout}, and {flat:.6g} for the same "
                    f"scores as (N, 1). The mean is over every element: .mean(), with no axis and "
                    f"no sum."
                )


def _value(
    subject: Subject, player: str, real: Tensor, fake: Tensor, layout: str, shown: Shown
) -> float:
    try:
        return subject.value(player, real, fake, shown)
    except (ValueError, RuntimeError, IndexError) as error:
        fail(
            f"the {player}'s loss raises {type(error).__name__} for scores {layout}: {error}. "
            f"Scores come in any shape; .mean() suits them all."
        )


def _looks_at_samples(subject: Subject) -> bool:
    """Whether the slope of the discriminator matters, or it is asked about other points."""
    for player in _PLAYERS:
        said = subject.say(player, REAL, FAKE)
        steep = subject.value(player, REAL, FAKE, lambda x: (2 * x - x.detach())[:, :1])
        known = (said.real, said.fake)
        strange = [a for a in said.judge.asked if not any(torch.equal(a, k) for k in known)]
        if strange or not _close(steep, float(said.value)):
            return True
    return False


def _mismatch(subject: Subject) -> None:
    def unlike(x: Tensor) -> Tensor:
        return x[:, 0] if bool(x[0, 1] == 0) else x[:, :1]

    real, fake = (torch.stack([s, m * torch.ones_like(s)], 1) for s, m in ((REAL, 0), (FAKE, 1)))
    for player in _PLAYERS:
        try:
            said = subject.say(player, real, fake, shown=unlike)
        except (ValueError, RuntimeError):
            continue
        both = len(said.judge.asked) > 1
        if both:
            fail(
                f"real scores (N,) and generated ones (N, 1) give a {player}'s loss of "
                f"{said.value.item():.6g} instead of an error: subtracted, they would broadcast to "
                f"(N, N). Take them from play.real and play.fake, which compare them."
            )


def _permutation(subject: Subject) -> None:
    order = torch.tensor([3, 0, 7, 5, 1, 6, 2, 4])
    for player in _PLAYERS:
        value = subject.value(player, REAL, FAKE)
        other = subject.value(player, REAL[order], FAKE[order])
        if not _close(value, other):
            fail(
                f"the {player}'s loss is {value:.8g}, and {other:.8g} for the same samples in "
                f"another order. Does something weigh samples by their place in the batch?"
            )


def _unmodified(subject: Subject) -> None:
    for player in _PLAYERS:
        real, fake = REAL.reshape(-1, 1).clone(), FAKE.reshape(-1, 1).clone()
        objective, judge = subject.objective(), Judge()
        with seeded():
            if player == "discriminator":
                objective.discriminator_loss(judge, real, fake, step=0)
            else:
                objective.generator_loss(judge, fake, real, step=0)
        for whose, samples in (("real", real), ("generated", fake)):
            if samples._version:
                fail(
                    f"the {player}'s loss changes the {whose} samples it was given. Use no "
                    f"operation whose name ends in an underscore on them, nor +=."
                )


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-10)


CHECKS = (
    Check("score_layouts", "scores (N,), (N, 1), ... give the same loss", _layouts),
    Check("patches_and_scales", "patches and scales give the loss of all their scores", _patches),
    Check("mismatch_raises", "scores (N,) against (N, 1) are refused", _mismatch),
    Check("permutation", "the order in a batch does not matter", _permutation),
    Check("inputs_unmodified", "the samples are left as they were", _unmodified),
)
