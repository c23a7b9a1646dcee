"""The kits for terms, networks, data, metrics and extractors: right ones pass, wrong ones are
caught by name.
"""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo
from ganzoo.testing import (
    check_architecture,
    check_dataset,
    check_entry,
    check_extractor,
    check_metric,
    select,
)

SPEC = ganzoo.Spec((2,), 4, 3)


def failed(results):
    assert any(result.status == "passed" for result in results) or len(results) == 1
    return {result.name for result in results if result.status == "failed"}


# --- networks ----------------------------------------------------------------------------------


class Maker(ganzoo.Generator):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 2)

    def forward(self, z, y=None):
        return self.layer(z)


class Judge(ganzoo.Discriminator):
    provides = frozenset({"score", "features"})
    feature_dim = 5

    def __init__(self):
        super().__init__()
        self.hidden, self.last = nn.Linear(2, 5), nn.Linear(5, 1)

    def forward(self, x, y=None):
        features = self.hidden(x).tanh()
        return ganzoo.DiscriminatorOutput(self.last(features), features)


class WrongDim(Judge):
    feature_dim = 6


class Dishonest(Judge):
    provides = frozenset({"score", "features", "reconstruction"})


class BatchNormed(Judge):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(2, 5), nn.BatchNorm1d(5))


class Flat(Judge):
    def forward(self, x, y=None):
        features = self.hidden(x).sign() + 0 * self.hidden(x)
        return ganzoo.DiscriminatorOutput(self.last(features), features)


class Idle(Judge):
    def __init__(self):
        super().__init__()
        self.spare = nn.Linear(2, 2)


class ReadsBack(Judge):
    def forward(self, x, y=None):
        return super().forward(x if x.mean() < 100 else 2 * x)


class KeepsBeside(Judge):
    def __init__(self):
        super().__init__()
        self.tilt = float(torch.randn(()))

    def forward(self, x, y=None):
        said = super().forward(x)
        return ganzoo.DiscriminatorOutput(said.score + self.tilt, said.features)


class SeededInside(Judge):
    def __init__(self):
        torch.manual_seed(3)
        super().__init__()


class Single(Maker):
    def forward(self, z, y=None):
        return self.layer(z.float().to(self.layer.weight)).float()


def networks(judge=Judge, maker=Maker):
    return ganzoo.Architecture(maker, judge)


def test_right_networks_pass():
    assert failed(check_architecture(networks(), spec=SPEC)) == set()


@pytest.mark.parametrize(
    ("wrong", "caught"),
    [
        (networks(WrongDim), {"shapes"}),
        (networks(maker=Single), {"shapes"}),
        (networks(Dishonest), {"provides"}),
        (networks(BatchNormed), {"per_sample"}),
        (networks(Flat), {"double_backward"}),
        (networks(Idle), {"trainable"}),
        (networks(ReadsBack), {"device"}),
        (networks(KeepsBeside), {"state"}),
        (networks(SeededInside), {"state"}),
    ],
    ids=lambda value: value.discriminator.__name__ if hasattr(value, "generator") else "",
)
def test_wrong_networks_are_caught(wrong, caught):
    assert caught <= failed(check_architecture(wrong, spec=SPEC))


# --- data --------------------------------------------------------------------------------------


def numbers(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def pictures(seed, count=40):
    dice = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, 1, 4, 4), generator=dice, dtype=torch.uint8)


def finite(**changed):
    parts = {"train": pictures(0), "test": pictures(1), "latent": 3}
    source = ganzoo.TensorSource(**{**parts, **changed})
    source.task = ganzoo.Task("mlp", {"width": 4})
    source.levels = 256
    return source


class Endless(ganzoo.Source):
    spec = ganzoo.Spec((2,), 4, 2)
    task = ganzoo.Task("mlp", {"width": 4}, {"steps": 10}, ("energy-distance",))
    mixture = ganzoo.Mixture(torch.tensor([[0.0, 0.0]]), 1.0)

    def draw(self, count, stream):
        return stream.normal(count, 2), stream.integers(2, count)

    def held_out(self, count, stream):
        return self.draw(count, stream)


class Global(Endless):
    def draw(self, count, stream):
        return torch.randn(count, 2), stream.integers(2, count)


class Stuck(Endless):
    def draw(self, count, stream):
        return numbers(count, 2), stream.integers(2, count)


class Double(Endless):
    def draw(self, count, stream):
        x, labels = super().draw(count, stream)
        return x.double(), labels


class WrongLabels(Endless):
    def draw(self, count, stream):
        x, labels = super().draw(count, stream)
        return x, labels + 1


class OneClass(Endless):
    def draw(self, count, stream):
        x, labels = super().draw(count, stream)
        return x, labels * 0


class OffCentre(Endless):
    mixture = ganzoo.Mixture(torch.tensor([[0.0, 0.0]]), 0.1)


class BadTask(Endless):
    task = ganzoo.Task("mlp", {"wdith": 4})


class DecidedByCounting(Endless):
    task = ganzoo.Task("mlp", {"width": 4}, metrics=("modes",))


class NeedsClasses(Endless):
    task = ganzoo.Task("mlp", {"width": 4}, metrics=("energy-distance", "class-kl"))


class Zero1(ganzoo.TensorSource):
    @staticmethod
    def _scale(x):
        return x.float() / 255


@pytest.mark.parametrize("source", [finite(), Endless()], ids=["finite", "endless"])
def test_right_data_pass(source):
    assert failed(check_dataset(source)) == set()


@pytest.mark.parametrize(
    ("wrong", "caught"),
    [
        (finite(test=pictures(0)), "held_out"),
        (finite(train=pictures(0).float() / 255), "range"),
        (finite(train=4 * (pictures(0).float() / 127.5 - 1)), "range"),
        (finite(train=pictures(0).float() / 127.5 - 0.9999), "range"),
        (Global(), "repeats"),
        (Stuck(), "repeats"),
        (Double(), "shapes"),
        (WrongLabels(), "shapes"),
        (OneClass(), "classes"),
        (OffCentre(), "mixture"),
        (BadTask(), "suggestions"),
        (DecidedByCounting(), "suggestions"),
        (NeedsClasses(), "suggestions"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_wrong_data_are_caught(wrong, caught):
    assert caught in failed(check_dataset(wrong))


# --- metrics -----------------------------------------------------------------------------------


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


def test_a_right_metric_passes():
    assert failed(check_metric(Distance())) == set()
    assert failed(check_metric(Reversed(), direction="higher")) == set()


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
def test_wrong_metrics_are_caught(wrong, caught):
    assert caught in failed(check_metric(wrong))


# --- extractors --------------------------------------------------------------------------------


class Plain(ganzoo.Extractor):
    def features(self, x):
        return x.detach().flatten(1).float()


class Graph(Plain):
    def features(self, x):
        return x.flatten(1)


class Training(Plain):
    def features(self, x):
        flat = super().features(x)
        return (flat - flat.mean(0)) / (flat.std(0, correction=0) + 1e-3)


class Drawn(Plain):
    def features(self, x):
        return super().features(x) @ torch.randn(2, 3)


class Beyond(Plain):
    classes = 2

    def predict(self, x):
        return (x[:, 0] > 0).long() + 1


def test_a_right_extractor_passes():
    assert failed(check_extractor(Plain(), samples=numbers(24, 2))) == set()


@pytest.mark.parametrize(
    ("wrong", "caught"),
    [
        (Graph(), "features"),
        (Training(), "per_sample"),
        (Drawn(), "repeats"),
        (Beyond(), "classes"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_wrong_extractors_are_caught(wrong, caught):
    assert caught in failed(check_extractor(wrong, samples=numbers(24, 2)))


# --- what is selected --------------------------------------------------------------------------


def test_what_is_not_there_is_skipped_but_for_its_words():
    results = {result.name: result for result in check_entry("mnist", kind="datasets", root="none")}
    assert results["documented"].status == "passed"
    assert results["shapes"].status == "skipped"
    assert "none" in results["shapes"].message


def test_select():
    assert [found.id for found in select("WGAN_GP")] == ["ganzoo:wgan-gp"]
    assert [found.id for found in select("ganzoo:r1")] == ["ganzoo:r1"]
    assert {found.kind for found in select("ganzoo")} == set(ganzoo.registry.KINDS)
    assert {found.kind for found in select("ganzoo", "terms")} == {"terms"}
    with pytest.raises(ganzoo.AmbiguousName, match="a data set and of an extractor"):
        select("digits")
    assert select("digits", "datasets")[0].kind == "datasets"
