"""The kit for metrics: right ones pass, wrong ones are caught by name."""

from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo.testing import check_metric


class Distance(ganzoo.Metric):
    """The distance of the second moments."""

    def __call__(self, fake, real):
        if not bool(fake.x.isfinite().all()):
            raise ganzoo.BadData("NaN")
        moments = [
            part.x.double().square().mean(0) - part.x.double().var(0) / 9 for part in (fake, real)
        ]
        spread = [part.x.double().std(0) for part in (fake, real)]
        return float((moments[0] - moments[1]).norm() + (spread[0] - spread[1]).norm())


class Tensorial(Distance):
    def __call__(self, fake, real):
        return torch.tensor(super().__call__(fake, real))


class Reversed(Distance):
    def __call__(self, fake, real):
        return -super().__call__(fake, real)


class Dicing(Distance):
    def __call__(self, fake, real):
        return super().__call__(fake, real) + float(torch.rand(()))


class Remembers(Distance):
    def __call__(self, fake, real):
        return real.remember("all", lambda: super(Remembers, self).__call__(fake, real))


class HidesNan(Distance):
    def __call__(self, fake, real):
        whole = ganzoo.Samples(fake.x[fake.x.isfinite().all(1)])
        return super().__call__(whole, real)


class Pairs(Distance):
    def __call__(self, fake, real):
        return float((fake.x - real.x).square().mean())


class ByPlace(Distance):
    def __call__(self, fake, real):
        return super().__call__(fake, real) + float(fake.x[0, 0]) ** 2 / 100


class Shifts(Distance):
    def __call__(self, fake, real):
        value = super().__call__(fake, real)
        fake.x.add_(0.0)
        return value


class Scribbles(Distance):
    """Joins the pass over all pairs, and writes to the blocks that others see too."""

    def asks(self, fake, real):
        return [ganzoo.metrics.Ask(fake, real, self)]

    def within(self, x):
        return None

    def between(self, fake, real, of_fake, of_real):
        return self

    precise = True

    def add(self, block):
        block.squares.zero_()

    def result(self):
        return 0.0


class Forgets(Distance):
    """Gives another value where the pass was shared."""

    balls = ganzoo.metrics.Balls(3)

    def asks(self, fake, real):
        return [ganzoo.metrics.Ask(fake, real, self.balls)]

    def __call__(self, fake, real):
        fake_known = "pairs" in fake._memory
        return super().__call__(fake, real) + fake_known


def test_a_right_metric_passes(failed):
    assert failed(check_metric(Distance())) == {}
    assert failed(check_metric(Reversed(), direction="higher")) == {}


@pytest.mark.parametrize(
    ("wrong", "caught"),
    [
        (Tensorial(), "float"),
        (Reversed(), "direction"),
        (Dicing(), "repeats"),
        (Remembers(), "repeats"),
        (HidesNan(), "nan"),
        (Pairs(), "sizes"),
        (ByPlace(), "order"),
        (Shifts(), "inputs_unmodified"),
        (Scribbles(), "shares"),
        (Forgets(), "shares"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_wrong_metrics_are_caught(failed, wrong, caught):
    assert caught in failed(check_metric(wrong))
