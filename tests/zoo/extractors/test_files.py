"""Extractors from files and objects, with small random weights written in the true formats."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import ganzoo
from ganzoo.errors import BadData, BadOption, MissingData, ShapeMismatch
from ganzoo.testing import check_extractor


@pytest.fixture
def network():
    torch.manual_seed(0)
    layers = nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(392, 5)
    )
    layers[1].running_mean.uniform_(-1, 1)
    return layers


def test_a_module_is_put_in_eval_mode(network, images):
    network.train()
    extractor = ganzoo.get_extractor("module", network=network)
    before = network[1].running_mean.clone()
    found = extractor.features(images)
    assert torch.equal(before, network[1].running_mean)
    assert torch.equal(found, network.eval()(images))
    assert not found.requires_grad
    assert extractor.features(images.double().float()).shape == (6, 5)


def test_a_callable_and_what_has_features(images):
    class Output:
        def __init__(self, x):
            self.score, self.features = x.sum((1, 2, 3)), x[:, :, 0]

    made = ganzoo.get_extractor("module", network=Output)
    assert torch.equal(made.features(images), images[:, :, 0].flatten(1))
    halved = ganzoo.get_extractor("module", network=lambda x: x.half(), size=8)
    assert halved.features(images).shape == (6, 192)
    assert halved.features(images).dtype == torch.float32


def test_a_classifier(network, images):
    extractor = ganzoo.get_extractor("module", network=network, classifier=True)
    logits = network.eval()(images)
    assert extractor.classes == 5
    assert extractor.features(images).shape == (6, 392)
    assert torch.equal(extractor.predict(images), logits.argmax(1))
    assert torch.allclose(extractor.probabilities(images), logits.softmax(1))


def test_a_bad_network(images):
    with pytest.raises(BadOption, match="cannot be called"):
        ganzoo.get_extractor("module", network=3)
    with pytest.raises(BadOption, match="no linear layer"):
        ganzoo.get_extractor("module", network=nn.Flatten(), classifier=True)
    with pytest.raises(BadOption, match=r"nn\.Module"):
        ganzoo.get_extractor("module", network=abs, classifier=True)
    with pytest.raises(ShapeMismatch, match="each of the 6 samples; found \\(3,"):
        ganzoo.get_extractor("module", network=lambda x: x[:3]).features(images)
    with pytest.raises(ShapeMismatch, match="found str"):
        ganzoo.get_extractor("module", network=lambda x: "?").features(images)


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_torchscript(network, images, tmp_path):
    path = tmp_path / "net.pt"
    torch.jit.trace(network.eval(), images).save(str(path))
    extractor = ganzoo.get_extractor("torchscript", path=str(path))
    assert torch.allclose(extractor.features(images), network(images), atol=1e-6)
    (tmp_path / "torn.pt").write_bytes(path.read_bytes()[:200])
    with pytest.raises(BadData, match="torn.pt is no TorchScript"):
        ganzoo.get_extractor("torchscript", path=tmp_path / "torn.pt")
    with pytest.raises(MissingData, match="absent.pt"):
        ganzoo.get_extractor("torchscript", path=tmp_path / "absent.pt")


def test_safetensors_with_a_named_architecture(images, tmp_path):
    models = pytest.importorskip("torchvision.models")
    torch.manual_seed(0)
    network = models.squeezenet1_1(num_classes=7)
    save_file(network.state_dict(), tmp_path / "squeeze.safetensors")
    with pytest.raises(BadOption, match="no linear layer"):
        ganzoo.get_extractor(
            "safetensors", path=tmp_path / "squeeze.safetensors", architecture="squeezenet1_1"
        )
    network = models.shufflenet_v2_x0_5(num_classes=7).eval()
    path = tmp_path / "net.safetensors"
    save_file(network.state_dict(), path)
    extractor = ganzoo.get_extractor(
        "safetensors", path=path, architecture="shufflenet_v2_x0_5", size=32
    )
    assert extractor.classes == 7
    assert extractor.features(images).shape == (6, 1024)
    assert extractor.predict(images[:, :1]).shape == (6,)
    with pytest.raises(BadOption, match="no network of torchvision"):
        ganzoo.get_extractor("safetensors", path=path, architecture="resnet18000")
    with pytest.raises(BadData, match=r"conv1\.weight is absent"):
        ganzoo.get_extractor("safetensors", path=path, architecture="resnet18")


@pytest.mark.parametrize("name", ["inception", "dinov2"])
def test_nothing_is_fetched(name, monkeypatch, tmp_path):
    def refuse(*_, **__):
        raise AssertionError("a download")

    for where in ("urllib.request.urlopen", "torch.hub.load_state_dict_from_url", "torch.hub.load"):
        monkeypatch.setattr(where, refuse)
    with pytest.raises(MissingData, match="never fetched unasked. Looked for .*checkpoints"):
        ganzoo.get_extractor(name)
    with pytest.raises(MissingData, match=r"path='\.\.\.'"):
        ganzoo.get_extractor(name, path=tmp_path)


def test_the_kit_checks_a_module(network, images):
    extractor = ganzoo.get_extractor("module", network=network, classifier=True)
    check_extractor(
        extractor, samples=images.repeat(4, 1, 1, 1) + torch.arange(24.0).view(-1, 1, 1, 1) / 99
    )
