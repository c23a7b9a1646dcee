import pytest
import torch

from ganzoo import metrics
from ganzoo.errors import BadOption
from ganzoo.evaluate import Evaluator, Metric, Samples
from ganzoo.evaluate import sweep as sweeping
from ganzoo.evaluate.sharing import share
from ganzoo.zoo.metrics.copies import memorisation
from ganzoo.zoo.metrics.distance import energy_distance
from ganzoo.zoo.metrics.kernel import kid, rbf_mmd
from ganzoo.zoo.metrics.manifold import density, precision


@pytest.fixture
def passes(monkeypatch):
    """What each pass was over: the sets, by their length, and how many looked on."""
    found, sweep = [], sweeping.sweep

    def watched(x, y, tallies):
        if tallies:
            found.append((len(x), None if y is None else len(y), len(tallies)))
        sweep(x, y, tallies)

    monkeypatch.setattr(sweeping, "sweep", watched)
    return found


def some():
    return {
        "precision": precision(),
        "density": density(),
        "kid": kid(),
        "rbf-mmd": rbf_mmd(),
        "energy-distance": energy_distance(),
        "memorisation": memorisation(),
    }


def sides(normal, training=70, size=12):
    real = Samples(normal(70, size), training=lambda: Samples(normal(training, size)))
    return Samples(1.2 * normal(60, size)), real


def test_one_pass_for_all(normal, passes):
    fake, real = sides(normal)
    share(some().values(), fake, real)
    assert sorted(passes, key=str) == [(60, 70, 1), (60, 70, 5), (60, None, 4), (70, None, 4)]
    passes.clear()
    shared = {name: metric(fake, real) for name, metric in some().items()}
    errors = {name: metric.error(fake, real) for name, metric in some().items()}
    assert passes == []
    alone = {
        name: metric(Samples(fake.x), Samples(real.x, training=lambda: real.training))
        for name, metric in some().items()
    }
    assert shared == pytest.approx(alone, rel=1e-12)
    assert errors["kid"] > 0


def test_the_real_side_is_looked_at_once(normal, passes):
    fake, real = sides(normal)
    share([kid(), precision()], fake, real)
    passes.clear()
    share([kid(), precision()], Samples(normal(50, 12)), real)
    assert passes == [(50, None, 2), (50, 70, 2)]


def test_another_extractor_is_another_pass(corners, passes):
    class Doubled(metrics_extractor()):
        def features(self, x):
            return 2 * x.flatten(1)

    fake, real = (Samples(torch.randn(n, 2), Doubled()) for n in (30, 40))
    share([energy_distance(), kid()], fake, real)
    assert len(passes) == 6
    fake, real = (Samples(each.x) for each in (fake, real))
    passes.clear()
    share([energy_distance(), kid()], fake, real)
    assert len(passes) == 3


def metrics_extractor():
    from ganzoo.evaluate import Extractor

    return Extractor


class Overlap(Metric):
    balls = metrics.Balls(k=3)

    def asks(self, fake, real):
        return [metrics.Ask(fake, real, self.balls)]

    def __call__(self, fake, real):
        return fake.against(real, self.balls).recall


def test_a_metric_of_ones_own_joins_in(corners, passes):
    evaluator = Evaluator(corners, {"overlap": Overlap(), "kid": kid()}, count=50)
    found = evaluator.evaluate(lambda count: torch.rand(count, 2))
    assert passes == [(50, None, 2), (50, None, 2), (50, 50, 2)]
    assert 0 <= found["overlap"] <= 1
    evaluator.floor()
    assert passes[3:] == [(50, None, 2), (50, 50, 2)]


def test_what_fails_spares_the_others(normal, passes):
    """Too few samples for the balls: its metric says so, and the others have their values."""
    fake, real = sides(normal)
    share([precision(k=200), kid()], fake, real)
    assert kid()(fake, real) == pytest.approx(metrics.kernel_distance(fake.x, real.x), rel=1e-12)
    with pytest.raises(BadOption, match="k=200"):
        precision(k=200)(fake, real)


def test_a_larger_reference_is_thinned_for_copies_alone(normal, passes):
    fake, real = sides(normal, training=30)
    share(some().values(), fake, real)
    assert sorted(passes, key=str) == [
        (60, 30, 1),
        (60, 30, 1),
        (60, 70, 4),
        (60, None, 4),
        (70, None, 4),
    ]
    expected = metrics.memorisation(fake.x, real.training.x, real.x)
    assert memorisation()(fake, real) == expected.share
    assert memorisation().error(fake, real) == pytest.approx(expected.error, rel=1e-12)
