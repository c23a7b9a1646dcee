"""What holds for all of them: batches, layouts, precision, graphs, state."""

from __future__ import annotations

import copy
import math
import pickle

import pytest
import torch

import ganzoo

# Without the penalties that compare as many of either kind.
FEATURES = {
    "mmd-rbf": {"gradient_weight": 0.0},
    "mmd-rq": {"gradient_weight": 0.0},
    "mmd-distance": {"gradient_weight": 0.0},
    "mmd-linear": {"gradient_weight": 0.0},
    "mmd-repulsive": {},
    "mmd-repulsive-bounded": {},
    "cramer": {"weight": 0.0},
    "smmd": {"slope_weight": 0.0},
    "sphere": {},
    "mcgan": {"features": 3, "components": 2, "clip": 0.0},
    "san": {"features": 3},
    "sinkhorn": {"clip": 0.0},
    "ot-gan": {},
}
ORDERED = {"ot-gan"}  # its halves are the first and the second
MINIMUM = {"mmd-rbf", "mmd-rq", "mmd-distance", "mmd-linear", "mmd-repulsive", "cramer", "smmd"}
FAKES_ALONE = {"sphere", "san", "fisher", "loss-sensitive", "coulomb", "uotm"}
PAIRED = ["gan-qp", "loss-sensitive"]
SCORES = {
    "fisher": {"rho": 0.1, "multiplier": 0.3},
    "gan-qp": {},
    "loss-sensitive": {"slope": 0.1},
    "coulomb": {},
    "uotm": {"cost": 0.0},
}
ALL = {**FEATURES, **SCORES}
PLAYERS = ["discriminator", "generator"]
every_player = pytest.mark.parametrize("player", PLAYERS)
every_name = pytest.mark.parametrize("name", ALL)
every_feature_loss = pytest.mark.parametrize("name", FEATURES)


def loss_of(name):
    torch.manual_seed(0)
    return ganzoo.get_loss(name, **ALL[name]).double()


def rows(numbers, name, count, seed):
    return numbers(count, 3, seed=seed) if name in FEATURES else numbers(count, seed=seed)


@every_player
@every_name
def test_the_order_of_samples_does_not_matter(numbers, name, player):
    if name in ORDERED:
        return
    loss, real, fake = loss_of(name), numbers(6, 3), numbers(6, 3, seed=1)
    one = torch.randperm(6, generator=torch.Generator().manual_seed(2))
    other = one if name in PAIRED else torch.randperm(6, generator=torch.Generator().manual_seed(3))

    def judge(x):
        return x if name in FEATURES else x.sum(1)

    said = getattr(loss, f"{player}_loss")
    value, moved = said(judge, real=real, fake=fake), said(judge, real=real[one], fake=fake[other])
    torch.testing.assert_close(moved, value, rtol=1e-10, atol=1e-13)


@every_player
@every_feature_loss
def test_batches_of_different_sizes(played, numbers, name, player):
    value, table = played(loss_of(name), player, numbers(7, 3), numbers(4, 3, seed=1))
    assert value.isfinite()
    gradient = torch.autograd.grad(value, table.fake)[0]
    assert gradient.isfinite().all()
    assert gradient.any()


@every_player
@pytest.mark.parametrize("name", PAIRED)
def test_pairs_of_unequal_batches_raise_and_name_both_sizes(played, numbers, name, player):
    if (name, player) == ("loss-sensitive", "generator"):
        return  # it looks at generated samples alone
    with pytest.raises(ganzoo.ShapeMismatch, match="4 and 7"):
        played(loss_of(name), player, numbers(4), numbers(7))


@pytest.mark.parametrize("name", ["wgan-lp", "bwgan", "mmd-rbf", "cramer"])
def test_penalties_between_unequal_batches_raise(numbers, name):
    with pytest.raises(ganzoo.ShapeMismatch, match="as many real as generated"):
        ganzoo.get_loss(name).discriminator_loss(lambda x: x, numbers(4, 3), numbers(5, 3))


@every_player
@pytest.mark.parametrize("name", [*sorted(MINIMUM), "ot-gan"])
def test_a_single_sample_has_no_others_to_be_compared_with(played, numbers, name, player):
    for real, fake in ((1, 5), (5, 1)):
        with pytest.raises(ganzoo.ShapeMismatch, match=rf"at least 2.*{real} and {fake}.*biased"):
            played(loss_of(name), player, numbers(real, 3), numbers(fake, 3, seed=1))


@pytest.mark.parametrize("name", ["mmd-rbf", "mmd-rq", "mmd-distance", "mmd-linear", "smmd"])
def test_biased_estimates_take_a_single_sample(played, numbers, name):
    loss = ganzoo.get_loss(name, **ALL[name], biased=True)
    assert loss.traits.minimum == 1
    value, _ = played(loss, "generator", numbers(1, 3), numbers(1, 3, seed=1))
    assert value.item() > 0


@pytest.mark.parametrize("name", ["fisher", "mcgan", "sinkhorn"])
def test_rmsprop_is_without_momentum(name):
    defaults = loss_of(name).defaults
    assert (defaults.optimizer, defaults.betas) == ("rmsprop", (0.0, 0.0))


def test_a_single_charge_feels_nothing(numbers):
    with pytest.raises(ganzoo.ShapeMismatch, match="at least 2 real.*1 and 3"):
        loss_of("coulomb").discriminator_loss(lambda x: x[:, 0], numbers(1, 2), numbers(3, 2))


@every_feature_loss
def test_features_of_different_sizes_raise(numbers, name):
    def fickle(x):
        wide = x if len(x) == 4 else x[:, :2]
        return ganzoo.DiscriminatorOutput(x.sum(1), wide)

    with pytest.raises(ganzoo.ShapeMismatch, match=r"3.* 2"):
        loss_of(name).discriminator_loss(fickle, numbers(4, 3), numbers(5, 3))


@every_player
@every_name
def test_nan_is_never_masked(played, numbers, name, player):
    for spoilt in ("real", "fake"):
        data = {"real": rows(numbers, name, 4, 0), "fake": rows(numbers, name, 4, 1)}
        data[spoilt].view(-1)[0] = math.nan
        value, _ = played(loss_of(name), player, data["real"], data["fake"])
        unseen = name in FAKES_ALONE and (spoilt, player) == ("real", "generator")
        assert value.isnan().item() != unseen


@every_player
@every_name
def test_extremes_stay_finite(played, numbers, name, player):
    for dtype in (torch.float32, torch.float64):
        for size in (1e-6, 30.0, 1e4):
            if name == "uotm" and size > 100:
                continue  # it grows exponentially
            real, fake = size * rows(numbers, name, 4, 0), -size * rows(numbers, name, 4, 1)
            value, table = played(loss_of(name).to(dtype), player, real, fake, dtype)
            assert value.isfinite()
            gradient = torch.autograd.grad(value, table.fake)[0]
            assert gradient.isfinite().all()


@every_player
@every_feature_loss
def test_where_features_come_from(played, numbers, name, player):
    """Features, or scores (N, F), patches or scales in their place, in any dtype."""
    # eighths, which half precision holds
    real, fake = (numbers(5, 3, seed=seed).mul(8).round().div(8) for seed in (0, 1))
    wanted, _ = played(loss_of(name), player, real, fake)
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
        value = getattr(loss_of(name), f"{player}_loss")(judge, real=real, fake=fake)
        half = layout in ("half", "bfloat16")
        near = {"rtol": 2e-5, "atol": 2e-6} if half else {"rtol": 1e-10, "atol": 1e-12}
        torch.testing.assert_close(value.double(), wanted, **near)


@every_feature_loss
def test_one_score_is_one_feature(played, numbers, name):
    options = {**FEATURES[name], **({"features": 1} if "features" in FEATURES[name] else {})}
    real, fake = numbers(5), numbers(4, seed=1)
    values = []
    for shape in ((-1,), (-1, 1), (-1, 1, 1, 1)):
        torch.manual_seed(0)
        loss = ganzoo.get_loss(name, **options).double()
        values.append(played(loss, "discriminator", real.reshape(shape), fake.reshape(shape))[0])
    assert values[0] == values[1] == values[2]


@every_player
@pytest.mark.parametrize("name", SCORES)
def test_patches_and_scales_are_scores(numbers, name, player):
    loss, real, fake = loss_of(name), numbers(4, 8), numbers(4, 8, seed=1)

    def value(shown):
        said = getattr(loss, f"{player}_loss")
        return said(lambda x: shown(x.tanh()), real=real, fake=fake)

    patches = value(lambda x: x.reshape(-1, 1, 2, 4))
    scales = value(lambda x: [x[:, :3], x[:, 3:].reshape(-1, 1, 5)])
    torch.testing.assert_close(scales, patches, rtol=1e-12, atol=0)
    if name != "fisher":  # its constraint is on all scores together
        each = [value(lambda x, k=k: x[:, k]) for k in range(8)]
        torch.testing.assert_close(patches, torch.stack(each).mean(), rtol=1e-12, atol=0)


@every_player
@every_name
def test_first_derivatives(numbers, name, player):
    loss, count = loss_of(name), 4
    leaf = torch.cat([rows(numbers, name, count, 0), rows(numbers, name, count, 1)])
    x = torch.arange(2.0 * count, dtype=torch.float64)

    def value(table):
        # san and ot-gan keep something constant, which a difference quotient would move
        said = getattr(loss, f"{player}_loss")
        return said(lambda i: table[i.long()], real=x[:count], fake=x[count:])

    if name in ("ot-gan", "san"):
        assert value(leaf).isfinite()
    else:
        assert torch.autograd.gradcheck(value, leaf.requires_grad_())


@every_name
def test_the_discriminators_turn_cuts_the_fakes_graph(numbers, name):
    weight, fake = numbers(3, 3).requires_grad_(), numbers(4, 3).requires_grad_()

    def judge(x):
        h = x @ weight
        return h if name in FEATURES else h[:, 0]

    value = loss_of(name).discriminator_loss(judge, real=numbers(4, 3, seed=1), fake=fake)
    gradient = torch.autograd.grad(value, (weight, fake), allow_unused=True)
    assert gradient[0].any()
    assert gradient[1] is None


@every_name
def test_copies_and_pickles_say_the_same(played, numbers, name):
    loss = loss_of(name)
    real, fake = rows(numbers, name, 4, 0), rows(numbers, name, 4, 1)
    value, _ = played(loss, "generator", real, fake)
    for other in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        assert played(other, "generator", real, fake)[0] == value
        assert repr(other) == repr(loss)


@pytest.mark.parametrize("name", ["fisher", "sobolev", "mcgan", "san"])
def test_state_and_parameters_go_on_after_a_checkpoint(numbers, tmp_path, name):
    options = {"rho": 0.1} if name in ("fisher", "sobolev") else {"features": 3}

    def steps(loss, first, last):
        values = []
        for step in range(first, last):
            real, fake = numbers(5, 3, seed=step), numbers(5, 3, seed=-step - 1)
            value = loss.discriminator_loss(torch.nn.Identity(), real=real, fake=fake)
            values.append(value.item())
            own = [*loss.parameters()]
            if own:
                for parameter, slope in zip(own, torch.autograd.grad(value, own), strict=True):
                    parameter.data -= 0.1 * slope
            loss.after_discriminator_step(torch.nn.Identity())
        return values

    def fresh(seed):
        torch.manual_seed(seed)
        return ganzoo.get_loss(name, **options).double()

    whole = steps(fresh(0), 0, 6)
    before = fresh(0)
    steps(before, 0, 3)
    torch.save(before.state_dict(), tmp_path / "state.pt")
    after = fresh(1)
    after.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True), strict=True)
    assert steps(after, 3, 6) == whole[3:]


@every_name
def test_traits(name):
    declared = loss_of(name).traits
    assert declared.paired == (name in PAIRED)
    assert declared.orientation == (-1 if name == "loss-sensitive" else 1)
    # a loss on features is not monotone in any of them, but along san's direction
    assert declared.monotone == (name == "san" or (name in SCORES and name != "loss-sensitive"))
    if "mmd" in name:
        assert declared.shift_invariant
    twos = {*MINIMUM, "mmd-repulsive-bounded", "ot-gan", "coulomb"}
    assert declared.minimum == (2 if name in twos else 1)


def test_a_game_needs_features_and_says_so():
    source = ganzoo.get_dataset("ring8")
    networks = ganzoo.get_architecture("mlp", source.spec, width=8)

    class Bare(ganzoo.Discriminator):
        def forward(self, x, y=None):
            return ganzoo.DiscriminatorOutput(x.sum(1))

    bare = ganzoo.Architecture(networks.generator, Bare)
    with pytest.raises(ganzoo.Incompatible, match=r"\{features\}.*\{score\}"):
        ganzoo.Game.seat(bare, ganzoo.get_loss("mmd-rbf"), source.spec)
