"""Checks of state and of chance: what survives a checkpoint, what may change, what is drawn."""

from __future__ import annotations

import copy
import io
import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganzoo.testing.check import Check, fail
from ganzoo.testing.losses.bench import Bench
from ganzoo.testing.losses.subject import FAKE, REAL, Subject

__all__ = ["CHECKS", "moved"]

_BUFFERS = "make it a buffer (register_buffer) and change it in place (copy_) in after_*"


def _steps(bench: Bench, steps: range) -> list[tuple[float, ...]]:
    """The players' losses at some steps of a loop, each with its own scores."""
    return [
        tuple(
            float(
                bench.turn(
                    player,
                    (REAL + 0.1 * step).roll(step),
                    FAKE - 0.2 * step,
                    step=step,
                    act=True,
                ).value
            )
            for player in bench.objective.players
        )
        for step in steps
    ]


def _round_trip(subject: Subject) -> None:
    whole, after = subject.bench(), subject.bench()
    _steps(whole, range(5))
    after.objective.load_state_dict(_saved(whole.objective.state_dict()), strict=True)
    after.game.load_state_dict(_saved(whole.game.state_dict()))
    undisturbed, resumed = _steps(whole, range(5, 10)), _steps(after, range(5, 10))
    if not all(map(_same, undisturbed, resumed)):
        fail(
            f"five steps, a checkpoint and five more give losses {_shown(resumed)}; ten steps "
            f"give {_shown(undisturbed)}. Something is kept between steps that is not in the "
            f"state_dict: {_BUFFERS}."
        )


def _saved(state: dict[str, Any]) -> dict[str, Any]:
    """Through a file that holds tensors alone, as in a checkpoint."""
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    loaded: dict[str, Any] = torch.load(file, weights_only=True)
    return loaded


def _same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(one, other, strict=True))


def _shown(values: list[tuple[float, ...]]) -> str:
    return "; ".join(" and ".join(f"{value:.6g}" for value in each) for each in values)


def _waits(subject: Subject) -> None:
    for player in subject.players:
        bench = subject.bench()
        state = {name: value.clone() for name, value in bench.objective.state_dict().items()}
        first = bench.turn(player, REAL, FAKE).value
        again = bench.turn(player, REAL, FAKE).value
        changes = moved(state, bench.objective.state_dict())
        if changes or not torch.equal(first, again):
            what = f"changes {changes[0]}" if changes else f"is {float(again):.8g} the second time"
            fail(
                f"the {player}'s loss of one batch {what} (first {float(first):.8g}), though no "
                f"step was taken: state changes in after_{player} alone, or a batch that is "
                f"looked at twice would count twice."
            )


def moved(before: Mapping[str, Tensor], after: Mapping[str, Any]) -> list[str]:
    """The names of what differs between two states."""
    return [name for name, value in before.items() if not _equal(value, after[name])]


def _equal(one: Tensor, other: Tensor) -> bool:
    return torch.equal(one.nan_to_num(nan=-1e9), other.nan_to_num(nan=-1e9))


def _tracked_state(subject: Subject) -> None:
    bench = subject.bench()
    _steps(bench, range(2))
    tracked = [name for name, value in bench.objective.named_buffers() if value.requires_grad]
    if tracked:
        fail(f"the buffer {tracked[0]} carries a gradient: {_BUFFERS}, under no_grad as it is.")


def _copies(subject: Subject) -> None:
    bench = subject.bench()
    _steps(bench, range(2))
    state = {name: value.clone() for name, value in bench.objective.state_dict().items()}
    bench.judge.asked, bench.judge.told = [], []  # of the last turn, with its graph
    try:
        other = copy.deepcopy(bench)
    except Exception as error:
        fail(
            f"a copy of it cannot be made ({type(error).__name__}: {error}): it keeps something "
            f"that belongs to a turn, such as a graph or a generator of random numbers"
        )
    ahead = _steps(other, range(2, 4))
    if moved(state, bench.objective.state_dict()):
        fail(f"training a copy changes the original: something is shared. {_BUFFERS.capitalize()}.")
    if not all(map(_same, ahead, _steps(bench, range(2, 4)))):
        fail("a copy goes on otherwise than the original: something in it was not copied")


def _chance(subject: Subject) -> None:
    for player in subject.players:
        bench = subject.bench()
        bench.turn(player, REAL, FAKE)  # what is made once may be made now
        play = bench.play(player, *(torch.stack([s, s / 2 + 0.1], 1) for s in (REAL, FAKE)))
        state = torch.get_rng_state()
        bench.objective.loss(play, bench.objective.due(0))
        if not torch.equal(state, torch.get_rng_state()):
            torch.set_rng_state(state)
            fail(
                f"the {player}'s loss draws from torch's global generator, so a run cannot be "
                f"repeated or resumed. Draw with play.uniform and play.normal."
            )
        values = {float(subject.say(player, REAL, FAKE).value) for _ in range(2)}
        if len(values) > 1:
            fail(
                f"the same batch and the same noise give the {player} losses {values}: the "
                f"order of operations, or a random generator of its own, differs between runs"
            )


CHECKS = (
    Check("state_round_trip", "training goes on exactly after a checkpoint", _round_trip),
    Check("state_waits", "state changes after a step, not while a loss is computed", _waits),
    Check("state_detached", "state carries no gradient", _tracked_state),
    Check("copies", "a copy is whole, and independent", _copies),
    Check("seeded_noise", "random numbers come from the turn's stream", _chance),
)
