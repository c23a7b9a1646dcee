from __future__ import annotations

import pytest
import torch
from torch.nn.utils import parametrize

from ganzoo import BadOption, Game, Incompatible, Play, Spec, get_architecture, get_loss
from ganzoo.terms import SpectralNorm, WeightClip


def test_spectral_norm_bounds_every_layer():
    net = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3), torch.nn.Flatten(), torch.nn.Linear(4 * 36, 3)
    )
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=3.0)
    SpectralNorm().normalise(net)
    for _ in range(50):
        net(torch.randn(2, 1, 8, 8))
    net.eval()
    for layer in (net[0], net[2]):
        largest = torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item()
        assert largest == pytest.approx(1.0, abs=0.02)


def test_a_layer_is_normalised_once():
    layer = torch.nn.Linear(3, 3)
    SpectralNorm().normalise(layer)
    SpectralNorm(iterations=3).normalise(layer)
    assert len(layer.parametrizations.weight) == 1


def test_options():
    assert (WeightClip().limit, SpectralNorm().iterations) == (0.01, 1)
    for limit in (0, -0.5):
        with pytest.raises(BadOption, match="limit"):
            WeightClip(limit)
    with pytest.raises(BadOption, match="iterations"):
        SpectralNorm(iterations=0)


def test_a_game_has_its_discriminator_normalised_or_is_refused():
    spec = Spec((2,), 3)
    game = Game.seat(get_architecture("mlp", spec, width=8), get_loss("hinge"), spec)
    SpectralNorm().attach(game)
    linear = [m for m in game.discriminator.modules() if isinstance(m, torch.nn.Linear)]
    assert linear
    assert all(parametrize.is_parametrized(layer, "weight") for layer in linear)
    game.discriminator = None
    with pytest.raises(Incompatible, match="none is seated"):
        SpectralNorm().attach(game)


@pytest.mark.parametrize("transformed", [False, True])
def test_clipping_is_the_same_under_torch_func(transformed, monkeypatch):
    monkeypatch.setattr("ganzoo.terms.constraint.transformed", lambda: transformed)
    layer = torch.nn.Linear(2, 1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[0.3, -2.0]]))
        layer.bias.copy_(torch.tensor([1.0]))
        WeightClip(0.5).after_discriminator(Play("discriminator", discriminator=layer))
    assert torch.equal(layer.weight.detach(), torch.tensor([[0.3, -0.5]]))
    assert torch.equal(layer.bias.detach(), torch.tensor([0.5]))


def test_a_discriminator_that_nobody_normalised_is_refused():
    x = torch.zeros(3, 2)
    plain = torch.nn.Sequential(torch.nn.Linear(2, 1))
    loss = get_loss("hinge", add=["spectral-norm"])
    for speak in (loss.discriminator_loss, loss.generator_loss):
        with pytest.raises(Incompatible, match=r"SpectralNorm\(\)\.normalise\(D\)"):
            speak(plain, x, x)
    # what can't be seen into is taken at its word, and what has nothing to normalise
    loss.discriminator_loss(lambda x: plain(x), x, x)
    loss.discriminator_loss(torch.nn.Flatten(), x, x)
    SpectralNorm().normalise(plain)
    loss.discriminator_loss(plain, x, x)
    older = torch.nn.utils.spectral_norm(torch.nn.Linear(2, 1))
    loss.generator_loss(older, x)
