import pytest
import torch
from safetensors.torch import load_file

from ganzoo.zoo.datasets.digits import digits_split
from ganzoo.zoo.extractors import digits_training
from ganzoo.zoo.extractors.digits import WEIGHTS, DigitNetwork, digits
from ganzoo.zoo.extractors.digits_training import _augment, accuracy, main, train


@pytest.fixture
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_training_depends_on_its_seed_alone(one_thread):
    one = train(0, steps=3).state_dict()
    torch.manual_seed(5)
    again = train(0, steps=3).state_dict()
    other = train(1, steps=3).state_dict()
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not any(torch.equal(one[name], other[name]) for name in one)


def test_training_learns(one_thread):
    images, labels, held_out, held_out_labels = digits_split()
    untrained, trained = train(0, steps=1), train(0, steps=60)
    assert accuracy(untrained, images, labels) < 0.5
    assert accuracy(trained, held_out, held_out_labels) > 0.85


def test_augmentation_keeps_the_range_and_moves_pixels():
    images, labels = (part[:50] for part in digits_split()[:2])
    changed = _augment(images, torch.Generator().manual_seed(0))
    assert changed.shape == images.shape
    assert changed.min() >= -1
    assert changed.max() <= 1
    difference = (changed - images).square().mean((1, 2, 3))
    assert difference.min() > 1e-3
    # Still the same digits to a classifier that has seen others of their kind.
    assert accuracy(digits().network, changed, labels) > 0.9


def test_main_writes_what_the_package_ships(tmp_path, monkeypatch, capsys, one_thread):
    monkeypatch.setattr(digits_training, "train", lambda: train(0, steps=1))
    path = tmp_path / "digits.safetensors"
    main(str(path))
    written, shipped = load_file(path), load_file(WEIGHTS)
    assert {name: value.shape for name, value in written.items()} == {
        name: value.shape for name, value in shipped.items()
    }
    assert all(value.dtype == torch.float16 for value in written.values())
    assert path.stat().st_size == WEIGHTS.stat().st_size
    DigitNetwork().load_state_dict(shipped)
    assert "accuracy on the training images" in capsys.readouterr().out
