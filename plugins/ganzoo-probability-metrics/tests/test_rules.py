"""What holds for all of them: order, NaN, extremes, derivatives, graphs, copies."""

from __future__ import annotations

import copy
import math
import pickle

import pytest
import torch

FAKES_ALONE = {"sphere", "san", "fisher", "loss-sensitive", "coulomb", "uotm"}


@pytest.fixture
def rows(numbers, loss_of, name):
    """``rows(4, seed=1)``: features, or scores, as the loss takes them."""
    shape = (3,) if "features" in loss_of(name).needs else ()
    return lambda count, seed=0: numbers(count, *shape, seed=seed)


def test_the_order_of_samples_does_not_matter(numbers, loss_of, name, player):
    loss, real, fake = loss_of(name), numbers(6, 3), numbers(6, 3, seed=1)

    def shuffled(seed):
        dice = torch.Generator().manual_seed(seed)
        if name == "ot-gan":  # its halves are the first and the second
            return torch.cat([start + torch.randperm(3, generator=dice) for start in (0, 3)])
        return torch.randperm(6, generator=dice)

    one = shuffled(2)
    other = one if loss.traits.paired else shuffled(3)

    def judge(x):
        return x if "features" in loss.needs else x.sum(1)

    said = getattr(loss, f"{player}_loss")
    value, moved = said(judge, real=real, fake=fake), said(judge, real=real[one], fake=fake[other])
    torch.testing.assert_close(moved, value, rtol=1e-10, atol=1e-13)


def test_nan_is_never_masked(played, rows, loss_of, name, player):
    for spoilt in ("real", "fake"):
        data = {"real": rows(4), "fake": rows(4, seed=1)}
        data[spoilt].view(-1)[0] = math.nan
        value, _ = played(loss_of(name), player, data["real"], data["fake"])
        unseen = name in FAKES_ALONE and (spoilt, player) == ("real", "generator")
        assert value.isnan().item() != unseen


def test_extremes_stay_finite(played, rows, loss_of, name, player):
    for dtype in (torch.float32, torch.float64):
        for size in (1e-6, 30.0, 1e4):
            if name == "uotm" and size > 100:
                continue  # it grows exponentially
            real, fake = size * rows(4), -size * rows(4, seed=1)
            value, table = played(loss_of(name).to(dtype), player, real, fake, dtype)
            assert value.isfinite()
            gradient = torch.autograd.grad(value, table.fake)[0]
            assert gradient.isfinite().all()


def test_first_derivatives(rows, loss_of, name, player):
    loss, count = loss_of(name), 4
    leaf = torch.cat([rows(count), rows(count, seed=1)])
    x = torch.arange(2.0 * count, dtype=torch.float64)

    def value(table):
        # san and ot-gan keep something constant, which a difference quotient would move
        said = getattr(loss, f"{player}_loss")
        return said(lambda i: table[i.long()], real=x[:count], fake=x[count:])

    if name in ("ot-gan", "san"):
        assert value(leaf).isfinite()
    else:
        assert torch.autograd.gradcheck(value, leaf.requires_grad_())


def test_the_discriminators_turn_cuts_the_fakes_graph(numbers, loss_of, name):
    loss, weight = loss_of(name), numbers(3, 3).requires_grad_()
    fake = numbers(4, 3).requires_grad_()

    def judge(x):
        h = x @ weight
        return h if "features" in loss.needs else h[:, 0]

    value = loss.discriminator_loss(judge, real=numbers(4, 3, seed=1), fake=fake)
    gradient = torch.autograd.grad(value, (weight, fake), allow_unused=True)
    assert gradient[0].any()
    assert gradient[1] is None


def test_copies_and_pickles_say_the_same(played, rows, loss_of, name):
    loss = loss_of(name)
    real, fake = rows(4), rows(4, seed=1)
    value, _ = played(loss, "generator", real, fake)
    for other in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        assert played(other, "generator", real, fake)[0] == value
        assert repr(other) == repr(loss)
