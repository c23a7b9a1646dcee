import math

import pytest
import torch

from ganzoo.errors import BadOption
from ganzoo.evaluate import Evaluator, Extractor, Samples, sensible_count
from ganzoo.game.spec import Spec
from ganzoo.zoo.metrics.distance import energy_distance
from ganzoo.zoo.metrics.frechet import frechet_distance


def test_points_of_a_generator_that_knows_one_mode(of_points):
    found = of_points.evaluate(lambda count: torch.ones(count, 2))
    assert (found["modes"], found["quality"]) == (1, 1)
    assert found["mode-kl"] == pytest.approx(math.log(4))
    assert found["energy-distance"] > 0.5


def test_the_floor_is_what_a_perfect_sampler_gets(of_points, of_images, images):
    floor = of_points.floor()
    assert floor["modes"] == 4
    assert floor["quality"] == pytest.approx(0.98889, abs=0.02)
    assert floor["mode-kl"] < 0.02
    assert floor["energy-distance"] < 0.15
    floor, noise = of_images.floor(), of_images.evaluate(images)
    assert floor["frechet-distance"] < noise["frechet-distance"] / 5
    assert floor["class-kl"] < noise["class-kl"]
    assert abs(floor["kid"]) < noise["kid"]


def test_the_floor_is_computed_once_and_given_as_a_copy(corners, seen):
    evaluator = Evaluator(corners, {"seen": seen}, count=10)
    evaluator.floor()["seen"] = -1
    assert evaluator.floor() == {"seen": 10}
    assert len(seen.fake) == 1


def test_the_real_samples_are_drawn_once_and_are_not_the_training_ones(corners, seen):
    evaluator = Evaluator(corners, {"seen": seen}, count=50)
    for _ in range(2):
        evaluator.evaluate(lambda count: torch.zeros(count, 2))
    evaluator.floor()
    assert seen.real[0] is seen.real[1] is seen.real[2]
    assert not torch.equal(seen.fake[2].x, seen.real[0].x)


def test_the_seed_chooses_the_real_samples(corners):
    def real(seed):
        return Evaluator(corners, {}, count=50, seed=seed).reference.held_out.x

    assert torch.equal(real(0), real(0))
    assert not torch.equal(real(0), real(1))


@pytest.mark.parametrize("evaluator", ["of_points", "of_images"])
def test_the_same_every_time(evaluator, request):
    evaluator = request.getfixturevalue(evaluator)
    shape = evaluator.source.spec.shape

    def draw(count):
        return torch.rand(count, *shape, generator=torch.Generator().manual_seed(3))

    assert evaluator.evaluate(draw) == evaluator.evaluate(draw)
    torch.rand(3)  # and whatever becomes of the global random state
    assert evaluator.evaluate(draw) == evaluator.evaluate(draw)


def test_images_are_clamped_and_rounded_and_points_are_not(blots, corners, seen, images):
    Evaluator(blots, {"seen": seen}).evaluate(lambda count: 3 * images(count))
    assert seen.fake[0].x.unique().tolist() == [-1, -0.5, 0, 0.5, 1]
    Evaluator(corners, {"seen": seen}, count=9).evaluate(lambda count: torch.full((count, 2), 7.3))
    assert bool((seen.fake[1].x == 7.3).all())


def test_an_image_without_levels_is_clamped(blots, seen, images):
    blots.levels = 0
    Evaluator(blots, {"seen": seen}).evaluate(lambda count: 3 * images(count))
    assert seen.fake[0].x.abs().max() == 1
    assert len(seen.fake[0].x.unique()) > 100


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_narrow_numbers_are_widened(of_points, dtype):
    wide = torch.ones(500, 2) * 0.75
    assert of_points.evaluate(lambda _: wide.to(dtype)) == of_points.evaluate(lambda _: wide)
    assert of_points.reference.held_out.x.dtype == torch.float32


@pytest.mark.parametrize("evaluator", ["of_points", "of_images"])
@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_a_generator_that_gives_nan_scores_nan(evaluator, broken, request):
    evaluator = request.getfixturevalue(evaluator)

    def draw(count):
        x = torch.zeros(count, *evaluator.source.spec.shape)
        x.view(count, -1)[3, 1] = broken
        return x

    found = evaluator.evaluate(draw)
    assert list(found) == list(evaluator.metrics)
    assert all(math.isnan(value) for value in found.values())


def test_features_that_overflow_score_nan(corners):
    class Cube(Extractor):
        def features(self, x):
            return x**3

    metrics = {"frechet-distance": frechet_distance(), "energy-distance": energy_distance()}
    evaluator = Evaluator(corners, metrics, extractor=Cube(), count=20)
    found = evaluator.evaluate(lambda count: torch.full((count, 2), 1e20))
    assert math.isnan(found["frechet-distance"])
    assert found["energy-distance"] == pytest.approx((2 * 1e20 * 2**0.5) ** 0.5, rel=1e-6)


def test_a_generator_that_gives_one_sample_for_ever_is_scored(of_images):
    found = of_images.evaluate(lambda count: torch.full((count, 1, 4, 4), -1.0))
    assert found["class-modes"] == 1
    assert found["recall"] < 0.05
    assert found["frechet-distance"] > of_images.floor()["frechet-distance"]
    assert all(math.isfinite(value) for value in found.values())


def test_the_generator_keeps_no_graph_and_is_asked_once(corners, seen):
    asked, weight = [], torch.ones(2, requires_grad=True)

    def draw(count):
        asked.append((count, torch.is_grad_enabled()))
        return weight.expand(count, 2)

    Evaluator(corners, {"seen": seen}, count=30).evaluate(draw)
    assert asked == [(30, False)]
    assert not seen.fake[0].x.requires_grad


def test_features_are_extracted_once_for_all_metrics(of_images, halves, images):
    of_images.evaluate(images)
    of_images.evaluate(images)
    assert halves.seen == [120, 80, 120]


def test_large_sets_are_extracted_in_batches(halves, images):
    x = images(2500)
    samples = Samples(x, halves)
    assert samples.features.shape == (2500, 2)
    assert max(halves.seen) <= 1024
    assert sum(halves.seen) == 2500
    assert torch.equal(samples.predicted, halves.predict(x))


def test_sensible_counts(corners, blots, halves):
    assert sensible_count(corners) == 4000
    assert sensible_count(blots) == 120
    blots.train = torch.zeros(50_000, 1, 1, 1)
    assert sensible_count(blots, halves) == 2000
    halves.classes = 1000
    assert sensible_count(blots, halves) == 26_000
    assert Evaluator(blots, {}, extractor=halves).count == 26_000


def test_no_training_sample_comes_twice_in_a_floor(blots, seen):
    Evaluator(blots, {"seen": seen}, count=300).floor()
    assert len(seen.fake[0]) == 120
    assert len(seen.real[0]) == 80


def test_spec_of_the_synthetic_sources(corners, blots):
    assert corners.spec == Spec((2,), 4)
    assert blots.image
    assert blots.train.unique().tolist() == [-1, -0.5, 0, 0.5, 1]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("evaluator", ["of_points", "of_images"])
def test_on_a_gpu_the_same_values(evaluator, request):
    evaluator = request.getfixturevalue(evaluator)
    shape = evaluator.source.spec.shape

    def draw(count):
        return torch.rand(count, *shape, generator=torch.Generator().manual_seed(3))

    there = evaluator.evaluate(lambda count: draw(count).cuda())
    reference = evaluator.reference
    moved = Evaluator(
        evaluator.source, evaluator.metrics, extractor=reference.extractor, count=evaluator.count
    )
    moved.reference.__dict__["held_out"] = Samples(
        reference.held_out.x.cuda(), reference.extractor, evaluator.source.mixture
    )
    assert moved.evaluate(draw) == pytest.approx(there, rel=1e-6, abs=1e-9)
    assert moved.reference.held_out.x.is_cuda


def test_labels_reach_the_metrics(blots, seen):
    labels = torch.arange(200) % 4
    blots.train_labels, blots.test_labels = labels[:120], labels[120:]
    evaluator = Evaluator(blots, {"seen": seen}, count=60)
    asked = torch.arange(60) % 3
    evaluator.evaluate(lambda count: (torch.zeros(count, 1, 4, 4), asked))
    evaluator.evaluate(lambda count: (torch.zeros(count, 1, 4, 4), None))
    evaluator.evaluate(lambda count: torch.zeros(count, 1, 4, 4))
    evaluator.floor()
    assert torch.equal(seen.fake[0].labels, asked)
    assert seen.fake[1].labels is seen.fake[2].labels is None
    for found, x, y in (
        (seen.fake[3], blots.train, blots.train_labels),
        (seen.real[0], blots.test, blots.test_labels),
    ):
        of_class = [x[y == label].flatten(1) for label in range(4)]
        near = [torch.cdist(found.x.flatten(1), each).amin(1) == 0 for each in of_class]
        assert torch.stack(near)[found.labels, torch.arange(60)].all()


def test_a_finite_set_is_parted_alike_for_every_seed():
    from ganzoo.game.source import TensorSource

    source = TensorSource(torch.rand(20, 2), torch.arange(60.0).view(30, 2))
    parts = []
    for seed in (0, 1):
        reference = Evaluator(source, {}, count=1000, seed=seed, parted=True).reference
        parts.append((reference.held_out.x, reference.validation.x))
    (held_out, validation), other = parts
    assert torch.equal(held_out, other[0])
    assert torch.equal(validation, other[1])
    assert (len(held_out), len(validation)) == (20, 10)
    together = torch.cat([held_out, validation])
    assert torch.equal(together[together[:, 0].argsort()], source.test)


def test_of_an_endless_source_the_parts_are_whole_and_differ(corners):
    reference = Evaluator(corners, {}, count=50, parted=True).reference
    assert len(reference.held_out) == len(reference.validation) == 50
    rows = torch.cat([reference.held_out.x, reference.validation.x])
    assert len(rows.unique(dim=0)) == 100


def test_nothing_is_set_apart_unasked(corners, seen):
    evaluator = Evaluator(corners, {"seen": seen}, count=10)
    with pytest.raises(BadOption, match="parted=True"):
        evaluator.validate(lambda count: torch.ones(count, 2))
