"""Augmentations, and the terms that ask for the same score."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.functional import pad

import ganzoo
from ganzoo_regularizers.augmentation import Augmentation
from ganzoo_regularizers.consistency import BalancedConsistency, Consistency, LatentConsistency
from ganzoo_regularizers.stochastic import ConsistencyTerm


class Given:
    """Uniform and normal numbers of one's choice, in the order they are asked for."""

    def __init__(self, *values):
        self.values = list(values)

    def uniform(self, *shape):
        return torch.as_tensor(self.values.pop(0), dtype=torch.float64).reshape(shape)

    normal = uniform


def turn(critic=None, noise=None, player="discriminator", **given):
    return ganzoo.Play(player, discriminator=critic, noise=noise, **given)


@pytest.mark.parametrize("across", [-2, -1, 0, 2])
@pytest.mark.parametrize("down", [-2, 0, 1])
@pytest.mark.parametrize("mirrored", [False, True])
def test_an_image_is_mirrored_then_shifted_by_reflection(across, down, mirrored, draws):
    x = draws(1, 3, 8, 8)
    # a shift by k of at most 2 pixels is drawn as (k + 2) / 5 and a bit
    noise = Given((across + 2.5) / 5, 0.1 if mirrored else 0.9, (down + 2.5) / 5)
    found = Augmentation(shift=0.25)(turn(noise=noise, real_x=x), x)
    padded = pad(x.flip(3) if mirrored else x, (2, 2, 2, 2), mode="reflect")
    assert torch.equal(found, padded[:, :, 2 + down : 10 + down, 2 + across : 10 + across])


def test_shifts_cover_every_direction_and_nothing_but_pixels_of_the_image():
    x = torch.arange(64.0).reshape(1, 1, 8, 8).expand(500, 1, 8, 8)
    stream = ganzoo.Stream(0, "noise").seek(0)
    found = Augmentation(flip=False, shift=0.25)(turn(noise=stream, real_x=x), x)
    assert set(found.unique().tolist()) <= set(range(64))
    rows, columns = found[:, 0, 4, 4] // 8, found[:, 0, 4, 4] % 8
    assert set(rows.tolist()) == set(columns.tolist()) == {2, 3, 4, 5, 6}
    # a row stays a row
    assert torch.equal(
        found[:, 0, :, 4] - found[:, 0, :, 3],
        torch.ones(500, 8) * (found[:, :1, 0, 4] - found[:, :1, 0, 3]),
    )


def test_half_of_the_images_are_mirrored():
    x = torch.arange(4.0).reshape(1, 1, 1, 4).expand(4000, 1, 1, 4)
    stream = ganzoo.Stream(0, "noise").seek(0)
    found = Augmentation(shift=0.0)(turn(noise=stream, real_x=x), x)
    assert found[:, 0, 0, 0].unique().tolist() == [0, 3]
    assert (found[:, 0, 0, 0] == 3).float().mean().item() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(("height", "width"), [(1, 2), (2, 8), (8, 2)])
def test_each_axis_moves_by_its_own_length_by_a_pixel_at_least(height, width):
    x = torch.arange(float(height * width)).reshape(1, 1, height, width).expand(300, -1, -1, -1)
    stream = ganzoo.Stream(0, "noise").seek(0)
    found = Augmentation(flip=False)(turn(noise=stream, real_x=x), x)[:, 0, 0, 0]
    # a share of 0.125 is one pixel of 8, and a quarter of one of 2
    assert set((found % width).tolist()) == {0, 1}
    assert set((found // width).tolist()) == ({0, 1} if height > 1 else {0})


def test_a_side_of_one_pixel_needs_no_number():
    x = torch.arange(2.0).reshape(2, 1, 1, 1)
    assert torch.equal(Augmentation(flip=False)(turn(noise=Given(), real_x=x), x), x)


def test_an_augmentation_is_that_of_the_terms_by_default():
    assert Augmentation() == Consistency().augmentation == BalancedConsistency().augmentation


def test_points_get_a_little_noise(draws, numbers):
    x, noise = draws(4, 2), numbers()
    found = Augmentation(jitter=0.1)(turn(noise=noise, real_x=x), x)
    assert torch.equal(found, x + 0.1 * noise.given[0])
    with pytest.raises(ganzoo.BadOption, match="shift"):
        Augmentation(shift=0.6)


def test_cr_and_bcr_are_the_closed_forms(draws, numbers, said, make_critic):
    critic, real, fake, noise = make_critic(), draws(5, 4), draws(6, 4, seed=1), numbers()
    value = said(Consistency(3.0, jitter=0.2), turn(critic, noise, real_x=real, fake_x=fake))
    at_real = (critic(real) - critic(real + 0.2 * noise.given[0])).square().mean()
    torch.testing.assert_close(value, 3 * at_real, rtol=1e-12, atol=0)
    found, wanted = (torch.autograd.grad(v, critic.weights) for v in (value, 3 * at_real))
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=0)
    noise = numbers()
    both = said(
        BalancedConsistency(real_weight=3, fake_weight=5, jitter=0.2),
        turn(critic, noise, real_x=real, fake_x=fake),
    )
    near = fake + 0.2 * noise.given[1]
    at_fake = (critic(fake) - critic(near)).square().mean()
    torch.testing.assert_close(both, 3 * at_real + 5 * at_fake, rtol=1e-12, atol=0)


def test_the_generator_hears_nothing_of_cr_and_bcr(draws):
    for name in ("cr", "bcr"):
        objective = ganzoo.Objective(ganzoo.get_term(name))
        value = objective.generator_loss(lambda x: x.sum(1), fake=draws(3, 2), real=draws(3, 2))
        assert value.item() == 0


def test_a_critic_that_does_not_care_for_flips_and_shifts_costs_nothing(draws, said):
    x = draws(6, 1, 1, 1).expand(6, 1, 8, 8)  # all pixels alike
    value = said(BalancedConsistency(), turn(lambda x: x.mean((1, 2, 3)), real_x=x, fake_x=x[:4]))
    assert value.item() < 1e-20


def test_zcr_is_the_closed_form(draws, numbers, said, make_critic):
    critic, z = make_critic(), draws(5, 2)
    theta = draws(2, 4, seed=1).requires_grad_()

    def generator(z):
        return (z @ theta).sin()

    term = LatentConsistency(discriminator_weight=20, generator_weight=0.5, scale=0.1)
    noise = numbers()
    value = said(term, turn(critic, noise, generator=generator, z=z))
    near = z + 0.1 * noise.given[0]
    change = critic(generator(z).detach()) - critic(generator(near).detach())
    torch.testing.assert_close(value, 20 * change.square().mean(), rtol=1e-12, atol=0)
    (found,) = torch.autograd.grad(value, theta, allow_unused=True)
    assert found is None
    value = said(term, turn(critic, numbers(), "generator", generator=generator, z=z))
    wanted = -0.5 * (generator(z) - generator(near)).square().mean()
    torch.testing.assert_close(value, wanted, rtol=1e-12, atol=0)
    found, right = (torch.autograd.grad(v, theta)[0] for v in (value, wanted))
    torch.testing.assert_close(found, right, rtol=1e-10, atol=0)


def test_zcr_asks_for_a_game(draws):
    objective = ganzoo.get_loss("hinge", add="zcr")
    with pytest.raises(ganzoo.Incompatible, match="needs a Game"):
        objective.discriminator_loss(lambda x: x.sum(1), real=draws(3, 2), fake=draws(3, 2))


class Passes(nn.Module):
    """A discriminator whose passes are given one after the other."""

    def __init__(self, *outputs):
        super().__init__()
        self.outputs = list(outputs)

    def forward(self, x):
        return ganzoo.DiscriminatorOutput(*self.outputs.pop(0))


def test_ct_is_the_closed_form(draws, said):
    scores, inside = draws(2, 4).requires_grad_(), draws(2, 4, 3, seed=1).requires_grad_()
    for margin in (0.0, 1.0):
        network = Passes((scores[0], inside[0]), (scores[1], inside[1]))
        term = ConsistencyTerm(2.0, features=0.1, margin=margin)
        value = said(term, turn(network, real_x=draws(4, 2)))
        cost = (scores[0] - scores[1]) ** 2 + 0.1 * ((inside[0] - inside[1]) ** 2).mean(1)
        wanted = 2 * (cost - margin).relu().mean()
        torch.testing.assert_close(value, wanted, rtol=1e-12, atol=0)
        for leaf in (scores, inside):
            found, right = (
                torch.autograd.grad(v, leaf, retain_graph=True)[0] for v in (value, wanted)
            )
            torch.testing.assert_close(found, right, rtol=1e-12, atol=0)


def test_ct_drops_behind_every_layer_but_the_last(trainer):
    run = trainer("wgan-gp", ["ct(dropout=0.5)"], options={"width": 64})
    network, x = run.game.discriminator.train(), torch.randn(2000, 2)
    one, other = network(x), network(x)
    assert not torch.equal(one.score, other.score)
    assert not torch.equal(one.features, other.features)
    assert torch.equal(network.eval()(x).score, network(x).score)
    # under a leaky rectifier, dropout of what goes in is dropout of what comes out
    features = network.train()(x).features
    assert (features == 0).float().mean().item() == pytest.approx(0.5, abs=0.02)
    network.eval()
    assert run.run() == "finished"
    assert run.history["loss/discriminator/2-ConsistencyTerm"][0] is not None


def test_ct_leaves_dropout_that_is_there(draws, said):
    network = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.3), nn.Linear(8, 1))
    ConsistencyTerm().roughen(network)
    assert not any(layer._forward_hooks for layer in network)
    # dropout that drops nothing is none
    network[1].p = 0.0
    ConsistencyTerm().roughen(network)
    assert [bool(layer._forward_hooks) for layer in network] == [True, False, False]
    with pytest.raises(ganzoo.Incompatible, match="features"):
        said(ConsistencyTerm(), turn(lambda x: x.sum(1), real_x=draws(3, 2)))
    with pytest.raises(ganzoo.BadOption, match="dropout"):
        ConsistencyTerm(dropout=1.0)
