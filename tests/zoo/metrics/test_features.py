import numpy as np
import pytest
import scipy.linalg
import scipy.stats
import torch

from ganzoo.errors import BadOption
from ganzoo.evaluate import Samples
from ganzoo.evaluate import sweep as sweeping
from ganzoo.evaluate.manifold import manifold
from ganzoo.zoo.metrics.distance import energy_distance
from ganzoo.zoo.metrics.frechet import frechet_distance
from ganzoo.zoo.metrics.kernel import kid
from ganzoo.zoo.metrics.manifold import coverage, density, precision, recall


def test_frechet_distance_by_the_book(wrap, sample):
    """The ten features are the three coordinates turned: the same distance, singular there."""
    x, y = sample(0, noise=0.3), sample(1)
    (m, s), (n, t) = ((z.double().numpy().mean(0), np.cov(z.double().numpy().T)) for z in (x, y))
    root = scipy.linalg.sqrtm(s @ t).real
    expected = (m - n) @ (m - n) + np.trace(s) + np.trace(t) - 2 * np.trace(root)
    assert frechet_distance()(wrap(x), wrap(y)) == pytest.approx(expected, rel=1e-5)


def test_energy_distance_is_of_the_samples(wrap, sample):
    x, y = sample(0)[:, :1], sample(1, noise=0.3)[:, :1]
    expected = scipy.stats.energy_distance(x[:, 0].double().numpy(), y[:, 0].double().numpy())
    fake, real = wrap(x), wrap(y)
    assert energy_distance()(fake, real) == pytest.approx(expected, rel=1e-9)
    assert energy_distance(squared=True)(fake, real) == pytest.approx(expected**2, rel=1e-9)


def test_images_are_flattened():
    x, y = torch.randn(30, 1, 4, 4), torch.randn(40, 1, 4, 4) + 0.5
    flat = energy_distance()(Samples(x.flatten(1)), Samples(y.flatten(1)))
    assert energy_distance()(Samples(x), Samples(y)) == flat


def test_one_pass_for_the_whole_manifold(wrap, sample, monkeypatch):
    passes, sweep = [], sweeping.sweep
    monkeypatch.setattr(sweeping, "sweep", lambda *given: passes.append(given) or sweep(*given))
    fake, real = wrap(sample(0, noise=0.1)), wrap(sample(1))
    found = [metric(k=3)(fake, real) for metric in (precision, recall, density, coverage)]
    assert len(passes) == 3  # within either set, and between them
    assert found == list(manifold(fake.features, real.features, k=3))
    passes.clear()
    assert precision(k=4)(fake, real) != found[0]
    assert len(passes) == 3


def test_kid_of_another_degree(wrap, sample):
    fake, real = wrap(sample(0) + 0.3), wrap(sample(1))
    shift = float((fake.features.mean(0) - real.features.mean(0)).double().square().sum()) / 10
    assert kid(degree=1)(fake, real) == pytest.approx(shift, rel=0.1)
    assert kid()(fake, real) > kid(degree=1)(fake, real)


def test_bad_options():
    for make in (lambda: kid(degree=0), lambda: precision(k=0), lambda: recall(k=-1)):
        with pytest.raises(BadOption, match="at least"):
            make()
