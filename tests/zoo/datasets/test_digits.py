import hashlib

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torch.nn.functional import avg_pool2d

from ganzoo.errors import BadOption, MissingDependency
from ganzoo.game import Stream
from ganzoo.train.settings import Settings
from ganzoo.zoo.datasets.digits import digits, digits_split, stacked_digits


def _rows(images):
    return {row.numpy().tobytes() for row in images.flatten(1)}


def test_split_is_fixed_and_disjoint():
    np.random.seed(1)  # the global state must not matter
    train, train_labels, test, test_labels = digits_split()
    assert train.shape == (1297, 1, 8, 8)
    assert test.shape == (500, 1, 8, 8)
    assert train_labels.dtype == torch.int64
    together = torch.cat([train, test]).flatten(1)
    everything = torch.tensor(load_digits().data, dtype=torch.float32) / 8 - 1
    assert sorted(map(tuple, together.tolist())) == sorted(map(tuple, everything.tolist()))
    # No two of the 1797 images are equal, so that rows identify them.
    assert len(_rows(train)) == 1297
    assert not _rows(train) & _rows(test)
    # The shipped classifier has seen these training images: they must never change.
    digest = hashlib.sha256(bytes(test_labels.tolist())).hexdigest()
    assert digest == "5f2462756e3bb711e1b981d2d4def05f79e61477405e9fb687ff7cf10c797713"
    assert torch.equal(digits_split()[0], train)


def test_every_class_is_in_both_parts():
    _, train, _, test = digits_split()
    assert torch.bincount(train, minlength=10).min() > 100
    assert torch.bincount(test, minlength=10).min() > 35


@pytest.mark.parametrize("size", [8, 16, 28, 32])
def test_sizes_keep_the_levels_and_average_back(size):
    source = digits(size=size)
    assert source.spec.shape == (1, size, size)
    assert source.image
    x, _ = source.held_out(500, Stream(0, "test").seek(0))
    assert len(x.unique()) == source.levels == 17
    assert x.min() == -1
    assert x.max() == 1
    small, _ = digits().held_out(500, Stream(0, "test").seek(0))
    squares = x[:, :, 2:26, 2:26] if size == 28 else x
    assert torch.equal(avg_pool2d(squares, size // 8), small)
    assert squares.numel() == x.numel() or bool((x.sum() - squares.sum()) == -500 * (28**2 - 24**2))


def test_an_epoch_deals_every_image_once():
    source, stream = digits(), Stream(0, "real")
    # 1297 is prime: batches of 97 meet the end of the epoch in the middle of the 14th.
    dealt = torch.cat([source.draw(97, stream.seek(index))[0] for index in range(14)])[:1297]
    assert _rows(dealt) == _rows(source.train)
    later = torch.cat([source.draw(97, stream.seek(14))[0], dealt[:0]])
    assert not torch.equal(later, dealt[:97])


def test_labels_belong_to_images():
    source = digits()
    known = dict(
        zip(
            (row.numpy().tobytes() for row in source.train.flatten(1)),
            source.train_labels.tolist(),
            strict=True,
        )
    )
    x, labels = source.draw(64, Stream(0, "real").seek(3))
    assert [known[row.numpy().tobytes()] for row in x.flatten(1)] == labels.tolist()


def test_stacked_digits_are_composed_of_the_right_part():
    source = stacked_digits()
    single = _rows(source.train)
    for draw, part, labels in (
        (source.draw, source.train, source.train_labels),
        (source.held_out, source.test, source.test_labels),
    ):
        x, numbers = draw(200, Stream(0, "real").seek(4))
        assert x.shape == (200, 3, 8, 8)
        assert numbers.dtype == torch.int64
        pairs = zip(part.flatten(1), labels.tolist(), strict=True)
        known = {row.numpy().tobytes(): label for row, label in pairs}
        for image, number in zip(x, numbers.tolist(), strict=True):
            spelt = [known[channel.numpy().tobytes()] for channel in image.flatten(1)]
            assert number == 100 * spelt[0] + 10 * spelt[1] + spelt[2]
    held_out, _ = source.held_out(200, Stream(0, "test"))
    assert not _rows(held_out.flatten(0, 1)) & single


def test_stacked_digits_cover_their_thousand_classes():
    source = stacked_digits()
    assert source.spec.classes == 1000
    _, numbers = source.draw(25_600, Stream(0, "real"))
    assert len(numbers.unique()) == 1000


def test_stacked_batches_depend_on_seed_and_index_alone(no_host_reads):
    source, stream = stacked_digits(), Stream(0, "real")
    with no_host_reads():
        first, _ = source.draw(8, stream.seek(2))
        other, _ = source.draw(8, stream.seek(3))
    assert torch.equal(first, source.draw(8, Stream(0, "real").seek(2))[0])
    assert not torch.equal(first, other)


def test_sources_move_to_a_device():
    for source in (digits(), stacked_digits()):
        assert source.to("meta") is source
        for name in ("train", "test", "train_labels", "test_labels"):
            assert getattr(source, name).device.type == "meta"


def test_tasks_have_settings_that_exist():
    task = digits().task
    assert task.architecture == "mlp"
    assert Settings.of(task.settings).steps == 2500
    assert task.metrics[0] == "frechet-distance"
    assert digits().extractor == "digits"
    task = stacked_digits().task
    assert Settings.of(task.settings).discriminator_lr == 1e-3
    assert task.options["discriminator_width"] == 32
    assert task.metrics == ("class-kl", "class-modes", "frechet-distance")
    assert stacked_digits().levels == 17


def test_errors_name_the_cure(monkeypatch):
    with pytest.raises(BadOption, match="size=20: one of 8, 16, 28, 32"):
        digits(size=20)
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    with pytest.raises(MissingDependency, match="pip install scikit-learn"):
        digits()
