"""Samples of the mean and the covariance alone."""

import pytest
import torch

import ganzoo
from ganzoo.evaluate import Evaluator
from ganzoo.evaluate.surrogate import gaussian_like
from ganzoo.game import Stream
from ganzoo.registry import get_dataset, get_extractor, get_metric


def test_mean_and_covariance_are_those_of_the_data():
    x = torch.rand(400, 1, 2, 2) ** 3
    x[:, 0, 0, 0] = x[:, 0, 1, 1]  # of a rank that is not full
    made = gaussian_like(x, 60_000, Stream(0, "test").seek(0))
    assert made.shape == (60_000, 1, 2, 2)
    assert made.dtype == x.dtype
    assert torch.allclose(made.flatten(1).mean(0), x.flatten(1).mean(0), atol=0.01)
    assert torch.allclose(made.flatten(1).T.cov(), x.flatten(1).T.cov(), atol=0.005)
    assert torch.allclose(made[:, 0, 0, 0], made[:, 0, 1, 1], atol=1e-5)


def test_features_see_what_pixels_cannot():
    source = get_dataset("digits")
    far = {}
    for name in ("pixels", "digits"):
        metrics = {"fd": get_metric("frechet-distance")}
        evaluator = Evaluator(source, metrics, extractor=get_extractor(name))
        far[name] = evaluator.baseline()["fd"] / evaluator.floor()["fd"]
    assert far["digits"] > 5 * far["pixels"]
    assert Evaluator(get_dataset("ring8"), {}).baseline() == {}


@pytest.mark.parametrize("count", [1, 7])
def test_as_many_as_are_asked_for(count):
    assert len(gaussian_like(torch.rand(5, 3), count, Stream(0, "test").seek(0))) == count


def test_metrics_of_what_was_asked_for_say_nothing_of_the_baseline():
    names = ("frechet-distance", "class-agreement")
    metrics = {name: ganzoo.get_metric(name) for name in names}
    source = get_dataset("digits")
    extractor = ganzoo.get_extractor(source.extractor)
    evaluator = Evaluator(source, metrics, extractor=extractor, count=200)
    assert list(evaluator.baseline()) == ["frechet-distance"]
