"""What a metric costs beside what a user would take instead, on the same features.

Each measured call comes after one of its rival, and the ratio is of processor seconds, so that
what slows the machine slows both. README.md has the command and the columns.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

import ganzoo
from benchmarks.rivals import (
    blocks_rival,
    manifold_rival,
    pairs_rival,
    sliced_rival,
    sqrtm_distance,
    sqrtm_distance_of_features,
)
from ganzoo import metrics
from ganzoo.evaluate import frechet
from ganzoo.evaluate.sharing import share

OVER_PAIRS = [
    *("precision", "recall", "density", "coverage"),
    *("kid", "rbf-mmd", "energy-distance", "memorisation"),
]

FEW = {64: 8, 768: 12, 2048: 16}
"""Features by what they stand for when nothing is measured."""


@pytest.fixture(scope="module", autouse=True)
def _on_the_cpu(device: torch.device) -> None:
    if device.type != "cpu":
        pytest.skip("rivals of the metrics are timed on the CPU; --device cpu")


@pytest.fixture
def size(request: pytest.FixtureRequest, benchmark: Any) -> int:
    wanted: int = request.param
    return wanted if benchmark.enabled else FEW[wanted]


def features(count: int, size: int, seed: int, *, scale: float = 1.0) -> Tensor:
    """``(count, size)`` float32: none below 0, of mean about 0.45, with a falling spectrum."""
    dice = torch.Generator().manual_seed(seed)
    turn = torch.linalg.qr(torch.randn(size, size, generator=torch.Generator().manual_seed(0)))[0]
    spectrum = torch.arange(1, size + 1).rsqrt() * scale
    return ((torch.randn(count, size, generator=dice) * spectrum) @ turn + 0.45).relu()


def duel(
    benchmark: Any, own: Callable[[], Any], rival: Callable[[], Any], rounds: int = 3
) -> tuple[Any, Any]:
    """Time both in turn; gives what each found."""
    times: dict[str, list[float]] = {"own": [], "rival": []}
    found: dict[str, Any] = {}

    def timed(name: str, call: Callable[[], Any]) -> None:
        before = time.process_time()
        found[name] = call()
        times[name].append(time.process_time() - before)

    benchmark.pedantic(
        lambda: timed("own", own), setup=lambda: timed("rival", rival), rounds=rounds
    )
    if benchmark.enabled:
        ratios = [b / a for a, b in zip(times["own"], times["rival"], strict=True)]
        benchmark.extra_info.update(
            own_seconds=round(min(times["own"]), 4),
            rival_seconds=round(min(times["rival"]), 4),
            times_as_fast=round(statistics.median(ratios), 2),
        )
    return found["own"], found["rival"]


def differs(benchmark: Any, found: float, other: float) -> float:
    """The relative difference, kept beside the times."""
    difference = abs(found - other) / abs(other)
    benchmark.extra_info["relative_difference"] = difference
    return difference


def timed(group: str) -> pytest.MarkDecorator:
    """What is timed, by the processor's clock."""
    return pytest.mark.benchmark(group=group, timer=time.process_time)


sizes = pytest.mark.parametrize("size", [768, 2048], indirect=True)


@timed("Fréchet distance from moments, against sqrtm")
@sizes
@pytest.mark.parametrize("path", ["eigenvalues", "singular-values"])
def test_frechet_of_moments(
    benchmark: Any, monkeypatch: pytest.MonkeyPatch, size: int, path: str
) -> None:
    """Against scipy.linalg.sqrtm, nearly all of pytorch-fid's time; covariances given."""
    if path == "singular-values":
        monkeypatch.setattr(frechet, "_by_eigenvalues", lambda *_: None)
    x, y = (metrics.Moments.of(features(2 * size, size, s, scale=1 + s / 9)) for s in (1, 2))
    means, covariances = (x.mean, y.mean), (x.covariance, y.covariance)
    found, other = duel(
        benchmark,
        lambda: metrics.frechet_distance(x, y),
        lambda: sqrtm_distance(means, covariances),
    )
    assert differs(benchmark, found, other) < 1e-7


def of_features(benchmark: Any, x: Tensor, y: Tensor) -> tuple[float, float]:
    own, rival = metrics.frechet_distance, sqrtm_distance_of_features
    return duel(benchmark, lambda: own(x, y), lambda: rival(x, y), rounds=1)


@timed("Fréchet distance from 10,000 samples, against sqrtm")
@pytest.mark.parametrize("size", [2048], indirect=True)
def test_frechet_of_features(benchmark: Any, size: int) -> None:
    """From 10,000 float32 features of each side to the distance."""
    count = 10_000 if benchmark.enabled else 60
    x, y = features(count, size, 1), features(count, size, 2, scale=1.1)
    found, other = of_features(benchmark, x, y)
    assert differs(benchmark, found, other) < 1e-7


@timed("Fréchet distance from 512 samples, against sqrtm")
@pytest.mark.parametrize("size", [2048], indirect=True)
def test_frechet_of_few_samples(benchmark: Any, size: int) -> None:
    """512 samples of 2048 features: the distance needs no covariance."""
    count = size // 4
    x, y = features(count, size, 1), features(count, size, 2, scale=1.1)
    found, other = of_features(benchmark, x, y)
    assert differs(benchmark, found, other) < 1e-4  # sqrtm's error, of singular matrices


@timed("KID of 2000 samples, against torchmetrics' blocks")
@pytest.mark.parametrize("size", [64, 2048], indirect=True)
def test_kernel_distance(benchmark: Any, size: int) -> None:
    count = 2_000 if benchmark.enabled else 40
    x, y = features(count, size, 1), features(count, size, 2, scale=1.3)
    rival = blocks_rival()
    found, _ = duel(benchmark, lambda: metrics.kernel_distance(x, y), lambda: rival(x, y), rounds=1)
    assert differs(benchmark, found, pairs_rival()(x, y)) < 1e-9


@timed("precision, recall, density, coverage of 10,000 samples, against prdc")
@pytest.mark.parametrize("size", [64, 768, 2048], indirect=True)
def test_manifold(benchmark: Any, size: int) -> None:
    """Precision, recall, density and coverage of 10,000 samples of each side, against prdc."""
    count = 10_000 if benchmark.enabled else 100
    x, y = features(count, size, 1), features(count, size, 2, scale=1.1)
    rival = manifold_rival()
    found, other = duel(benchmark, lambda: metrics.manifold(x, y), lambda: rival(x, y), rounds=1)
    for name, value in other.items():
        assert getattr(found, name) == pytest.approx(value, abs=2 / count)


@timed("sliced Wasserstein distance of 5000 samples, against POT")
@pytest.mark.parametrize("size", [64, 768, 2048], indirect=True)
def test_sliced_wasserstein(benchmark: Any, size: int) -> None:
    """5,000 samples of each side on 1000 lines, against POT, both in float32."""
    count = 5_000 if benchmark.enabled else 50
    x, y = features(count, size, 1), features(count, size, 2, scale=1.1)
    lines = torch.randn(size, 1000, generator=torch.Generator().manual_seed(3))
    lines = lines / torch.linalg.vector_norm(lines, dim=0)
    rival = sliced_rival()
    found, other = duel(
        benchmark,
        lambda: metrics.sliced_wasserstein(x, y, projections=lines),
        lambda: rival(x, y, lines),
    )
    assert differs(benchmark, found, other) < 1e-4


@timed("all of these over pairs and memorisation, against prdc alone")
@pytest.mark.parametrize("size", [64, 2048], indirect=True)
def test_everything_against_all_pairs_of_one_rival(benchmark: Any, size: int) -> None:
    """The manifold, KID, RBF-MMD, energy and memorisation, as an evaluator computes them: in one
    pass over the pairs, and one over those with as many training samples; against prdc alone.
    """
    count = 10_000 if benchmark.enabled else 60
    x, y = features(count, size, 1), features(count, size, 2, scale=1.1)
    training, rival = features(count, size, 3, scale=1.1), manifold_rival()
    chosen = [ganzoo.get_metric(name) for name in OVER_PAIRS]

    def everything() -> list[float]:
        fake = ganzoo.Samples(x)
        real = ganzoo.Samples(y, training=lambda: ganzoo.Samples(training))
        share(chosen, fake, real)
        return [metric(fake, real) for metric in chosen]

    found, other = duel(benchmark, everything, lambda: rival(x, y), rounds=1)
    assert all(map(math.isfinite, found))
    for name in other:
        assert found[OVER_PAIRS.index(name)] == pytest.approx(other[name], abs=2 / count)
