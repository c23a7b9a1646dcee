import pytest
import torch

from ganzoo.errors import BadData, BadOption, MissingData, ShapeMismatch
from ganzoo.game import Stream
from ganzoo.zoo.datasets.digits import digits as digits_source
from ganzoo.zoo.datasets.digits import digits_split, stacked_digits
from ganzoo.zoo.extractors import digits as module
from ganzoo.zoo.extractors.digits import WEIGHTS, DigitNetwork, digits
from ganzoo.zoo.extractors.digits import stacked_digits as stacked_extractor


def test_held_out_accuracy():
    _, _, images, labels = digits_split()
    extractor = digits()
    assert extractor.classes == 10
    predicted = extractor.predict(images)
    assert predicted.dtype == torch.int64
    assert float((predicted == labels).double().mean()) >= 0.985


def test_weights_are_small_and_loading_is_deterministic():
    assert WEIGHTS.stat().st_size < 150 * 1024
    parameters = sum(value.numel() for value in DigitNetwork().parameters())
    assert parameters == 72_842
    torch.manual_seed(0)
    one = digits().network.state_dict()
    torch.manual_seed(1)
    other = digits().network.state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert all(value.dtype == torch.float32 for value in one.values())


def test_features_are_frozen_rectified_and_of_64_numbers():
    extractor = digits()
    x = digits_split()[2][:7].requires_grad_()
    found = extractor.features(x)
    assert found.shape == (7, 64)
    assert found.dtype == torch.float32
    assert not found.requires_grad
    assert found.min() >= 0
    assert (found > 0).any()
    assert not any(value.requires_grad for value in extractor.network.parameters())
    assert not extractor.network.training


def test_blocks_do_not_matter(monkeypatch):
    x = digits_split()[2][:30]
    whole = digits().features(x)
    monkeypatch.setattr(module, "_BLOCK", 7)
    assert torch.allclose(digits().features(x), whole, atol=1e-5)


@pytest.mark.parametrize("size", [16, 28, 32])
def test_larger_digits_are_averaged_to_the_same(size):
    stream = Stream(0, "test")
    small, _ = digits_source().held_out(20, stream.seek(0))
    large, _ = digits_source(size=size).held_out(20, stream.seek(0))
    extractor = digits()
    assert torch.allclose(extractor.features(large), extractor.features(small), atol=1e-5)
    assert digits().features(torch.zeros(2, 1, 28, 28)).shape == (2, 64)


def test_channels_spell_a_number():
    x, numbers = stacked_digits().held_out(400, Stream(0, "test"))
    extractor = stacked_extractor()
    assert extractor.classes == 1000
    assert float((extractor.predict(x) == numbers).double().mean()) >= 0.955
    found = extractor.features(x)
    assert found.shape == (400, 192)
    single = digits()
    for channel in range(3):
        part = found[:, 64 * channel : 64 * channel + 64]
        assert torch.allclose(part, single.features(x[:, channel : channel + 1]), atol=1e-5)
    assert digits(channels=2).classes == 100


def test_wider_numbers_are_read_as_well():
    x = digits_split()[2][:5]
    assert torch.equal(digits().features(x.double()), digits().features(x))


def test_errors_say_what_would_work(tmp_path, monkeypatch):
    for shape in ((4, 2), (4, 3, 8, 8), (4, 64)):
        with pytest.raises(ShapeMismatch, match=r"digits\(channels=C\)"):
            digits().features(torch.zeros(shape))
    with pytest.raises(BadOption, match="channels=0"):
        digits(channels=0)
    monkeypatch.setattr(module, "WEIGHTS", tmp_path / "digits.safetensors")
    with pytest.raises(MissingData, match="reinstall ganzoo, or make them"):
        digits()
    (tmp_path / "digits.safetensors").write_bytes(WEIGHTS.read_bytes()[:1000])
    with pytest.raises(BadData, match="does not hold the weights"):
        digits()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
def test_follows_its_samples_to_cuda():
    x = digits_split()[2][:9]
    extractor = digits()
    here = extractor.features(x)
    there = extractor.features(x.cuda())
    assert there.is_cuda
    assert torch.allclose(there.cpu(), here, atol=1e-3)
    assert torch.equal(extractor.predict(x.cuda()).cpu(), extractor.predict(x))
