"""What must hold of every built-in metric."""

import math
from itertools import pairwise

import pytest
import torch

from ganzoo import registry
from ganzoo.errors import BadData
from ganzoo.evaluate import Extractor, Metric, Samples
from ganzoo.game.source import Mixture

PERFECT = {
    "modes": 8,
    "quality": 0.971,  # the share within 3 scales in three dimensions
    "mode-kl": 0,
    "energy-distance": 0,
    "frechet-distance": 0,
    "kid": 0,
    "precision": 1,
    "recall": 1,
    "density": 1,
    "coverage": 1,
    "class-modes": 8,
    "class-kl": 0,
    "fd-infinity": 0,
    "rbf-mmd": 0,
    "sliced-wasserstein": 0,
    "wasserstein": 0,
    "inception-score": 8,
}

ENTRIES = {
    found.entry.name: found.entry
    for found in registry.entries("metrics")
    if found.distribution == "ganzoo" and not {"labels", "training"} & {*found.entry.needs}
}
"""Those that look at samples alone; test_classes.py has those that look at labels, and
test_copies.py those that look at training samples.
"""
FEATURES = [name for name, entry in ENTRIES.items() if "features" in entry.needs]

every = pytest.mark.parametrize("name", ENTRIES)


@pytest.fixture
def metric(name):
    return registry.build("metrics", f"ganzoo:{name}")


@pytest.fixture
def sign(name):
    """Times a value: lower is better."""
    return {"lower": 1, "higher": -1}[ENTRIES[name].direction]


def test_none_is_left_out():
    assert set(ENTRIES) == set(PERFECT)


@every
def test_a_metric_that_gives_a_float(metric, wrap, sample):
    assert isinstance(metric, Metric)
    assert type(metric(wrap(sample(0)), wrap(sample(1)))) is float


@every
def test_perfect_on_the_real_samples_themselves(name, metric, wrap, sample):
    """KID is a little below 0 there: unbiased is for samples that are independent."""
    found = metric(wrap(sample(0)), wrap(sample(0)))
    slack = {
        "density": 0.3,
        "quality": 0.03,
        "mode-kl": 0.02,
        "kid": 0.02,
        "inception-score": 0.1,
    }.get(name, 0.01)
    assert found == pytest.approx(PERFECT[name], abs=slack)


@every
def test_worse_the_worse_the_samples(name, sign, metric, wrap, sample):
    """Step by step, on the mean of three seeds; the last step is far from the first."""
    steps = {
        # Blurred samples stay of their class for long.
        "class-kl": (0.0, 1.0, 2.0, 4.0),
        "class-modes": (0.0, 1.0, 2.0, 4.0),
        "mode-kl": (0.0, 1.0, 2.0, 4.0),
    }.get(name, (0.0, 0.1, 0.3, 0.9))

    def spoiled(seed: int, step: float):
        if name == "recall":  # blurred samples make large balls: recall falls with narrowness
            return (1 - step) * sample(seed, 400)
        # The shift keeps the classes of the blurred samples from being evenly filled.
        return sample(seed, 400, step) + torch.tensor([step, 0.0, 0.0])

    real = wrap(sample(100))
    found = [
        sign * sum(metric(wrap(spoiled(seed, step)), real) for seed in range(3)) / 3
        for step in steps
    ]
    assert all(b >= a - 1e-3 * abs(a) for a, b in pairwise(found)), found
    assert found[-1] > found[0] + 0.01 or name == "class-modes", found


@every
def test_worse_without_half_of_the_modes(name, sign, metric, wrap, sample):
    fake, real = sample(0, 1200), wrap(sample(1))
    half = fake[fake[:, 0] > 0]
    whole, part = metric(wrap(fake[: len(half)]), real), metric(wrap(half), real)
    if name in ("quality", "precision", "density"):  # blind to what is missing, as documented
        assert part == pytest.approx(whole, rel=0.25)
    elif sign == 1:
        assert part > whole + 0.05
    else:
        assert part < 0.8 * whole


@every
def test_the_same_whatever_the_order_and_every_time(metric, wrap, sample):
    fake, real = sample(0), sample(1)
    once = metric(wrap(fake), wrap(real))
    assert metric(wrap(fake), wrap(real)) == once
    assert metric(wrap(fake.flip(0)), wrap(real.flip(0))) == pytest.approx(once, rel=1e-5, abs=1e-9)


@every
def test_the_real_samples_are_not_confused(metric, wrap, sample):
    """What is remembered of one pair is not taken for that of another."""
    fake, real = wrap(sample(0)), wrap(sample(1))
    shifted, blurred = wrap(sample(2) + 0.4), wrap(sample(3, noise=0.5))
    fresh = [metric(wrap(sample(0)), wrap(other.x)) for other in (real, shifted, blurred)]
    assert [metric(fake, other) for other in (real, shifted, blurred)] == fresh


@pytest.mark.parametrize("name", FEATURES)
def test_nan_features_are_counted(metric, wrap, sample):
    class Breaks(Extractor):
        def features(self, x):
            return torch.where(x[:, :1] > 5, torch.nan, x)

    fake, real = sample(0), sample(1)
    fake[[3, 9]] = 6.0
    with pytest.raises(BadData, match="2 of 600 generated .* sample 3"):
        metric(Samples(fake, Breaks()), Samples(real, Breaks()))
    with pytest.raises(BadData, match="2 of 600 real .* sample 3"):
        metric(Samples(real, Breaks()), Samples(fake, Breaks()))


@every
def test_no_gradient_and_no_global_randomness(metric, wrap, sample):
    fake = sample(0).requires_grad_()
    state = torch.random.get_rng_state()
    assert math.isfinite(metric(wrap(fake), wrap(sample(1))))
    assert torch.equal(state, torch.random.get_rng_state())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@every
def test_on_a_gpu_the_same_value(name, metric, wrap, sample, corners):
    fake, real = sample(0).double(), sample(1).double()
    there = []
    for x in (fake, real):
        like = wrap(x)
        mixture = Mixture(corners.cuda(), 0.1)
        like.extractor.corners, like.extractor.turn = corners.double(), like.extractor.turn.double()
        on_gpu = Samples(x.cuda(), like.extractor, mixture)
        vars(on_gpu).update(features=like.features.cuda(), predicted=like.predicted.cuda())
        there.append(on_gpu)
    here = metric(wrap(fake), wrap(real))
    assert metric(*there) == pytest.approx(here, rel=1e-9, abs=1e-12)
