"""Extractors from files and objects, with small random weights written in the true formats."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import ganzoo
from ganzoo.errors import BadData, BadOption, MissingData, ShapeMismatch
from ganzoo.testing import check_extractor
from ganzoo.zoo.extractors.resizing import bytes_of, resize_as_tensorflow


@pytest.fixture
def images():
    dice = torch.Generator().manual_seed(0)
    return torch.rand(6, 3, 16, 16, generator=dice) * 2 - 1


@pytest.fixture
def network():
    torch.manual_seed(0)
    layers = nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(392, 5)
    )
    layers[1].running_mean.uniform_(-1, 1)
    return layers


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path / "hub"), raising=False)
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)


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


def test_resizing_as_tensorflow_1():
    """Without half a pixel's shift: the first pixel stays, the last is repeated."""
    x = torch.tensor([0.0, 10.0, 40.0]).expand(1, 1, 3, 3)
    found = resize_as_tensorflow(x, 6)[0, 0]
    assert found[0].tolist() == pytest.approx([0, 5, 10, 25, 40, 40])
    assert torch.equal(resize_as_tensorflow(x, 3), x)
    assert resize_as_tensorflow(x.mT, 2)[0, 0, :, 0].tolist() == pytest.approx([0, 25])


def test_bytes():
    x = torch.tensor([-1.5, -1.0, 0.0, 0.999, 1.0, 3.0])
    assert bytes_of(x).tolist() == [0, 0, 128, 255, 255, 255]


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


def test_inception_from_the_cache(images, tmp_path):
    from ganzoo.zoo.extractors.inception import NAMES, network

    torch.manual_seed(0)
    made = network()
    weights = made.state_dict()
    shapes = {name: tuple(value.shape) for name, value in weights.items()}
    assert shapes["Conv2d_1a_3x3.conv.weight"] == (32, 3, 3, 3)
    assert shapes["Mixed_5b.branch_pool.conv.weight"] == (32, 192, 1, 1)
    assert shapes["Mixed_7c.branch3x3dbl_3b.bn.running_var"] == (384,)
    assert shapes["fc.weight"] == (1008, 2048)
    assert not [name for name in shapes if name.startswith("AuxLogits")]
    path = tmp_path / "hub" / "checkpoints" / NAMES[0]
    torch.save({name: value.half() for name, value in weights.items()}, path)
    extractor = ganzoo.get_extractor("inception")
    found = extractor.features(images[:2])
    assert found.shape == (2, 2048)
    assert float(found.min()) >= 0
    laws = extractor.probabilities(images[:2])
    assert laws.shape == (2, 1008)
    assert torch.equal(extractor.predict(images[:2]), laws.argmax(1))
    resized = (resize_as_tensorflow(bytes_of(images[:2]).float(), 299) - 128) / 128
    with torch.no_grad():
        assert torch.allclose(extractor.network(resized), found, rtol=1e-4)
    weights.pop("fc.bias")
    torch.save(dict(weights), path)
    with pytest.raises(BadData, match=r"fc\.bias is absent"):
        ganzoo.get_extractor("inception")


def test_inceptions_pools_leave_out_the_border():
    from ganzoo.zoo.extractors.inception import network

    made = network()
    seen = []
    for block in (made.Mixed_5b, made.Mixed_6b, made.Mixed_7b, made.Mixed_7c):
        hook = block.branch_pool.register_forward_pre_hook(lambda _, x: seen.append(x[0]))
        with torch.no_grad():
            channels = block.branch_pool.conv.in_channels
            block(torch.arange(25.0).view(1, 1, 5, 5).expand(1, channels, 5, 5))
        hook.remove()
    # Twice each: torchvision's own pool, whose result is dropped, and ours. 3: of 0, 1, 5, 6.
    assert [float(x[0, 0, 0, 0]) for x in seen[1::2]] == [3, 3, 3, 6]


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_inception_by_a_script(images, tmp_path):
    class Script(nn.Module):
        def forward(self, x, return_features: bool = False, no_output_bias: bool = False):
            assert x.dtype == torch.uint8
            pooled = x.float().mean((2, 3))
            return pooled if return_features else pooled.softmax(1)

    path = tmp_path / "inception-2015-12-05.pt"
    torch.jit.script(Script()).save(str(path))
    extractor = ganzoo.get_extractor("fid", path=tmp_path)
    assert torch.equal(extractor.features(images), bytes_of(images).float().mean((2, 3)))
    assert extractor.probabilities(images).sum(1).tolist() == pytest.approx([1] * 6)


def test_dinov2_from_a_file(images, tmp_path, monkeypatch):
    from ganzoo.zoo.extractors import dinov2

    monkeypatch.setitem(dinov2.SIZES, "vits14", (32, 2, 4))
    torch.manual_seed(0)
    made = dinov2.VisionTransformer(32, 2, 4)
    weights = {**made.state_dict(), "mask_token": torch.zeros(1, 32)}
    assert {"cls_token", "pos_embed", "patch_embed.proj.weight", "blocks.1.attn.qkv.bias"} <= {
        *weights
    }
    assert {"blocks.0.ls2.gamma", "blocks.0.mlp.fc1.weight", "norm.weight"} <= {*weights}
    torch.nn.init.normal_(weights["pos_embed"])
    path = tmp_path / "dinov2_vits14_pretrain.pth"
    torch.save(weights, path)
    extractor = ganzoo.get_extractor("dinov2", path=path, size="vits14", pixels=28)
    found = extractor.features(images)
    assert found.shape == (6, 32)
    assert float((found[0] - found[1]).abs().max()) > 1e-4
    large = ganzoo.get_extractor("dinov2", path=tmp_path, size="vits14", pixels=518)
    assert large.features(images[:1]).shape == (1, 32)
    with pytest.raises(BadOption, match="one of vits14"):
        ganzoo.get_extractor("dinov2", size="vitg14")
    with pytest.raises(BadOption, match="multiple of 14"):
        ganzoo.get_extractor("dinov2", pixels=100)
    weights["pos_embed"] = weights["pos_embed"][:, :50]
    torch.save(weights, path)
    with pytest.raises(BadData, match="pos_embed is"):
        ganzoo.get_extractor("dinov2", path=path, size="vits14")


def test_a_file_of_code_is_refused(tmp_path):
    path = tmp_path / "dinov2_vitl14_pretrain.pth"
    torch.save(nn.Linear(2, 2), path)
    with pytest.raises(BadData, match="no file of weights alone"):
        ganzoo.get_extractor("dinov2", path=path)
    path.write_bytes(b"not weights")
    with pytest.raises(BadData, match="dinov2_vitl14_pretrain.pth"):
        ganzoo.get_extractor("dinov2", path=path)


def test_the_kit_checks_a_module(network, images):
    extractor = ganzoo.get_extractor("module", network=network, classifier=True)
    check_extractor(
        extractor, samples=images.repeat(4, 1, 1, 1) + torch.arange(24.0).view(-1, 1, 1, 1) / 99
    )
