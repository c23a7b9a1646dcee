"""Checks of what must not change a term: a constant, a sign, the shape of a sample."""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.game import Stream
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.losses.formulas import relation
from ganzoo.testing.losses.subject import close
from ganzoo.testing.terms.subject import POINT, Spoken, TermSubject

__all__ = ["CHECKS"]

_DIFFERENCES = ("gradient", "consistency")


def _constant(subject: TermSubject) -> None:
    _differences_alone(subject)
    for player in subject.speaks_to:
        plain, raised = subject.amount(player), subject.amount(player, shift=3.0)
        if not close(plain, raised, 1e-7):
            fail(
                f"3 more on every score changes it from {plain:.8g} to {raised:.8g}, though the "
                f"slope of the discriminator is the same. Is the score itself in it?"
            )


def _sign(subject: TermSubject) -> None:
    _differences_alone(subject)
    for player in subject.speaks_to:
        plain, turned = subject.amount(player), subject.amount(player, sign=-1.0)
        if not close(plain, turned, 1e-7):
            fail(
                f"for -D in the place of D it is {turned:.8g} instead of {plain:.8g}, though the "
                f"slope has the same length: is a maximum taken of signed gradients, without the "
                f"absolute value?"
            )


def _differences_alone(subject: TermSubject) -> None:
    subject.needs_words()
    if subject.found is not None and subject.family not in _DIFFERENCES:
        skip(f"a term of the family {subject.family!r} may look at the score itself")
    if subject.conditional or (subject.found is None and not _slopes(subject)):
        skip("it looks at more than slopes")


def _slopes(subject: TermSubject) -> bool:
    """Whether an object looks at slopes, as far as it says so itself."""
    return any(
        getattr(term, "input_grads", None) or subject.speak(player).elsewhere
        for term in subject.alone().terms
        for player in subject.speaks_to
    )


def _pixels(subject: TermSubject) -> None:
    subject.needs_words()
    for player in subject.speaks_to:
        image, point = subject.amount(player), subject.amount(player, shape=POINT)
        if not close(image, point, 1e-8):
            fail(
                f"of samples (1, 2, 2) it is {image:.8g}, and {point:.8g} of the same four numbers "
                f"as (4,){relation(image, point, 4)}: is a norm or a sum over one axis alone, of "
                f"channels or of pixels? Flatten the gradient first: flatten(1). If images are "
                f"treated otherwise on purpose, waive this check with the reason."
            )


def _segment(subject: TermSubject) -> None:
    for player in subject.speaks_to:
        said = subject.speak(player, noise=Stream)
        for points in said.asked:
            if _between(points, said) and not _on_lines(points, said):
                fail(
                    "the points at which it looks lie between real and generated samples, but not "
                    "on the lines that join them: draw one share for each sample, and not for each "
                    "of its elements (play.uniform(len(real)), then reshape)."
                )


def _between(points: Tensor, said: Spoken) -> bool:
    """Whether every element is between those of the i-th real and the i-th fake sample."""
    if points.shape != said.real.shape or points.shape != said.fake.shape:
        return False
    if any(torch.equal(points, known) for known in (said.real, said.fake)):
        return False
    low, high = torch.minimum(said.real, said.fake), torch.maximum(said.real, said.fake)
    return bool(((points >= low - 1e-9) & (points <= high + 1e-9)).all())


def _on_lines(points: Tensor, said: Spoken) -> bool:
    line, offset = (said.real - said.fake).flatten(1), (points - said.fake).flatten(1)
    share = (line * offset).sum(1, keepdim=True) / line.square().sum(1, keepdim=True)
    return bool(torch.allclose(share * line, offset, rtol=1e-7, atol=1e-9))


CHECKS = (
    Check("constant", "a constant on all scores changes no slope", _constant),
    Check("sign", "-D has the slopes of D", _sign),
    Check("pixel_shape", "an image and its pixels in a row are the same to it", _pixels),
    Check("segment", "interpolates lie on the line between two samples", _segment),
)
