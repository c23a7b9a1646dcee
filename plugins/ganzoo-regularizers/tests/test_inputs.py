"""Instance noise, packs, gradient normalisation: terms that change what the discriminator is."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo
from ganzoo_regularizers.noise import InstanceNoise
from ganzoo_regularizers.normalisation import GradientNormalisation
from ganzoo_regularizers.packing import PacGAN


def test_every_evaluation_has_noise_of_its_own(draws, numbers, said):
    real, fake, noise = draws(4, 3), draws(4, 3, seed=1), numbers()
    base = ganzoo.get_loss("nonsaturating")
    play = ganzoo.Play(
        "discriminator",
        discriminator=lambda x: x.sum(1),
        real_x=real,
        fake_x=fake,
        noise=noise,
    )
    value = said(base + InstanceNoise(0.2), play)
    one, other = noise.given
    assert not torch.equal(one, other)
    wanted = base.discriminator_loss(
        lambda x: x.sum(1), real=real + 0.2 * one, fake=fake + 0.2 * other
    )
    torch.testing.assert_close(value, wanted, rtol=1e-12, atol=0)


def test_the_noise_falls_to_nothing(numbers):
    term, spread = InstanceNoise(0.2, steps=4), []
    x = torch.zeros(20000, 2, dtype=torch.float64)
    for _ in range(6):
        play = ganzoo.Play("generator", discriminator=lambda x: x, fake_x=x, noise=numbers())
        play.rewire([term])
        spread.append(play.fake.score.std().item())
        term.after_generator(play)
    assert spread == pytest.approx([0.2, 0.15, 0.1, 0.05, 0, 0], rel=0.02)
    assert not spread[5]
    with pytest.raises(ganzoo.BadOption, match="scale"):
        InstanceNoise(-1.0)


def test_noise_without_an_end_stays(numbers):
    term, x = InstanceNoise(0.2), torch.zeros(5, 2, dtype=torch.float64)
    for _ in range(3):
        noise = numbers()
        play = ganzoo.Play("generator", discriminator=lambda x: x, fake_x=x, noise=noise)
        play.rewire([term])
        assert torch.equal(play.fake.score, 0.2 * noise.given[0])
        term.after_generator(play)


def test_the_generator_learns_through_the_noise(draws):
    fake = draws(4, 3).requires_grad_()
    objective = ganzoo.get_loss("hinge", add="instance-noise")
    objective.generator_loss(lambda x: 2 * x.sum(1), fake=fake).backward()
    torch.testing.assert_close(fake.grad, torch.full_like(fake, -0.5))


def normalised(critic, x, player="discriminator"):
    play = ganzoo.Play(player, discriminator=critic, real_x=x, fake_x=x)
    play.rewire([GradientNormalisation()])
    return play


def test_gn_divides_by_gradient_and_size(draws, make_critic):
    critic, x = make_critic(), draws(6, 4)
    score = normalised(critic, x).real.score
    plain = critic(x)
    size = torch.linalg.vector_norm(critic.gradient(x), dim=1) + plain.abs()
    torch.testing.assert_close(score, plain / size, rtol=1e-12, atol=0)
    found = torch.autograd.grad(score.square().sum(), critic.weights)
    wanted = torch.autograd.grad((plain / size).square().sum(), critic.weights)
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-12)


def test_gn_divides_however_small_the_sum_is(draws, make_critic):
    critic, x = make_critic(), draws(6, 4)
    small = normalised(lambda x: 1e-6 * critic(x), x).real.score
    torch.testing.assert_close(small, normalised(critic, x).real.score, rtol=1e-9, atol=0)


def test_gn_reaches_the_generator_too(draws, make_critic):
    critic = make_critic()
    x = draws(6, 4).requires_grad_()
    score = normalised(critic, 1 * x, "generator").fake.score
    (found,) = torch.autograd.grad(score.sum(), x)
    size = torch.linalg.vector_norm(critic.gradient(x), dim=1) + critic(x).abs()
    (wanted,) = torch.autograd.grad((critic(x) / size).sum(), x)
    torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-12)


def test_gn_bounds_any_critic_and_does_not_care_for_its_scale(draws, make_critic):
    critic, x = make_critic(), draws(50, 4)
    score = normalised(critic, x).real.score
    assert score.abs().max() < 1
    scaled = normalised(lambda x: 1000 * critic(x), x).real.score
    torch.testing.assert_close(scaled, score, rtol=1e-9, atol=0)


def test_gn_of_a_zero_critic_is_zero_with_finite_gradients(draws, make_critic):
    critic = make_critic(scale=0.0)
    score = normalised(lambda x: critic(x) - 0.5, draws(4, 4)).real.score
    assert not score.any()
    gradients = torch.autograd.grad(score.sum(), critic.weights)
    assert all(each.isfinite().all() for each in gradients)


def test_gn_of_a_linear_critic(draws):
    a, x = draws(3), draws(5, 3, seed=1)
    for shown in (lambda s: s, lambda s: s[:, None], lambda s: s[:, None, None].expand(-1, 2, 2)):
        score = normalised(lambda x, shown=shown: shown(x @ a), x).real.score
        wanted = shown(x @ a) / (a.norm() + shown(x @ a).abs())
        torch.testing.assert_close(score, wanted, rtol=1e-12, atol=0)


def test_gn_without_a_graph_and_with_features(draws):
    def critic(x):
        return ganzoo.DiscriminatorOutput(x.square().sum(1), features=x)

    x = draws(4, 3)
    play = ganzoo.Play("generator", discriminator=critic, real_x=x, track_real=False)
    play.rewire([GradientNormalisation()])
    assert not play.real.score.requires_grad
    assert torch.equal(play.real.features, x)


def test_gn_is_computed_outside_autocast():
    net, x = nn.Sequential(nn.Linear(8, 64), nn.Tanh(), nn.Linear(64, 1)), torch.randn(16, 8)
    plain = normalised(net, x).real.score
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = normalised(net, x).real.score
    torch.testing.assert_close(mixed, plain, rtol=1e-6, atol=0)


NETWORKS = {
    "mlp": ((2,), {"width": 8}),
    "mlp-fourier": ((2,), {"width": 8, "fourier": 4}),
    "mlp-images": ((1, 8, 8), {"width": 8}),
    "dcgan": ((3, 8, 8), {"width": 4}),
    "resnet": ((1, 32, 32), {"width": 4}),
}


def discriminator(name):
    shape, options = NETWORKS[name]
    spec = ganzoo.Spec(shape, latent=3)
    torch.manual_seed(0)
    return ganzoo.get_architecture(name.split("-")[0], spec, **options).discriminator(), shape


@pytest.mark.parametrize("name", NETWORKS)
def test_a_pack_has_one_score_that_every_sample_in_it_changes(name):
    network, shape = discriminator(name)
    before = sum(parameter.numel() for parameter in network.parameters())
    PacGAN(3).pack(network, shape)
    assert sum(parameter.numel() for parameter in network.parameters()) > before
    x = torch.randn(6, *shape, requires_grad=True)
    output = ganzoo.DiscriminatorOutput.of(network(x))
    assert len(output.score) == 2
    assert len(output.features) == 2
    (slope,) = torch.autograd.grad(output.score[0].sum(), x)
    touched = slope.flatten(1).abs().sum(1) > 0
    assert touched.tolist() == [True] * 3 + [False] * 3


def test_a_packed_perceptron_is_one_of_joined_samples():
    network, shape = discriminator("mlp")
    PacGAN(2).pack(network, shape)
    first = network.hidden.layers[0]
    assert (first.in_features, first.weight.shape) == (4, (8, 4))
    x = torch.randn(6, 2)
    joined = torch.cat([x[0::2], x[1::2]], 1)  # neighbours, side by side
    hidden = nn.functional.linear(joined, first.weight, first.bias)
    for layer in network.hidden.layers[1:]:
        hidden = layer(nn.functional.leaky_relu(hidden, 0.2))
    hidden = nn.functional.leaky_relu(hidden, 0.2)
    torch.testing.assert_close(network(x).features, hidden)


def test_packed_images_are_more_channels():
    network, shape = discriminator("dcgan")
    convolution = network.trunk.layers[0]
    bias, spread = convolution.bias.clone(), convolution.weight.std().item()
    PacGAN(2).pack(network, shape)
    assert convolution.in_channels == 6
    assert torch.equal(convolution.bias, bias)
    assert convolution.weight.std().item() == pytest.approx(spread / 2**0.5, rel=0.3)


def test_packs_are_of_the_product_law():
    """Two laws with the same single samples, told apart by their packs alone."""
    network, shape = discriminator("mlp")
    PacGAN(2).pack(network, shape)
    torch.manual_seed(0)
    half = torch.randn(256, 2)
    varied = torch.cat([half, half])[torch.randperm(512)]
    collapsed = half.repeat_interleave(2, 0)  # each pack is one sample twice
    objective = ganzoo.get_loss("nonsaturating")
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
    values = []
    for _ in range(60):
        optimizer.zero_grad()
        value = objective.discriminator_loss(network, real=varied, fake=collapsed)
        value.backward()
        optimizer.step()
        values.append(value.item())
    assert values[0] > 1.3
    assert values[-1] < 1.0


def test_packs_of_one_are_the_loss_itself(trainer):
    runs = [trainer("nonsaturating", add) for add in ((), ["pacgan(samples=1)"])]
    assert [run.run() for run in runs] == ["finished"] * 2
    assert runs[0].history["loss/generator"] == runs[1].history["loss/generator"]


def test_what_cannot_be_packed_says_so(trainer):
    with pytest.raises(ganzoo.Incompatible, match="before spectral-norm"):
        trainer("hinge", ["spectral-norm", "pacgan"])
    assert trainer("hinge", ["pacgan", "spectral-norm"]).run() == "finished"
    with pytest.raises(ganzoo.Incompatible, match="no labels"):
        trainer("hinge", ["pacgan"], data="digits", options={"width": 8, "conditional": True})
    with pytest.raises(ganzoo.ShapeMismatch, match="multiple of 3"):
        trainer("hinge", ["pacgan(samples=3)"]).run()
    with pytest.raises(ganzoo.Incompatible, match="here are none"):
        PacGAN(2).pack(Flat(), (2,))
    with pytest.raises(ganzoo.BadOption, match="at least 1"):
        PacGAN(0)


class Flat(nn.Module):
    """Weights, and no layer."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))

    def forward(self, x):
        return x @ self.weight
