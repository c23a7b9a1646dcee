"""What holds for any scores: symmetries, layouts, sizes, odd numbers, options."""

from __future__ import annotations

import copy
import math
import pickle

import pytest
import torch

import ganzoo

PAIRED = ["rsgan", "rlsgan", "rhinge"]
UNPAIRED = ["ragan", "ralsgan", "rahinge", "rcgan", "rclsgan", "rchinge"]
KINDS = [
    *[(name, {}) for name in (*PAIRED, *UNPAIRED)],
    *[(name, {"pairs": "all"}) for name in PAIRED],
]
PLAYERS = ["discriminator", "generator"]
every_kind = pytest.mark.parametrize(("name", "options"), KINDS)
every_player = pytest.mark.parametrize("player", PLAYERS)


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return 2 * torch.randn(*shape, generator=generator, dtype=torch.float64)


@every_player
@every_kind
def test_a_constant_on_all_scores_changes_nothing(played, name, options, player):
    loss, real, fake = ganzoo.get_loss(name, **options), numbers(6), numbers(6, seed=1)
    value, table = played(loss, player, real, fake)
    moved, shifted = played(loss, player, real + 3, fake + 3)
    torch.testing.assert_close(moved, value, rtol=1e-12, atol=1e-12)
    for one, other in zip(_gradients(value, table), _gradients(moved, shifted), strict=True):
        torch.testing.assert_close(other, one, rtol=1e-9, atol=1e-12)


def _gradients(value, table):
    return torch.autograd.grad(value, (table.real, table.fake))


@every_kind
def test_the_generators_loss_is_the_discriminators_with_the_kinds_swapped(played, name, options):
    loss, real, fake = ganzoo.get_loss(name, **options), numbers(6), numbers(6, seed=1)
    generator, _ = played(loss, "generator", real, fake)
    discriminator, _ = played(loss, "discriminator", fake, real)
    torch.testing.assert_close(generator, discriminator, rtol=0, atol=0)


@every_player
@every_kind
def test_the_order_of_samples_does_not_matter(played, name, options, player):
    loss, real, fake = ganzoo.get_loss(name, **options), numbers(6), numbers(6, seed=1)
    one = torch.randperm(6, generator=torch.Generator().manual_seed(2))
    # matched pairs stay together; all others may be shuffled apart
    matched = name in PAIRED and not options
    other = one if matched else torch.randperm(6, generator=torch.Generator().manual_seed(3))
    value, table = played(loss, player, real, fake)
    moved, shuffled = played(loss, player, real[one], fake[other])
    torch.testing.assert_close(moved, value, rtol=1e-12, atol=0)
    (r, f), (rs, fs) = _gradients(value, table), _gradients(moved, shuffled)
    torch.testing.assert_close(rs, r[one], rtol=1e-9, atol=1e-14)
    torch.testing.assert_close(fs, f[other], rtol=1e-9, atol=1e-14)


@every_player
@every_kind
def test_a_batch_twice_over_has_the_same_loss(played, name, options, player):
    loss, real, fake = ganzoo.get_loss(name, **options), numbers(5), numbers(5, seed=1)
    value, _ = played(loss, player, real, fake)
    twice, _ = played(loss, player, real.repeat(2), fake.repeat(2))
    torch.testing.assert_close(twice, value, rtol=1e-12, atol=0)


@every_player
@every_kind
def test_first_and_second_derivatives(name, options, player):
    loss, real, fake = ganzoo.get_loss(name, **options), numbers(3), numbers(3, seed=1)
    table = torch.cat([real, fake]).requires_grad_()
    x = torch.arange(6)

    def value(scores):
        # the fake's own graph is cut in the discriminator's turn, its score's is not
        return getattr(loss, f"{player}_loss")(lambda i: scores[i], real=x[:3], fake=x[3:])

    assert torch.autograd.gradcheck(value, table)
    if "hinge" not in name:
        assert torch.autograd.gradgradcheck(value, table)


@every_player
@pytest.mark.parametrize("name", PAIRED)
def test_pairs_of_unequal_batches_raise_and_name_both_sizes(played, name, player):
    real, fake = numbers(4), numbers(7)
    with pytest.raises(ganzoo.ShapeMismatch, match=r"(4 and 7|7 and 4).*pairs='all'"):
        played(ganzoo.get_loss(name), player, real, fake)


@every_player
@pytest.mark.parametrize(("name", "options"), KINDS[3:])
def test_unequal_batches_where_nothing_is_matched(played, name, options, player):
    loss, real, fake = ganzoo.get_loss(name, **options), numbers(3), numbers(2, seed=1)
    value, _ = played(loss, player, real, fake)
    # the same two laws, in batches of equal size
    equal, _ = played(loss, player, real.repeat(2), fake.repeat(3))
    torch.testing.assert_close(value, equal, rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", PAIRED)
def test_all_pairs_are_the_mean_over_every_matching(played, name):
    real, fake = numbers(4), numbers(4, seed=1)
    every, _ = played(ganzoo.get_loss(name, pairs="all"), "discriminator", real, fake)
    turned = [
        played(ganzoo.get_loss(name), "discriminator", real, fake.roll(k))[0] for k in range(4)
    ]
    torch.testing.assert_close(every, torch.stack(turned).mean(), rtol=1e-12, atol=0)


def _patches(x):
    return x.reshape(-1, 1, 3, 4)


def _scales(x):
    return [x[:, :4].reshape(-1, 1, 2, 2), x[:, 4:].reshape(-1, 1, 8)]


@every_player
@pytest.mark.parametrize("layout", [_patches, _scales])
@every_kind
def test_layouts_of_several_elements(played, name, options, player, layout):
    loss, real, fake = ganzoo.get_loss(name, **options), numbers(5, 12), numbers(5, 12, seed=1)
    value = getattr(loss, f"{player}_loss")(layout, real=real, fake=fake)
    if options:  # pairs of samples, position by position
        columns = [played(loss, player, real[:, k], fake[:, k])[0] for k in range(12)]
        wanted = torch.stack(columns).mean()
    else:
        wanted, _ = played(loss, player, real.flatten(), fake.flatten())
    torch.testing.assert_close(value, wanted, rtol=1e-12, atol=0)


@every_player
@every_kind
def test_a_column_of_scores_is_the_scores(played, name, options, player):
    loss, real, fake = ganzoo.get_loss(name, **options), numbers(5), numbers(5, seed=1)
    flat, _ = played(loss, player, real, fake)
    column, _ = played(loss, player, real[:, None], fake[:, None])
    torch.testing.assert_close(column, flat, rtol=1e-12, atol=0)


@every_kind
def test_scores_that_would_broadcast_raise(name, options):
    def fickle(x):
        return x[:, 0] if len(x) == 4 else x[:, :1]

    with pytest.raises(ganzoo.ShapeMismatch, match="one shape"):
        ganzoo.get_loss(name, **options).discriminator_loss(
            fickle, real=numbers(4, 2), fake=numbers(5, 2)
        )


@every_player
@every_kind
def test_nan_is_never_masked(played, name, options, player):
    for real, fake in (([math.nan, 1.0], [0.0, 1.0]), ([0.0, 1.0], [1.0, math.nan])):
        assert played(ganzoo.get_loss(name, **options), player, real, fake)[0].isnan()


@every_player
@every_kind
def test_extreme_scores_stay_finite(played, name, options, player):
    for dtype in (torch.float32, torch.float64):
        for size in (50.0, 1e4):
            loss = ganzoo.get_loss(name, **options)
            value, table = played(loss, player, [size, -size], [-size, size], dtype)
            assert value.isfinite()
            assert all(gradient.isfinite().all() for gradient in _gradients(value, table))


@every_kind
def test_the_discriminators_turn_cuts_the_fakes_graph(name, options):
    loss, fake = ganzoo.get_loss(name, **options), numbers(4, 2).requires_grad_()
    weight = numbers(2).requires_grad_()
    value = loss.discriminator_loss(lambda x: x @ weight, real=numbers(4, 2, seed=1), fake=fake)
    gradient = torch.autograd.grad(value, (weight, fake), allow_unused=True)
    assert gradient[0].abs().sum() > 0
    assert gradient[1] is None


@every_kind
def test_the_generator_asks_for_real_samples(name, options):
    with pytest.raises(ganzoo.Incompatible, match="real"):
        ganzoo.get_loss(name, **options).generator_loss(lambda x: x.sum(1), fake=numbers(4, 2))


@every_kind
def test_copies_and_pickles_say_the_same(played, name, options):
    loss, real, fake = ganzoo.get_loss(name, **options), numbers(4), numbers(4, seed=1)
    value, _ = played(loss, "generator", real, fake)
    for other in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        assert played(other, "generator", real, fake)[0] == value
        assert repr(other) == repr(loss)


@every_kind
def test_traits_are_what_the_loss_does(played, name, options):
    loss = ganzoo.get_loss(name, **options)
    declared = loss.traits
    assert declared.neutral is None
    assert declared.shift_invariant
    assert declared.paired == (name in PAIRED and not options)
    slopes, differences = [], []
    for seed in range(20):
        # cubed: some scores far from the others, as the centred ones' exceptions need
        real, fake = numbers(5, seed=2 * seed) ** 3, numbers(5, seed=2 * seed + 1) ** 3
        value, table = played(loss, "generator", real, fake)
        slopes += torch.autograd.grad(value, table.fake)[0].tolist()
        parts = [played(loss, "generator", real[[i]], fake[[i]])[0] for i in range(5)]
        differences.append((value - torch.stack(parts).mean()).abs().item())
    assert declared.monotone == (max(slopes) <= 0)
    assert declared.batch_coupled == (max(differences) > 1e-9)
    far, farther = (played(loss, "discriminator", [-s], [s])[0].item() for s in (1e5, 2e5))
    assert round(math.log2(farther / far)) == {"linear": 1, "quadratic": 2}[declared.growth]
    assert declared.kinks == ((-1.0, 1.0) if "hinge" in name else ())


def test_unknown_pairs_say_which_there_are():
    with pytest.raises(ganzoo.BadOption, match="'matched'.*'all'"):
        ganzoo.get_loss("rsgan", pairs="some")
