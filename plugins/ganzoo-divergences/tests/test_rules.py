"""What every loss of this plugin does, whatever its formula."""

from __future__ import annotations

import copy
import math
import pickle
from functools import partial

import pytest
import torch

import ganzoo

DIVERGENCES = [
    *("fgan-kl", "fgan-rkl", "fgan-jeffreys", "fgan-js", "fgan-gan", "fgan-js-weighted"),
    *("fgan-pearson", "fgan-neyman", "fgan-triangular", "fgan-tv", "fgan-hellinger", "fgan-alpha"),
]
POINTWISE = [
    *[(name, {}) for name in DIVERGENCES],
    *[(name, {"generator": "nonsaturating"}) for name in DIVERGENCES],
    ("fgan-pearson", {"exact": True}),
    ("fgan-js-weighted", {"pi": 0.03}),
    *[("fgan-alpha", {"alpha": a}) for a in (-1.0, 0.0, 0.7, 1.0, 1.2, 2.0, 3.5)],
    *[("alpha-loss", {"alpha": a}) for a in (0.7, 1.0, 2.0, math.inf)],
    ("alpha-loss", {"generator": "nonsaturating", "generator_alpha": 4.0}),
    ("bgan", {}),
    *[("lkgan", {"k": k}) for k in (1.0, 1.5, 3.0)],
    ("renyigan", {"alpha": 1.0}),
]
COUPLED = [
    ("kl-dv", {}),
    ("cumulant", {}),
    ("cumulant", {"beta": 0.0, "gamma": 0.0}),
    ("cumulant", {"beta": -0.5, "gamma": 2.0}),
    ("renyigan", {}),
    ("renyigan", {"alpha": 0.5}),
    ("softmax-gan", {}),
    ("dual-contrastive", {}),
    ("kl-wgan", {}),
]
KINDS = [*POINTWISE, *COUPLED]
PLAYERS = ["discriminator", "generator"]
every_kind = pytest.mark.parametrize(("name", "options"), KINDS)


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return 1.5 * torch.randn(*shape, generator=generator, dtype=torch.float64)


def gradients(value, table):
    found = torch.autograd.grad(value, (table.real, table.fake), allow_unused=True)
    return [g for g in found if g is not None]


@every_kind
def test_extreme_scores(played, name, options):
    for player in PLAYERS:
        loss = ganzoo.get_loss(name, **options)
        sizes = [50.0] if loss.traits.growth == "exponential" else [50.0, 1e4]
        if options.get("alpha") == 0.7 and name == "fgan-alpha":  # exp(7/3 f)
            sizes = [35.0]
        for dtype in (torch.float32, torch.float64):
            for size in sizes:
                mixed = [size, -size]
                for real, fake in (
                    (mixed, mixed),
                    ([size] * 2, [-size] * 2),
                    ([-size] * 2, [size] * 2),
                ):
                    value, table = played(loss, player, real, fake, dtype)
                    assert value.isfinite()
                    assert all(g.isfinite().all() for g in gradients(value, table))
            value, _ = played(loss, player, [1e4, -1e4, 0.5], [1e4, -1e4, 0.5], dtype)
            assert not value.isnan()


@every_kind
def test_growth_is_what_is_declared(played, name, options):
    loss = ganzoo.get_loss(name, **options)

    def most(size):
        sides = [([-size], [size]), ([size], [-size])]
        return max(
            abs(played(loss, player, *side)[0].item()) for player in PLAYERS for side in sides
        )

    grown = most(80.0) / most(40.0)
    bounds = {
        "bounded": (0.99, 1.01),
        "linear": (1.01, 2.3),
        "quadratic": (2.0, 4.3),
        "power": (4.0, 1e3),
        "exponential": (1e3, math.inf),
    }
    low, high = bounds[loss.traits.growth]
    assert low <= grown <= high


@every_kind
def test_nan_is_never_masked(played, name, options):
    for player in PLAYERS:
        fine = [0.5, 1.0]
        bad = [[math.nan, 1.0], [1.0, math.nan]]
        for scores in bad:
            assert played(name, player, fine, scores, **options)[0].isnan()
            if player == "discriminator":
                assert played(name, player, scores, fine, **options)[0].isnan()


@every_kind
def test_first_and_second_derivatives(name, options):
    loss = ganzoo.get_loss(name, **options)
    scores = (torch.cat([numbers(3), numbers(2, seed=1)]) / 3).requires_grad_()
    x = torch.arange(5)

    def value(player, scores):
        return getattr(loss, f"{player}_loss")(lambda i: scores[i], real=x[:3], fake=x[3:])

    for player in PLAYERS:
        said = partial(value, player)
        assert torch.autograd.gradcheck(said, scores)
        if name not in ("kl-wgan", "cumulant", "lkgan"):  # linear somewhere
            assert torch.autograd.gradgradcheck(said, scores)


@every_kind
def test_the_order_of_samples_does_not_matter(played, name, options):
    for player in PLAYERS:
        real, fake = numbers(6), numbers(5, seed=1)
        one = torch.randperm(6, generator=torch.Generator().manual_seed(2))
        other = torch.randperm(5, generator=torch.Generator().manual_seed(3))
        value, table = played(name, player, real, fake, **options)
        moved, shuffled = played(name, player, real[one], fake[other], **options)
        torch.testing.assert_close(moved, value, rtol=1e-12, atol=1e-12)
        here, there = (
            torch.autograd.grad(v, t.fake)[0] for v, t in ((value, table), (moved, shuffled))
        )
        torch.testing.assert_close(there, here[other], rtol=1e-9, atol=1e-14)


@every_kind
def test_unequal_batches_and_batches_twice_over(played, name, options):
    for player in PLAYERS:
        real, fake = numbers(3), numbers(5, seed=1)
        value, _ = played(name, player, real, fake, **options)
        twice, _ = played(name, player, real.repeat(2), fake.repeat(2), **options)
        if name == "softmax-gan":
            twice = twice - math.log(2)
        if name != "dual-contrastive":
            torch.testing.assert_close(twice, value, rtol=1e-12, atol=1e-14)
        assert value.isfinite()


@every_kind
def test_a_batch_is_the_mean_of_its_halves_unless_it_is_coupled(played, name, options):
    for player in PLAYERS:
        loss = ganzoo.get_loss(name, **options)
        real, fake = numbers(6) ** 3 / 8, numbers(6, seed=1) ** 3 / 8
        value, _ = played(loss, player, real, fake)
        halves = [played(loss, player, real[s], fake[s])[0] for s in (slice(3), slice(3, 6))]
        agree = torch.isclose(value, torch.stack(halves).mean(), rtol=1e-10, atol=1e-10)
        if not loss.traits.batch_coupled:
            assert agree
        elif (name, player) not in (("renyigan", "discriminator"),) and options.get("beta") != 0:
            assert not agree


@every_kind
def test_declared_properties_hold(played, name, options):
    loss = ganzoo.get_loss(name, **options)
    declared = loss.traits
    slopes, opposite, invariant = [], [], []
    for seed in range(20):
        real, fake = 2 * numbers(5, seed=2 * seed), 2 * numbers(5, seed=2 * seed + 1)
        fake = fake - 3 * (seed % 2)
        d, table = played(loss, "discriminator", real, fake)
        g, other = played(loss, "generator", real, fake)
        by_real, by_fake = torch.autograd.grad(d, (table.real, table.fake))
        (own,) = torch.autograd.grad(g, other.fake)
        slopes += own.tolist()
        opposite.append(torch.allclose(own, -by_fake, rtol=1e-9, atol=1e-12))
        shifted, _ = played(loss, "discriminator", real + 2, fake + 2)
        invariant.append(torch.allclose(shifted, d, rtol=1e-10, atol=1e-10))
        if declared.zero_sum and declared.monotone:
            assert (by_real <= 0).all()
            assert (by_fake >= 0).all()
    assert declared.monotone == (max(slopes) <= 0)
    assert declared.shift_invariant == all(invariant)
    # either generator of total variation is the saturating one
    assert declared.zero_sum == all(opposite) or name == "fgan-tv"


@every_kind
def test_the_neutral_score_is_stationary(played, name, options):
    neutral = ganzoo.get_loss(name, **options).traits.neutral
    neutral = 0.3 if neutral is None else neutral
    for size in (1, 4):
        flat = [neutral] * size
        value, table = played(name, "discriminator", flat, flat, **options)
        real, fake = torch.autograd.grad(value, (table.real, table.fake))
        torch.testing.assert_close(real + fake, torch.zeros_like(real), rtol=0, atol=1e-12)
        assert (real < 0).all()
        assert (fake > 0).all()


@every_kind
def test_the_discriminator_is_paid_for_setting_the_kinds_apart(played, name, options):
    neutral = ganzoo.get_loss(name, **options).traits.neutral or 0.0
    apart = [
        played(name, "discriminator", [neutral + s] * 2, [neutral - s] * 2, **options)[0].item()
        for s in (0.0, 0.1, 0.2, 0.3, 0.45)
    ]
    assert apart == sorted(apart, reverse=True)
    assert len(set(apart)) == len(apart)


def _patches(x):
    return x.reshape(-1, 1, 3, 4)


def _scales(x):
    return [x[:, :4].reshape(-1, 1, 2, 2), x[:, 4:].reshape(-1, 1, 8)]


@pytest.mark.parametrize("layout", [_patches, _scales])
@every_kind
def test_layouts(played, name, options, layout):
    for player in PLAYERS:
        loss, real, fake = ganzoo.get_loss(name, **options), numbers(5, 12), numbers(5, 12, seed=1)
        value = getattr(loss, f"{player}_loss")(layout, real=real, fake=fake)
        flat, _ = played(loss, player, real.flatten(), fake.flatten())
        torch.testing.assert_close(value, flat, rtol=1e-12, atol=1e-14)
        column, _ = played(loss, player, real.reshape(-1, 1), fake.reshape(-1, 1))
        torch.testing.assert_close(column, flat, rtol=1e-12, atol=1e-14)


@every_kind
def test_the_discriminators_turn_cuts_the_fakes_graph(name, options):
    loss, fake = ganzoo.get_loss(name, **options), numbers(4, 2).requires_grad_()
    weight = numbers(2).requires_grad_()
    value = loss.discriminator_loss(lambda x: x @ weight, real=numbers(4, 2, seed=1), fake=fake)
    gradient = torch.autograd.grad(value, (weight, fake), allow_unused=True)
    assert gradient[0].abs().sum() > 0
    assert gradient[1] is None


@every_kind
def test_only_some_generators_look_at_real_samples(name, options):
    loss = ganzoo.get_loss(name, **options)
    if name in ("softmax-gan", "dual-contrastive"):
        with pytest.raises(ganzoo.Incompatible, match="real"):
            loss.generator_loss(lambda x: x.sum(1), fake=numbers(4, 2))
    else:
        assert loss.generator_loss(lambda x: x.sum(1), fake=numbers(4, 2)).isfinite()


@every_kind
def test_copies_and_pickles_say_the_same(played, name, options):
    for player in PLAYERS:
        loss, real, fake = ganzoo.get_loss(name, **options), numbers(4), numbers(4, seed=1)
        value, _ = played(loss, player, real, fake)
        for other in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
            assert played(other, player, real, fake)[0] == value
            assert repr(other) == repr(loss)


@every_kind
def test_a_probability_is_one(name, options):
    loss = ganzoo.get_loss(name, **options)
    scores = torch.tensor([[-1e4, -3.0], [0.1, 1e4]])
    found = loss.probability(scores)
    if found is not None:
        assert found.shape == (2, 2)
        assert ((found >= 0) & (found <= 1)).all()
        assert found.flatten().tolist() == sorted(found.flatten().tolist())


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        *[(name, {"generator": "no"}, "'saturating'.*'nonsaturating'") for name in DIVERGENCES],
        ("alpha-loss", {"generator": "no"}, "'saturating'.*'nonsaturating'"),
        *[("fgan-js-weighted", {"pi": pi}, "above 0 and below 1") for pi in (0, 1, -1, math.nan)],
        *[("fgan-alpha", {"alpha": a}, "finite") for a in (math.inf, math.nan)],
        *[("alpha-loss", {"alpha": a}, "above 0") for a in (0, -1, math.nan)],
        ("alpha-loss", {"generator_alpha": 0}, "generator_alpha=0"),
        *[("renyigan", {"alpha": a}, "above 0") for a in (0, math.inf)],
        *[("lkgan", {"k": k}, "1 or more") for k in (0.5, math.inf)],
        ("lkgan", {"a": 1, "b": 1}, "different codes"),
        ("cumulant", {"beta": math.inf}, "beta=inf"),
        ("cumulant", {"gamma": math.nan}, "gamma=nan"),
        ("d2gan", {"alpha": 0}, "alpha=0"),
        ("realness", {"outcomes": 1}, "at least 2"),
        ("realness", {"generator": "no"}, "'relativistic' or 'anchor'"),
        ("realness", {"anchor_real": [0.5, 0.5]}, "both, or neither"),
        *[
            ("realness", {"anchor_real": [0.5, 0.5], "anchor_fake": other}, "two different lists")
            for other in ([0.5, 0.5], [0.5, 0.25, 0.25], [0.5, 0.6], [1.5, -0.5])
        ],
    ],
)
def test_bad_options_say_what_would_do(name, options, said):
    with pytest.raises(ganzoo.BadOption, match=said):
        ganzoo.get_loss(name, **options)


def test_alpha_just_below_1_has_its_neutral_score():
    neutral = ganzoo.get_loss("fgan-alpha", alpha=0.9999).traits.neutral
    assert neutral == pytest.approx(-1e4)
    assert ganzoo.get_loss("fgan-alpha", alpha=0.0).traits.neutral == pytest.approx(
        -math.log(math.expm1(1))
    )
