"""What every built-in network keeps to: shapes, honest fields, labels, dtypes, seeds."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo
from ganzoo.errors import Incompatible
from ganzoo.game import Spec
from ganzoo.zoo.architectures.dcgan import dcgan
from ganzoo.zoo.architectures.infogan import infogan_conv
from ganzoo.zoo.architectures.mlp import Fourier, mlp
from ganzoo.zoo.architectures.resnet import resnet

RING = {"fourier": 16, "bias_range": 1.5, "width": 16}
PLAIN = [
    (mlp, Spec((2,), 4), RING),
    (mlp, Spec((5,), 3), {"width": 8, "depth": 1, "discriminator_depth": 3}),
    (mlp, Spec((1, 8, 8), 6), {"width": 12, "discriminator_width": 7}),
    (mlp, Spec((3, 2), 4), {"width": 8}),
    (dcgan, Spec((1, 8, 8), 4), {"width": 4}),
    (dcgan, Spec((3, 16, 16), 5), {"width": 4, "discriminator_norm": "layer"}),
    (dcgan, Spec((2, 32, 32), 5), {"width": 2}),
    (dcgan, Spec((3, 128, 128), 5), {"width": 1}),
    (infogan_conv, Spec((1, 28, 28), 5), {"width": 4, "hidden": 12}),
    (infogan_conv, Spec((2, 12, 12), 5), {"width": 2, "hidden": 6, "discriminator_norm": "none"}),
    (resnet, Spec((3, 32, 32), 5), {"width": 4}),
    (resnet, Spec((1, 64, 64), 5), {"width": 2, "discriminator_norm": "layer"}),
]
NORMED = [
    (dcgan, Spec((3, 16, 16), 5), {"width": 4, "discriminator_norm": "batch"}),
    (infogan_conv, Spec((1, 8, 8), 5), {"width": 2, "hidden": 6, "discriminator_norm": "batch"}),
    (resnet, Spec((3, 32, 32), 5), {"width": 4, "discriminator_norm": "batch"}),
    (resnet, Spec((3, 32, 32), 5), {"width": 4, "spectral_norm": True}),
]
CONDITIONAL = [
    (mlp, Spec((2,), 4, 3), {**RING, "conditional": True}),
    (dcgan, Spec((1, 8, 8), 4, 3), {"width": 4, "conditional": True}),
    (infogan_conv, Spec((1, 28, 28), 4, 3), {"width": 2, "hidden": 6, "conditional": True}),
    (resnet, Spec((3, 32, 32), 4, 3), {"width": 4, "conditional": True}),
]


def names(cases):
    return [f"{build.__name__}-{'x'.join(map(str, spec.shape))}" for build, spec, _ in cases]


def built(case, seed=0, dtype=torch.float64):
    build, spec, options = case
    architecture = build(spec, **options)
    torch.manual_seed(seed)
    parts = architecture.generator(), architecture.discriminator(), architecture.encoder()
    return spec, *(part.to(dtype) for part in parts)


def drawn(spec, count=4, dtype=torch.float64):
    torch.manual_seed(7)
    x = torch.randn(count, *spec.shape, dtype=dtype)
    y = torch.arange(count) % spec.classes if spec.classes else None
    return x, torch.randn(count, spec.latent, dtype=dtype), y


@pytest.mark.parametrize("case", PLAIN + NORMED, ids=names(PLAIN + NORMED))
def test_shapes_and_fields(case):
    spec, generator, discriminator, encoder = built(case)
    x, z, _ = drawn(spec)
    fake = generator(z)
    assert fake.shape == x.shape
    assert fake.dtype == z.dtype
    if len(spec.shape) == 3:
        assert fake.abs().max() <= 1
    output = discriminator(x)
    assert output.score.shape == (4,)
    assert output.features.shape == (4, discriminator.feature_dim)
    assert output.reconstruction is None
    assert discriminator.provides == {"score", "features"}
    assert [part.shape for part in encoder(x)] == [(4, spec.latent)] * 2
    assert not generator.conditional
    # Labels are accepted, and change nothing
    y = torch.zeros(4, dtype=torch.int64)
    assert torch.equal(generator.eval()(z, y), generator(z))
    assert torch.equal(discriminator.eval()(x, y).score, discriminator(x).score)


@pytest.mark.parametrize("case", PLAIN, ids=names(PLAIN))
def test_a_score_depends_on_its_own_sample_alone(case):
    spec, _, discriminator, _ = built(case)
    x, _, _ = drawn(spec)
    alone = torch.cat([discriminator(x[i : i + 1]).score for i in range(4)])
    torch.testing.assert_close(discriminator(x).score, alone, rtol=1e-10, atol=1e-12)
    assert discriminator(x).score.std() > 0


@pytest.mark.parametrize("case", PLAIN + CONDITIONAL, ids=names(PLAIN + CONDITIONAL))
def test_weights_follow_the_seed_and_survive_a_state_dict(case):
    spec, *first = built(case)
    _, *again = built(case)
    _, *other = built(case, seed=1)
    x, z, y = drawn(spec)
    inputs = (z, x, x)
    for one, same, strange, data in zip(first, again, other, inputs, strict=True):
        state = one.state_dict()
        assert all(torch.equal(state[name], value) for name, value in same.state_dict().items())
        assert any(not torch.equal(state[n], value) for n, value in strange.state_dict().items())
        strange.load_state_dict(state)
        ours, theirs = one.eval()(data, y), strange.eval()(data, y)
        ours, theirs = (
            (o.score if hasattr(o, "score") else torch.cat(o) if isinstance(o, tuple) else o)
            for o in (ours, theirs)
        )
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("case", CONDITIONAL, ids=names(CONDITIONAL))
def test_labels_change_what_comes_out(case):
    spec, generator, discriminator, _ = built(case)
    torch.manual_seed(3)
    for parameter in generator.parameters():  # gains start alike for every class
        parameter.data.add_(0.1 * torch.randn_like(parameter))
    x, z, y = drawn(spec)
    assert generator.conditional
    way = "concat" if case[0] in (mlp, infogan_conv) else "projection"
    assert discriminator.provides == {"score", "features", "labels", way}
    generator.eval()
    changed = generator(z, (y + 1) % 3) - generator(z, y)
    assert changed.flatten(1).abs().amax(1).min() > 1e-6
    assert (discriminator(x, (y + 1) % 3).score - discriminator(x, y).score).abs().min() > 1e-9
    for network, data in ((generator, z), (discriminator, x)):
        with pytest.raises(Incompatible, match="call it with labels"):
            network(data)


def test_conditional_encoder_of_mlp_reads_labels():
    spec, _, _, encoder = built(CONDITIONAL[0])
    x, _, y = drawn(spec)
    assert encoder.conditional
    assert (encoder(x, (y + 1) % 3)[0] - encoder(x, y)[0]).abs().max() > 1e-6


@pytest.mark.parametrize(
    "case", PLAIN + NORMED + CONDITIONAL, ids=names(PLAIN + NORMED + CONDITIONAL)
)
def test_bfloat16_autocast(case):
    spec, generator, discriminator, encoder = built(case, dtype=torch.float32)
    x, z, y = drawn(spec, dtype=torch.float32)
    exact = discriminator(x, y)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        fake, output, code = generator(z, y), discriminator(x, y), encoder(x, y)
    assert fake.dtype == output.score.dtype == output.features.dtype == torch.float32
    assert code[0].dtype == torch.float32
    distance = (output.features - exact.features).norm() / exact.features.norm()
    assert 0 < distance < 0.05
    loss = fake.square().mean() + output.score.mean()
    networks = nn.ModuleList([generator, discriminator])
    assert all(g.isfinite().all() for g in torch.autograd.grad(loss, list(networks.parameters())))


@pytest.mark.parametrize("case", PLAIN[4:], ids=names(PLAIN[4:]))
def test_channels_last_changes_nothing_but_the_layout(case):
    spec, generator, discriminator, _ = built(case)
    x, z, _ = drawn(spec)
    before = generator.eval()(z), discriminator(x).score
    last = torch.channels_last
    after = (
        generator.to(memory_format=last)(z),
        discriminator.to(memory_format=last)(x.to(memory_format=last)).score,
    )
    torch.testing.assert_close(before, after, rtol=1e-9, atol=1e-11)


def test_fourier_features_are_cosines_and_sines_of_a_seeded_buffer():
    torch.manual_seed(0)
    module = Fourier(2, 500, 0.25).double()
    assert not list(module.parameters())
    x = torch.randn(6, 2, dtype=torch.float64)
    out = module(x)
    angles = x @ module.frequencies[:, :500]
    assert out.shape == (6, 1002)
    torch.testing.assert_close(out[:, :2], x)
    torch.testing.assert_close(out[:, 2:502], angles.cos(), rtol=0, atol=1e-6)
    torch.testing.assert_close(out[:, 502:], angles.sin(), rtol=0, atol=1e-6)
    cycles = module.frequencies[:, :500].std() / (2 * torch.pi)
    assert cycles == pytest.approx(0.25, rel=0.1)


def test_first_biases_spread_over_the_asked_range():
    torch.manual_seed(0)
    architecture = mlp(Spec((2,), 4), width=512, bias_range=1.5)
    for network in (architecture.generator(), architecture.discriminator()):
        bias = network.hidden.layers[0].bias.detach()
        assert 1.4 < bias.abs().max() <= 1.5
        assert network.hidden.layers[1].bias.abs().max() < 0.1


OURS = [e for e in ganzoo.registry.entries("architectures") if e.distribution == "ganzoo"]


@pytest.mark.parametrize("found", OURS, ids=[found.name for found in OURS])
def test_registered_entries_are_honest(found):
    spec = ganzoo.Spec((3, 32, 32) if found.entry.samples != "points" else (2,), 8)
    architecture = ganzoo.get_architecture(found.id, spec)
    roles = {role for role in vars(architecture) if getattr(architecture, role) is not None}
    assert roles == set(found.entry.roles)
    assert architecture.discriminator().provides == set(found.entry.provides)


def test_registry_passes_options_on():
    architecture = ganzoo.get_architecture("mlp", ganzoo.Spec((2,), 4), width=9)
    assert architecture.discriminator().feature_dim == 9
