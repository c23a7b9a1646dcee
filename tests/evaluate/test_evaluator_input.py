"""What an evaluator refuses, and how it says so."""

import pytest
import torch

from ganzoo.errors import BadData, BadOption, Incompatible, ShapeMismatch
from ganzoo.evaluate import Evaluator, Extractor, Metric
from ganzoo.game.source import TensorSource
from ganzoo.zoo.metrics.classes import class_kl
from ganzoo.zoo.metrics.distance import energy_distance
from ganzoo.zoo.metrics.frechet import frechet_distance
from ganzoo.zoo.metrics.kernel import kid
from ganzoo.zoo.metrics.manifold import recall
from ganzoo.zoo.metrics.mixture import modes


def test_bad_arguments(corners):
    for count in (1, -5):
        with pytest.raises(BadOption, match=f"count={count}"):
            Evaluator(corners, {}, count=count)
    with pytest.raises(BadOption, match="'mine' is a function"):
        Evaluator(corners, {"mine": lambda fake, real: 0.0})
    with pytest.raises(ShapeMismatch, match=r"asked for samples \(20, 2\).* gave \(19, 2\)"):
        Evaluator(corners, {}, count=20).evaluate(lambda count: torch.zeros(count - 1, 2))


def test_metrics_that_do_not_fit_the_data(corners, blots):
    with pytest.raises(Incompatible, match="mixture of known modes"):
        Evaluator(blots, {"modes": modes()}).floor()
    with pytest.raises(Incompatible, match="classifier"):
        Evaluator(corners, {"class-kl": class_kl()}, count=20).floor()


def test_bad_real_data():
    good = torch.linspace(-1, 1, 40).view(20, 2)
    broken = good.clone()
    broken[[4, 7], 0] = torch.nan

    def floor(train, test):
        Evaluator(TensorSource(train, test), {"energy": energy_distance()}).floor()

    with pytest.raises(BadData, match="2 of 20 held-out samples are NaN"):
        floor(good, broken)
    with pytest.raises(BadData, match="2 of 20 training samples are NaN"):
        floor(broken, good)
    with pytest.raises(BadData, match="at least 2 held-out samples; the data gave 1"):
        floor(good, good[:1])
    with pytest.raises(BadData, match="all 20 real samples have the same elements"):
        floor(good, torch.ones(20, 2))


def test_an_extractor_that_sees_nothing(corners):
    class Blind(Extractor):
        def features(self, x):
            return torch.ones(len(x), 3)

    for metric in (frechet_distance(), kid(), recall()):
        with pytest.raises(BadData, match="same features.*extractor"):
            Evaluator(corners, {"m": metric}, extractor=Blind(), count=20).floor()


def test_a_failing_metric_is_not_hidden(corners):
    class Fails(Metric):
        def __call__(self, fake, real):
            raise BadData("of its own")

    with pytest.raises(BadData, match="of its own"):
        Evaluator(corners, {"m": Fails()}, count=20).floor()
