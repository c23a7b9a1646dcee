"""The denoising VAE: what is encoded is spoilt, and what is owed is not."""

from __future__ import annotations

import pytest
import torch

import ganzoo


def played(loss, x, seen=None, z=None):
    """A play of the loss on samples x that keeps what the encoder was shown."""
    seen = [] if seen is None else seen

    def encode(x, *labels):
        seen.append(x)
        return x.flatten(1)[:, :2], torch.zeros(len(x), 2).to(x)

    return ganzoo.Play(
        "generator",
        generator=lambda z: torch.zeros_like(x),
        encoder=encode,
        real_x=x,
        noise=ganzoo.Stream(0, "noise").seek(3),
    )


@pytest.mark.parametrize("options", [{}, {"noise": "salt-pepper", "level": 0.3}])
def test_the_encoder_sees_spoilt_samples_and_clean_ones_are_owed(numbers, options):
    loss, x, seen = ganzoo.get_loss("dvae", **options), numbers(8, 1, 4, 4).tanh(), []
    play = played(loss, x, seen)
    loss.loss(play, (0,))
    (shown,) = seen
    assert shown.shape == x.shape
    assert not torch.equal(shown, x)
    # the decoder gives zeros: what they cost is x's own
    cost = (x / 0.5).square().flatten(1).sum(1).mean() / 2
    assert play.log["reconstruction"].item() == pytest.approx(cost.item(), rel=1e-10)


def test_without_noise_it_is_vae(numbers):
    x = numbers(8, 3)
    spoilt, plain = ganzoo.get_loss("dvae", noise="salt-pepper", level=0.0), ganzoo.get_loss("vae")
    x = x.tanh()
    for loss in (spoilt, plain):
        loss.value = loss.loss(played(loss, x), (0,))
    # the same noise in another order gives the same law: here the decoder ignores the code
    assert spoilt.value == plain.value


def test_gaussian_noise_has_the_level_asked_for():
    x = torch.zeros(200, 1, 10, 10)
    (term,) = ganzoo.get_loss("dvae", level=0.7).terms
    noise = term.corrupted(played(None, x))
    assert torch.equal(noise, 0.7 * ganzoo.Stream(0, "noise").seek(3).normal(*x.shape))
    assert noise.std().item() == pytest.approx(0.7, rel=0.02)
    assert noise.mean().item() == pytest.approx(0.0, abs=0.02)


def test_salt_and_pepper_have_their_share():
    x = torch.full((200, 1, 10, 10), 0.25)
    (term,) = ganzoo.get_loss("dvae", noise="salt-pepper", level=0.3).terms
    shown = term.corrupted(played(None, x))
    shares = [(shown == value).float().mean().item() for value in (-1.0, 1.0, 0.25)]
    assert shares == pytest.approx([0.15, 0.15, 0.7], abs=0.02)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"noise": "masking"}, "'gaussian' or 'salt-pepper'"),
        ({"level": -0.1}, "0 or more"),
        ({"noise": "salt-pepper", "level": 1.5}, "0 to 1"),
    ],
)
def test_options_out_of_range_say_what_would_work(options, says):
    with pytest.raises(ganzoo.BadOption, match=says):
        ganzoo.get_loss("dvae", **options)
