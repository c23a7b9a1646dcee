"""Where scores and features come from: heads, columns, patches, scales, of any dtype."""

from __future__ import annotations

import pytest
import torch

import ganzoo


def test_where_features_come_from(played, numbers, loss_of, feature_name, player):
    """Features, or scores (N, F), patches or scales in their place, in any dtype."""
    # eighths, which half precision holds
    real, fake = (numbers(5, 3, seed=seed).mul(8).round().div(8) for seed in (0, 1))
    wanted, _ = played(loss_of(feature_name), player, real, fake)
    shown = {
        "features": lambda x: ganzoo.DiscriminatorOutput(x.sum(1), x),
        "maps": lambda x: ganzoo.DiscriminatorOutput(x.sum(1), x.reshape(-1, 3, 1, 1)),
        "patches": lambda x: x.reshape(-1, 1, 3, 1),
        "scales": lambda x: [x[:, :1], x[:, 1:].reshape(-1, 2, 1)],
        "strided": lambda x: torch.stack([x, x], 2)[:, :, 0],
        "half": lambda x: ganzoo.DiscriminatorOutput(x.sum(1).half(), x.half()),
        "bfloat16": lambda x: x.bfloat16(),
    }
    for layout, judge in shown.items():
        value = getattr(loss_of(feature_name), f"{player}_loss")(judge, real=real, fake=fake)
        half = layout in ("half", "bfloat16")
        near = {"rtol": 2e-5, "atol": 2e-6} if half else {"rtol": 1e-10, "atol": 1e-12}
        torch.testing.assert_close(value.double(), wanted, **near)


def test_one_score_is_one_feature(played, numbers, loss_of, feature_name):
    options = {"features": 1} if feature_name in ("mcgan", "san") else {}
    real, fake = numbers(5), numbers(4, seed=1)
    values = []
    for shape in ((-1,), (-1, 1), (-1, 1, 1, 1)):
        loss = loss_of(feature_name, **options)
        values.append(played(loss, "discriminator", real.reshape(shape), fake.reshape(shape))[0])
    assert values[0] == values[1] == values[2]


def test_patches_and_scales_are_scores(numbers, loss_of, score_name, player):
    loss, real, fake = loss_of(score_name), numbers(4, 8), numbers(4, 8, seed=1)

    def value(shown):
        said = getattr(loss, f"{player}_loss")
        return said(lambda x: shown(x.tanh()), real=real, fake=fake)

    patches = value(lambda x: x.reshape(-1, 1, 2, 4))
    scales = value(lambda x: [x[:, :3], x[:, 3:].reshape(-1, 1, 5)])
    torch.testing.assert_close(scales, patches, rtol=1e-12, atol=0)
    if score_name != "fisher":  # its constraint is on all scores together
        each = [value(lambda x, k=k: x[:, k]) for k in range(8)]
        torch.testing.assert_close(patches, torch.stack(each).mean(), rtol=1e-12, atol=0)


def test_features_of_different_sizes_raise(numbers, loss_of, feature_name):
    def fickle(x):
        wide = x if len(x) == 4 else x[:, :2]
        return ganzoo.DiscriminatorOutput(x.sum(1), wide)

    with pytest.raises(ganzoo.ShapeMismatch, match=r"3.* 2"):
        loss_of(feature_name).discriminator_loss(fickle, numbers(4, 3), numbers(5, 3))


def test_a_game_needs_features_and_says_so():
    source = ganzoo.get_dataset("ring8")
    networks = ganzoo.get_architecture("mlp", source.spec, width=8)

    class Bare(ganzoo.Discriminator):
        def forward(self, x, y=None):
            return ganzoo.DiscriminatorOutput(x.sum(1))

    bare = ganzoo.Architecture(networks.generator, Bare)
    with pytest.raises(ganzoo.Incompatible, match=r"\{features\}.*\{score\}"):
        ganzoo.Game.seat(bare, ganzoo.get_loss("mmd-rbf"), source.spec)
