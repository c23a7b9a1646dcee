"""Checks of batches: order, repetition, parts, sizes, and a constant on all scores."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from ganzoo.errors import GanzooError
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.losses.players import samples
from ganzoo.testing.losses.subject import FAKE, REAL, Subject, close

__all__ = ["CHECKS"]

_ORDERS = (torch.tensor([3, 0, 7, 5, 1, 6, 2, 4]), torch.tensor([6, 2, 4, 1, 0, 7, 3, 5]))
_MEAN_LAST = "Apply relu, log, max, square, ... to each sample's number, and .mean() last"


def _rows() -> tuple[Tensor, Tensor]:
    """Samples with places of their own, so that they can be shuffled and split."""
    return samples(REAL), samples(FAKE, 0.0625)


def _permutation(subject: Subject) -> None:
    real, fake = _rows()
    one, other = _ORDERS
    if _joint(subject, real, fake):
        other = one
    for player in subject.players:
        plain = subject.say(player, real, fake)
        moved = subject.say(player, real[one], fake[other])
        if not close(float(plain.value), float(moved.value)):
            fail(
                f"the {player}'s loss is {float(plain.value):.8g}, and {float(moved.value):.8g} "
                f"for the same samples in another order. Does something weigh samples by their "
                f"place in the batch? If the i-th real sample goes with the i-th generated one, "
                f"declare paired=True."
            )
        for kind, order in (("real", one), ("fake", other)):
            before, after = plain.slopes(kind), moved.slopes(kind)
            if not torch.allclose(before[order], after, rtol=1e-6, atol=1e-9):
                fail(f"the {player}'s loss gives other gradients to samples in another order")


def _joint(subject: Subject, real: Tensor, fake: Tensor) -> bool:
    """Whether real and generated samples are shuffled together: they, or their labels, go in
    pairs, or a penalty looks at points between them.
    """
    if subject.traits.paired or subject.conditional:
        return True
    return len(subject.players) > 1 and subject.say("discriminator", real, fake).strange


def _duplication(subject: Subject) -> None:
    if subject.traits.batch_coupled and subject.traits.minimum > 1:
        skip("an estimator over pairs that leaves out each sample with itself")
    real, fake = _rows()
    for player in subject.players:
        shifts = []
        for r, f in ((real, fake), (0.5 * real, 2 * fake)):
            once = subject.value(player, r, f)
            twice = subject.value(player, torch.cat([r, r]), torch.cat([f, f]))
            shifts.append(twice - once)
        constant = close(shifts[0], shifts[1], 1e-7)
        # A constant, as the log 2 of a softmax over the batch, moves nobody.
        if not constant or not (subject.traits.batch_coupled or close(shifts[0], 0.0, 1e-7)):
            fail(
                f"a batch twice over changes the {player}'s loss by {shifts[0]:.6g}: is there a "
                f"sum where a mean is wanted, a division by the other side's size, or one norm "
                f"over the whole batch? A loss that counts the samples on purpose waives this "
                f"check with its reason."
            )


def _additivity(subject: Subject) -> None:
    if subject.traits.batch_coupled:
        skip("it is declared batch-coupled")
    real, fake = _rows()
    # Twice over, so that the halves' means lie on both sides of usual margins.
    for player, scale in [(player, scale) for player in subject.players for scale in (1, 3)]:
        whole = subject.say(player, scale * real, scale * fake)
        halves = [subject.say(player, scale * real[p], scale * fake[p]) for p in _PARTS]
        value = sum(float(half.value) for half in halves) / 2
        if not close(float(whole.value), value, 1e-8):
            fail(
                f"the {player}'s loss of a batch is {float(whole.value):.8g}, and the mean of its "
                f"halves' {value:.8g}. {_MEAN_LAST}; a relu after the mean is the classic. If the "
                f"loss is meant to couple the samples of a batch, declare batch_coupled=True."
            )
        for what in ("the discriminator", "the generator"):
            one, two, all_ = (said.gradients[what] for said in (*halves, whole))
            if one is None or two is None or all_ is None:
                continue
            if not torch.allclose((one + two) / 2, all_, rtol=1e-6, atol=1e-9):
                fail(
                    f"accumulated over two half batches, the gradient of the {player}'s loss by "
                    f"{what} is {float(one + two) / 2:.6g}, and {float(all_):.6g} over the whole. "
                    f"{_MEAN_LAST}."
                )


_PARTS = (slice(0, 4), slice(4, 8))


def _unequal(subject: Subject) -> None:
    if subject.conditional:
        skip("labels go with both kinds of samples, so there are as many of each")
    real, fake = (rows[: 3 * subject.traits.minimum] for rows in _rows())
    fewer = fake[: 2 * subject.traits.minimum]
    for player in subject.players:
        try:
            value = subject.value(player, real, fewer)
        except (GanzooError, ValueError) as error:
            _refused(subject, player, str(error), (len(real), len(fewer)))
            continue
        except RuntimeError as error:
            fail(
                f"{len(real)} real and {len(fewer)} generated samples break the {player}'s loss: "
                f"{error}. Declare paired=True, and raise ganzoo.ShapeMismatch with both sizes."
            )
        if subject.traits.paired and subject.heard[player] and player == "discriminator":
            fail(
                f"it is declared paired, and takes {len(real)} real and {len(fewer)} generated "
                f"samples all the same: raise ganzoo.ShapeMismatch that names both sizes."
            )
        if subject.traits.batch_coupled or subject.samples_matter:
            continue
        even = subject.value(player, real.repeat(2, 1), fewer.repeat(3, 1))
        if not close(value, even, 1e-8):
            fail(
                f"the {player}'s loss of {len(real)} real and {len(fewer)} generated samples is "
                f"{value:.6g}, and {even:.6g} for as many of each: is one side's sum divided by "
                f"the other's size, or by both? Each side has its own .mean()."
            )


def _refused(subject: Subject, player: str, said: str, sizes: tuple[int, int]) -> None:
    numbers = set(map(int, re.findall(r"\d+", said)))
    if not numbers >= set(sizes):
        fail(
            f"the {player}'s loss refuses {sizes[0]} real and {sizes[1]} generated samples, and "
            f"does not name both sizes: {said!r}"
        )
    bare = all(getattr(term, "traits", None) is not None for term in subject.objective().terms)
    if bare and subject.declared and not subject.traits.paired:
        fail(
            f"the {player}'s loss refuses unequal batches ({said!r}), and does not declare "
            f"paired=True"
        )


def _shift(subject: Subject) -> None:
    if not subject.traits.shift_invariant:
        skip("it is not declared shift-invariant")
    subject.needs_scores()
    plain = subject.value("discriminator", REAL, FAKE)
    moved = subject.value("discriminator", REAL, FAKE, lambda x: x[:, :1] + 3)
    if not close(plain, moved, 1e-8):
        fail(
            f"it is declared shift-invariant, and 3 more on every score changes the "
            f"discriminator's loss from {plain:.6g} to {moved:.6g}"
        )


CHECKS = (
    Check("permutation", "the order in a batch does not matter", _permutation),
    Check("duplication", "a batch twice over has the loss of the batch", _duplication),
    Check("additivity", "the loss of a batch is the mean of its halves'", _additivity),
    Check("unequal_batches", "unequal batches work, or are refused by name", _unequal),
    Check("shift", "a constant on all scores changes nothing, where declared", _shift),
)
