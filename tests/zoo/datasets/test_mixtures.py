import math

import pytest
import torch

from ganzoo.errors import BadOption
from ganzoo.game import Stream
from ganzoo.zoo.datasets.mixtures import grid25, ring8

COUNT = 40_000
BOTH = pytest.mark.parametrize("make", [ring8, grid25])


@BOTH
def test_a_batch_depends_on_seed_and_index_alone(make):
    source = make()
    stream = Stream(3, "real")
    first = source.draw(16, stream.seek(5))
    source.draw(16, stream.seek(6))
    again = source.draw(16, Stream(3, "real").seek(5))
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[0], source.draw(16, stream.seek(6))[0])
    assert not torch.equal(first[0], source.draw(16, Stream(4, "real").seek(5))[0])


@BOTH
def test_shapes_and_types(make):
    source = make()
    x, labels = source.draw(12, Stream(0, "real"))
    assert x.shape == (12, 2)
    assert x.dtype == torch.float32
    assert labels.shape == (12,)
    assert labels.dtype == torch.int64
    assert source.spec.shape == (2,)
    assert source.spec.latent == 4
    assert source.spec.classes == len(source.mixture.centres)
    assert not source.image
    assert source.levels == 0
    assert source.extractor == "pixels"


@BOTH
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("standardise", [False, True])
def test_moments_are_those_of_the_mixture(make, strict, standardise):
    source = make(strict=strict, standardise=standardise)
    x, labels = source.held_out(COUNT, Stream(0, "test"))
    centres, scale = source.mixture.centres, source.mixture.scale
    classes = len(centres)
    # Five standard errors.
    assert torch.allclose(centres.mean(0), torch.zeros(2), atol=1e-6)
    share = torch.bincount(labels, minlength=classes) / COUNT
    assert (share - 1 / classes).abs().max() < 5 * math.sqrt(1 / classes / COUNT)
    within = (x - centres[labels]) / scale
    assert within.mean(0).abs().max() < 5 / math.sqrt(COUNT)
    assert (within.var(0) - 1).abs().max() < 5 * math.sqrt(2 / COUNT)
    assert abs(float(within[:, 0] @ within[:, 1]) / COUNT) < 5 / math.sqrt(COUNT)
    whole = centres.square().mean(0) + scale**2
    deviation = 5 * math.sqrt(2 / COUNT) * float(whole.mean())
    assert (x.var(0) - whole).abs().max() < deviation
    if standardise:
        assert whole.mean() == pytest.approx(1.0, abs=1e-6)


@BOTH
def test_labels_name_the_nearest_mode(make):
    source = make(strict=True)
    x, labels = source.draw(2000, Stream(0, "real"))
    assert torch.equal(torch.cdist(x, source.mixture.centres).argmin(1), labels)


@BOTH
def test_a_perfect_sampler_has_as_many_good_samples_as_theory_says(make):
    source = make()
    x, labels = source.draw(COUNT, Stream(1, "real"))
    distance = (x - source.mixture.centres[labels]).norm(dim=1)
    good = float((distance < 3 * source.mixture.scale).double().mean())
    assert good == pytest.approx(1 - math.exp(-4.5), abs=5 * math.sqrt(0.0111 / COUNT))


def test_geometry_in_the_units_of_the_options():
    ring = ring8(radius=3.0, scale=0.3, standardise=False).mixture
    assert torch.allclose(ring.centres.norm(dim=1), torch.full((8,), 3.0))
    assert torch.allclose(ring.centres[0], torch.tensor([3.0, 0.0]))
    assert torch.allclose(ring.centres[2], torch.tensor([0.0, 3.0]), atol=1e-6)
    assert ring.scale == 0.3
    grid = grid25(spacing=1.5, scale=0.1, standardise=False).mixture
    assert torch.allclose(grid.centres[0], torch.tensor([-3.0, -3.0]))
    assert torch.allclose(grid.centres[1], torch.tensor([-1.5, -3.0]))
    assert torch.allclose(grid.centres[24], torch.tensor([3.0, 3.0]))
    assert grid.scale == 0.1


def test_strict_widths_are_the_literatures():
    assert ring8(strict=True, standardise=False).mixture.scale == pytest.approx(0.02)
    assert grid25(strict=True, standardise=False).mixture.scale == pytest.approx(0.05)
    ring, grid = ring8().mixture, grid25().mixture
    neighbours = torch.cdist(ring.centres[:1], ring.centres[1:]).min()
    assert float(neighbours) / ring.scale == pytest.approx(15.3, abs=0.1)
    neighbours = torch.cdist(grid.centres[:1], grid.centres[1:]).min()
    assert float(neighbours) / grid.scale == pytest.approx(10.0, abs=0.01)


@BOTH
def test_drawing_reads_nothing_back(make, no_host_reads):
    source, stream = make(), Stream(0, "real")
    with no_host_reads():
        x, _ = source.draw(64, stream.seek(9))
    assert bool(x.isfinite().all())


@BOTH
def test_moves_to_a_device(make):
    source = make()
    assert source.to("meta") is source
    assert source.mixture.centres.device.type == "meta"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
@BOTH
def test_draws_on_cuda_without_waiting_for_it(make):
    source, stream = make().to("cuda"), Stream(0, "real", "cuda")
    before = torch.cuda.get_sync_debug_mode()
    torch.cuda.set_sync_debug_mode("error")
    try:
        x, labels = source.draw(64, stream.seek(1))
    finally:
        torch.cuda.set_sync_debug_mode(before)
    assert x.is_cuda
    assert labels.is_cuda


@BOTH
def test_task_has_settings_that_exist(make):
    from ganzoo.train.settings import Settings

    task = make().task
    settings = Settings.of(task.settings)
    assert settings.batch == 128
    assert settings.schedule == "cosine"
    assert settings.steps == (1500 if make is ring8 else 2000)
    assert task.architecture == "mlp"
    assert task.metrics[0] == "mode-kl"
    assert make(strict=True).task.settings["steps"] == 5000


@pytest.mark.parametrize("value", [0.0, -1.0, math.inf, math.nan])
def test_sizes_must_be_finite_and_positive(value):
    with pytest.raises(BadOption, match=r"scale=.*above 0"):
        ring8(scale=value)
    with pytest.raises(BadOption, match=r"spacing=.*above 0"):
        grid25(spacing=value)
