import math

import pytest
import torch

from ganzoo.errors import BadOption
from ganzoo.game import Stream
from ganzoo.train.settings import Settings
from ganzoo.zoo.datasets.swissroll import swissroll

COUNT = 200_000


def test_is_centred_and_of_unit_variance():
    x, labels = swissroll().draw(COUNT, Stream(0, "real"))
    assert x.shape == (COUNT, 2)
    assert x.dtype == torch.float32
    assert labels is None
    assert x.mean(0).abs().max() < 5 / math.sqrt(COUNT)
    assert float(x.var(0).mean()) == pytest.approx(1.0, abs=5 * math.sqrt(2 / COUNT))


def test_points_lie_on_the_curve():
    source = swissroll(noise=0.0)
    x, _ = source.held_out(1000, Stream(0, "test"))
    roll = x.double() * source.unit + torch.tensor([2.0, 2 / (3 * math.pi)], dtype=torch.float64)
    radius = roll.norm(dim=1)
    assert radius.min() > 1.5 * math.pi - 1e-3
    assert radius.max() < 4.5 * math.pi + 1e-3
    # On the curve the radius is the angle.
    on_curve = radius.unsqueeze(1) * torch.stack([radius.cos(), radius.sin()], 1)
    assert torch.allclose(on_curve, roll, atol=1e-3)


def test_a_batch_depends_on_seed_and_index_alone(no_host_reads):
    source, stream = swissroll(), Stream(0, "real")
    with no_host_reads():
        first, _ = source.draw(32, stream.seek(2))
        other, _ = source.draw(32, stream.seek(3))
    assert torch.equal(first, source.draw(32, Stream(0, "real").seek(2))[0])
    assert not torch.equal(first, other)


def test_task_and_options():
    source = swissroll()
    assert source.spec.classes == 0
    assert source.mixture is None
    assert Settings.of(source.task.settings).steps == 2000
    assert source.task.metrics == ("energy-distance",)
    for noise in (-0.1, math.nan, math.inf):
        with pytest.raises(BadOption, match="noise="):
            swissroll(noise=noise)
