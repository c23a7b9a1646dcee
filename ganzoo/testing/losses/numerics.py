"""Checks of numbers: extremes, half precision, large and small batches, NaN."""

from __future__ import annotations

import math
from functools import partial

import torch
from torch import Tensor

from ganzoo.errors import GanzooError
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.losses.bench import Said
from ganzoo.testing.losses.players import samples
from ganzoo.testing.losses.subject import FAKE, REAL, Subject

__all__ = ["CHECKS"]

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
            for player in subject.players:
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


def _collapsed(subject: Subject) -> None:
    for row in ((0.0, -1.0), (0.5, 0.25)):
        same = torch.tensor([row] * 8, dtype=torch.float64)
        for player in subject.players:
            what = _not_finite(subject.say(player, same, same))
            if what:
                fail(
                    f"where all samples are one and the same, as of a generator that has "
                    f"collapsed, the {player}'s {what}. The gradient of a norm at 0 is no number, "
                    f"but for torch.linalg.vector_norm's; a quotient needs its limit at 0 / 0; "
                    f"arccos has infinite slope at its ends, arctan2 has none."
                )


def _huge(subject: Subject) -> None:
    growth = subject.traits.growth
    # A power or an exponential of 10000 may be too large for a float; it is no NaN.
    bounded = growth in ("bounded", "linear", "quadratic")
    for case, (real, fake) in _scores(1e4).items():
        for player in subject.players:
            said = subject.say(player, real.float(), fake.float())
            if math.isnan(said.value):
                fail(f"the {player}'s loss is NaN at {case}: infinity minus infinity. {_STABLE}.")
            what = _not_finite(said)
            if bounded and what:
                fail(
                    f"the {player}'s {what} at {case} in float32, and its growth is declared "
                    f"{growth}: is an exponential taken on the way? {_STABLE}, or declare its "
                    f"growth in its traits."
                )


def _deep(subject: Subject) -> None:
    if subject.traits.growth == "bounded":
        skip("it is declared bounded, so no gradient need be left far out")
    if subject.places_matter:
        skip("it looks at the samples themselves, which are far out with their scores here")
    for player in subject.players:
        if not subject.heard[player]:
            continue
        near = max(_pull(subject, player, *case) for case in _scores(1.0).values())
        far = max(_pull(subject, player, *case) for case in _scores(50.0).values())
        if not far >= 0.4 * near:
            fail(
                f"the {player}'s loss is declared to grow ({subject.traits.growth}), but at scores "
                f"of 50 either way its gradient is {far:.2g} at most, where it is {near:.2g} at "
                f"scores of 1: it does not learn where it is most wrong. Is there an eps in a "
                f"logarithm, a sigmoid too many, or a clamp? If it is meant, declare "
                f"growth='bounded'. {_STABLE}."
            )


def _pull(subject: Subject, player: str, real: Tensor, fake: Tensor) -> float:
    """The largest derivative by a score of a batch of 8."""
    said = subject.say(player, real, fake)
    slopes = [slope for each in said.by_score for slope in each if slope is not None]
    return max((float(slope.abs().max()) for slope in slopes), default=0.0)


def _half(subject: Subject) -> None:
    for player in subject.players:
        exact = subject.say(player, REAL.float(), FAKE.float()).value
        if next(subject.bench().objective.parameters(), None) is None:  # layers may be rounded
            with torch.autocast("cpu", dtype=torch.bfloat16):
                mixed = subject.say(player, REAL.float(), FAKE.float()).value
            _same_in_half(player, mixed, exact, "under autocast")
        for dtype in (torch.float16, torch.bfloat16):
            # What a discriminator gives under autocast; these scores lose nothing by it.
            shown = partial(_cast, dtype)
            said = subject.say(player, REAL.float(), FAKE.float(), shown=shown)
            # the scores of other points may lose something by it
            wanted = said.value if said.strange else exact
            _same_in_half(player, said.value, wanted.to(exact), f"for scores in {dtype}")
        large = {s: torch.full((8,), 300.0).mul(s) for s in (1, -1)}
        value = subject.say(player, large[-1], large[1], shown=partial(_cast, torch.float16)).value
        if subject.traits.growth in ("bounded", "linear", "quadratic") and not value.isfinite():
            fail(f"the {player}'s loss is {value} for float16 scores of 300. Upcast them first.")


def _same_in_half(player: str, value: Tensor, exact: Tensor, where: str) -> None:
    if value.dtype != torch.float32:
        fail(
            f"the {player}'s loss is in {value.dtype} {where}. Take the scores from "
            f"play.real.score and play.fake.score, which are upcast, and stay in float32."
        )
    if not torch.isclose(value, exact, rtol=2e-5, atol=1e-6):
        fail(
            f"the {player}'s loss is {value.item():.6g} {where}, and {exact.item():.6g} in "
            f"float32: something is computed in half precision. Upcast before anything else; "
            f"matrix products and the like belong outside autocast "
            f"(ganzoo.terms.outside_autocast)."
        )


def _cast(dtype: torch.dtype, x: Tensor) -> Tensor:
    return x[:, :1].to(dtype)


def _precision(subject: Subject) -> None:
    for player in subject.players:
        for dtype in (torch.float32, torch.float64):
            found = subject.say(player, REAL.to(dtype), FAKE.to(dtype)).value
            if found.ndim or found.dtype != dtype:
                fail(
                    f"the {player}'s loss is a {found.dtype} of shape {tuple(found.shape)} for "
                    f"scores in {dtype}; it is to be a {dtype} of shape (). Numbers made on the "
                    f"way take the dtype of the scores: torch.zeros_like, .to(score), a float."
                )


def _large(subject: Subject) -> None:
    if subject.traits.batch_coupled or subject.samples_matter:
        skip("more than a mean over samples")
    size = 2**15
    for player in subject.players:
        real, fake = (torch.full((size,), s) for s in (0.3, -0.7))
        many = subject.value(player, real, fake)
        few = subject.value(player, real[:8].double(), fake[:8].double())
        if not math.isclose(many, few, rel_tol=2e-6, abs_tol=1e-6):
            fail(
                f"the {player}'s loss is {many:.8g} for {size} samples alike, and {few:.8g} for "
                f"8 of them: it is a sum where a mean is wanted, or sums up one after another, or "
                f"in half precision. .mean() does neither."
            )


def _smallest(subject: Subject) -> None:
    least = subject.traits.minimum
    for player in subject.players:
        size = max(least, 1)
        said = subject.say(player, REAL[:size], FAKE[:size])
        what = _not_finite(said)
        if what:
            fail(
                f"the {player}'s {what} for a batch of {size}. If the estimator needs more, "
                f"raise ganzoo.ShapeMismatch below that, and declare minimum= in the traits."
            )
        for count in range(1, least):
            try:
                value = subject.value(player, REAL[:count], FAKE[:count])
            except (GanzooError, ValueError):
                continue
            fail(
                f"its traits declare minimum={least}, and the {player}'s loss of a batch of "
                f"{count} is {value:g}: raise ganzoo.ShapeMismatch, which says how many are needed."
            )


def _nan(subject: Subject) -> None:
    for player, whose in (
        ("discriminator", "real"),
        ("discriminator", "generated"),
        ("generator", "generated"),
    ):
        if player not in subject.players:
            continue
        both = {"real": samples(REAL).clone(), "generated": samples(FAKE, 0.0625).clone()}
        both[whose][0, 0] = math.nan
        said = subject.say(player, both["real"], both["generated"])
        if not math.isnan(said.value) and not _unseen(said, whose):
            fail(
                f"one score of a {whose} sample is NaN, and the {player}'s loss is "
                f"{said.value.item():.6g}: a broken run would go on unseen. Something hides NaN: "
                f"where, clamp, nan_to_num, or a comparison; or these scores are not in the loss "
                f"at all."
            )


def _unseen(said: Said, whose: str) -> bool:
    """Whether the loss has no business with these samples."""
    return f"{'real' if whose == 'real' else 'fake'}_x" not in vars(said.play)


CHECKS = (
    Check("finite", "loss and gradients are finite for scores up to 50", _finite),
    Check("collapsed", "and where all samples are the same", _collapsed),
    Check("huge_scores", "and up to 10000, as far as its growth allows; never NaN", _huge),
    Check("deep_scores", "a gradient is left where scores are most wrong", _deep),
    Check("half_precision", "scores in half precision give the float32 value", _half),
    Check("precision", "the loss is 0-dim, and as precise as the scores", _precision),
    Check("large_batch", "the mean of very many scores alike is theirs", _large),
    Check("smallest_batch", "a batch of one works, or of the declared minimum", _smallest),
    Check("nan_propagates", "a NaN score gives a NaN loss", _nan),
)
