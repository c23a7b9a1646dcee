"""The conformance kit for metrics: what any correct metric does."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import BadData
from ganzoo.evaluate import Metric, Samples
from ganzoo.evaluate.energy import Energy, energy_distance
from ganzoo.evaluate.sharing import Ask, share
from ganzoo.registry import Found, default_registry, get_metric
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.measures import TRAINING_SEED, corner_samples, wrapped
from ganzoo.testing.words import DOCUMENTED, UNKNOWN_OPTION

__all__ = ["CHECKS", "Subject"]


class Subject:
    """A metric under examination.

    Args:
        metric: a registered name, or a metric, which is copied and left as it is.
        direction: of an object, which is better.
        options: of the registered metric.
    """

    excused = ""
    waived: Mapping[str, str]

    def __init__(self, metric: str | Metric, *, direction: str = "lower", **options: Any) -> None:
        self._given, self.options, self.waived = metric, options, {}
        self.found: Found | None = None
        if isinstance(metric, str):
            self.found = default_registry().find("metrics", metric)
            direction = getattr(self.found.entry, "direction", direction)
        self.sign = 1 if direction == "lower" else -1
        self.metric()

    def remade(self, **options: Any) -> Subject:
        """The same with some options changed."""
        assert self.found is not None
        return Subject(self.found.id, **{**self.options, **options})

    def metric(self) -> Metric:
        """A fresh one."""
        if isinstance(self._given, str):
            return get_metric(self._given, **self.options)
        return copy.deepcopy(self._given)

    def value(self, fake: Tensor, real: Tensor, asked: Tensor | None = None) -> float:
        """What a fresh metric gives, lower for better."""
        return self.sign * self.metric()(wrapped(fake, asked), wrapped(real))


def _float(subject: Subject) -> None:
    found = subject.metric()(wrapped(corner_samples(0)), wrapped(corner_samples(1)))
    if type(found) is not float or not math.isfinite(found):
        fail(f"it gives {found!r}, a {type(found).__name__}; a finite Python float is wanted")


def _direction(subject: Subject) -> None:
    real, others = corner_samples(100), range(3)
    perfect = [subject.value(corner_samples(seed), real) for seed in others]
    noise = [_noise_value(subject, seed, real) for seed in others]
    if not max(perfect) <= min(noise) + 1e-9 or not sum(perfect) < sum(noise):
        fail(
            f"samples of the data's own law get {_shown(subject, perfect)}, and noise gets "
            f"{_shown(subject, noise)}: the better are not the better. Is the direction of its "
            f"entry right, and are generated and real samples in their places (fake, real)?"
        )


def _noise_value(subject: Subject, seed: int, real: Tensor) -> float:
    """The worst of noise far from the data, of one single sample and of copies of the training
    samples, for those blind to some of them.
    """
    dice = torch.Generator().manual_seed(50 + seed)
    noise = 3 * torch.randn(400, 3, generator=dice)
    asked = torch.randint(8, (400,), generator=dice)
    single = corner_samples(seed)[:1] + 0.01 * torch.randn(400, 3, generator=dice)
    copies = corner_samples(TRAINING_SEED)
    return max(subject.value(bad, real, asked) for bad in (noise, single, copies))


def _shown(subject: Subject, values: list[float]) -> str:
    return ", ".join(f"{subject.sign * value:.4g}" for value in values)


def _itself(subject: Subject) -> None:
    x = corner_samples(0)
    same = subject.value(x, x)
    best = min(_noise_value(subject, seed, x) for seed in range(3))
    if not same <= best:
        fail(f"the real samples themselves get {subject.sign * same:.4g}, worse than noise")


def _repeats(subject: Subject) -> None:
    fake, real = corner_samples(0), corner_samples(1, spread=0.3)
    metric, pair = subject.metric(), (wrapped(fake), wrapped(real))
    state = torch.get_rng_state()
    once, again = metric(*pair), metric(*pair)
    fresh = subject.metric()(wrapped(fake), wrapped(real))
    if not torch.equal(state, torch.get_rng_state()):
        torch.set_rng_state(state)
        fail("it draws from torch's global generator: draw from a torch.Generator with a seed")
    if not once == again == fresh:
        fail(f"the same samples get {once!r}, then {again!r}, and of a fresh one {fresh!r}")
    dice, asked = torch.Generator().manual_seed(9), torch.zeros(400, dtype=torch.int64)
    noise = torch.randn(400, 3, generator=dice)
    others = [metric(wrapped(x, asked), pair[1]) for x in (3 * noise, 0.01 * noise - 1)]
    if all(other == once for other in others):
        fail(f"other samples get the same value, {once!r}: is it remembered under too short a key?")


def _order(subject: Subject) -> None:
    fake, real = corner_samples(0, spread=0.2), corner_samples(1)
    plain, turned = subject.value(fake, real), subject.value(fake.flip(0), real.flip(0))
    if not math.isclose(plain, turned, rel_tol=1e-4, abs_tol=1e-6):
        fail(
            f"in another order the same samples get {subject.sign * turned!r} instead of "
            f"{subject.sign * plain!r}"
        )


def _sizes(subject: Subject) -> None:
    fake, real = corner_samples(0), corner_samples(1)
    values = [subject.value(fake[:n], real[:m]) for n, m in ((400, 400), (300, 400), (400, 300))]
    noise = _noise_value(subject, 0, real)
    if not all(map(math.isfinite, values)) or max(values) > noise:
        fail(f"with 400 and 400, 300 and 400, 400 and 300 samples it is {_shown(subject, values)}")


def _nan(subject: Subject) -> None:
    if subject.found is not None and "classifier" in getattr(subject.found.entry, "needs", ()):
        skip("it sees the classes alone that a classifier finds")
    real, broken = corner_samples(1), corner_samples(0)
    broken[::2] = math.nan
    try:
        value = subject.value(broken, real)
    except (BadData, ValueError):
        return
    good, bad = subject.value(corner_samples(0), real), _noise_value(subject, 0, real)
    if math.isfinite(value) and value <= good + 0.2 * (bad - good):
        fail(
            f"samples of which every other is NaN get {subject.sign * value:.6g}, nearly as good "
            f"as whole ones: raise ganzoo.BadData, or give NaN"
        )


def _unmodified(subject: Subject) -> None:
    fake, real = (corner_samples(seed).requires_grad_() for seed in (0, 1))
    subject.metric()(wrapped(fake), wrapped(real))
    if fake._version or real._version or fake.grad is not None:
        fail("it changes the samples that it is given")


def _shares(subject: Subject) -> None:
    fake, real = wrapped(corner_samples(0)), wrapped(corner_samples(1, spread=0.3))
    asks = subject.metric().asks(fake, real)
    if not asks:
        skip("it asks nothing of all pairs")
    share([subject.metric(), _OfPairs(asks)], fake, real)
    found, alone = subject.sign * subject.metric()(fake, real), subject.value(fake.x, real.x)
    if not math.isclose(found, alone, rel_tol=1e-6, abs_tol=1e-9):
        fail(
            f"after what it asks of all pairs was computed with what another asks it is "
            f"{subject.sign * found!r}, and {subject.sign * alone!r} alone"
        )
    for a, b, _ in asks:
        distance = a.against(b, Energy())
        if not math.isclose(distance, energy_distance(a.features, b.features), abs_tol=1e-7):
            fail("it writes to the blocks of pairs that it is shown, and others see them too")


class _OfPairs(Metric):
    """Asks for the energy distance wherever others ask for something, and sees it last."""

    def __init__(self, others: Sequence[Ask]) -> None:
        self.others = others

    def asks(self, fake: Samples, real: Samples) -> list[Ask]:
        return [Ask(a, b, Energy()) for a, b, _ in self.others]

    def __call__(self, fake: Samples, real: Samples) -> float:
        return fake.against(real, Energy())


CHECKS = (
    DOCUMENTED,
    UNKNOWN_OPTION,
    Check("float", "it gives a finite Python float", _float),
    Check("direction", "samples of the law beat noise, by its direction", _direction),
    Check("itself", "the real samples themselves are no worse than noise", _itself),
    Check("repeats", "the same samples get the same value, and others another", _repeats),
    Check("order", "the order of samples does not matter", _order),
    Check("sizes", "as many samples of one kind as of the other are not needed", _sizes),
    Check("nan", "broken samples are no good ones", _nan),
    Check("shares", "a pass over the pairs that it shares gives it the same value", _shares),
    Check("inputs_unmodified", "the samples are left as they were", _unmodified),
)
"""What any correct metric passes."""
