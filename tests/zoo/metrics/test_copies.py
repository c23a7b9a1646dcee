import pytest

import ganzoo
from ganzoo.evaluate import Evaluator, Samples
from ganzoo.zoo.datasets.mixtures import ring8


@pytest.fixture
def metric():
    return ganzoo.get_metric("memorization")


def test_copies_are_seen_and_the_floor_is_a_half(metric):
    evaluator = Evaluator(ring8(), {"memorisation": metric}, count=300)
    training = evaluator.reference.held_out.training.x
    assert evaluator.evaluate(lambda _: training)["memorisation"] == 1
    assert evaluator.floor() == {"memorisation": 0.5}
    fake = evaluator.reference.wrap(ring8().held_out(300, ganzoo.Stream(5, "x").seek(0))[0])
    held_out = evaluator.reference.held_out
    assert abs(metric(fake, held_out) - 0.5) < 4 * metric.error(fake, held_out)


def test_without_training_samples(metric, sample):
    with pytest.raises(ganzoo.Incompatible, match="training samples beside"):
        metric(Samples(sample(0)), Samples(sample(1)))
