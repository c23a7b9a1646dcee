"""Consensus and unrolling, on games small enough to solve by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.functional import softplus

import ganzoo
from ganzoo_regularizers.dynamics import Consensus, Unrolled


class Slope(nn.Module):
    """D(x) = psi x, or G(z) = theta, one number."""

    def __init__(self, value, generates=False):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(value, dtype=torch.float64))
        self.generates = generates

    def forward(self, x):
        return self.value.expand(len(x), 1) if self.generates else (self.value * x)[:, 0]


def turn(player, psi, theta, *, count=3, **more):
    network, generator = Slope(psi), Slope(theta, generates=True)
    zeros = torch.zeros(count, 1, dtype=torch.float64)
    play = ganzoo.Play(
        player,
        discriminator=network,
        generator=generator,
        real_x=zeros,
        z=zeros,
        track_real=player == "discriminator",
        **more,
    )
    return play, network.value, generator.value


PLAYERS = ["discriminator", "generator"]


def half_square(psi, theta):
    """Of the Dirac-GAN's gradient, with the non-saturating loss."""
    by_psi = torch.sigmoid(psi * theta) * theta
    by_theta = -torch.sigmoid(-psi * theta) * psi
    return (by_psi**2 + by_theta**2) / 2


@pytest.mark.parametrize("player", PLAYERS)
def test_consensus_is_the_closed_form(player, said):
    objective = ganzoo.get_loss("nonsaturating") + Consensus(3.0)
    play, psi, theta = turn(player, 0.7, -1.3)
    value = said(objective, play)
    plain = said(ganzoo.get_loss("nonsaturating"), turn(player, 0.7, -1.3)[0])
    leaves = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (0.7, -1.3)]
    wanted = 3 * half_square(*leaves)
    assert value.item() == pytest.approx((plain + wanted).item(), rel=1e-12)
    mover, leaf = (psi, leaves[0]) if player == "discriminator" else (theta, leaves[1])
    (found,) = torch.autograd.grad(value, mover)
    (right,) = torch.autograd.grad(wanted, leaf)
    loss = softplus(leaves[0].new_zeros(())) + softplus(leaves[0] * leaves[1])
    if player == "generator":
        loss = softplus(-leaves[0] * leaves[1])
    right = right + torch.autograd.grad(loss, leaf)[0]
    torch.testing.assert_close(found, right, rtol=1e-12, atol=0)


def test_consensus_hears_a_lazy_term_as_strongly_as_its_average(said):
    found = []
    for weight, every in ((2.0, 1), (0.5, 4)):
        loud = ganzoo.get_loss("hinge").terms[0]
        loud.weight.fill_(weight)
        loud.every = every
        play, *_ = turn("discriminator", 0.7, -1.3)
        said(ganzoo.Objective(loud, Consensus(1.0)), play)
        found.append(play.log["loss/discriminator/1-Consensus"].item())
    # psi theta > -1, so both slopes are those of the score itself, twice
    assert found == pytest.approx([4 * (1.3**2 + 0.7**2) / 2] * 2)


@pytest.mark.parametrize("missing", PLAYERS)
def test_consensus_asks_for_the_weights_of_both(missing, said):
    play, *_ = turn("discriminator", 0.7, -1.3)
    setattr(play, missing, lambda x: x[:, 0] if missing == "discriminator" else x)
    with pytest.raises(ganzoo.Incompatible, match="both networks' weights"):
        said(ganzoo.Objective(Consensus(1.0)), play)


def test_consensus_turns_the_dirac_gans_centre_into_an_attractor(said):
    """The Jacobian A of the field becomes A - gamma A' A: here -1/4 gamma +- i/2."""
    gamma, step, columns = 0.8, 1e-5, []
    for psi, theta in ((step, 0.0), (0.0, step)):
        column = []
        for player in PLAYERS:
            play, *movers = turn(player, psi, theta)
            value = said(ganzoo.get_loss("nonsaturating") + Consensus(gamma), play)
            mover = movers[PLAYERS.index(player)]
            column.append(-torch.autograd.grad(value, mover)[0].item() / step)
        columns.append(column)
    found = torch.linalg.eigvals(torch.tensor(columns, dtype=torch.float64))
    for value in found.tolist():
        assert value.real == pytest.approx(-gamma / 4, abs=1e-4)
        assert abs(value.imag) == pytest.approx(0.5, abs=1e-4)


def test_consensus_hears_every_other_term_of_the_turn(said):
    """R1 of D(x) = psi x adds gamma psi to the discriminator's part."""
    base = ganzoo.get_loss("nonsaturating", add=["r1(gamma=2.0)", "top-k(steps=1, share=0.4)"])
    play, *_ = turn("discriminator", 0.7, -1.3, tracked=frozenset({"real"}))
    said(base + Consensus(1.0), play)
    found = play.log["loss/discriminator/3-Consensus"].item()
    by_psi = torch.sigmoid(torch.tensor(-0.91)).double() * -1.3 + 2 * 0.7
    by_theta = -torch.sigmoid(torch.tensor(0.91)).double() * 0.7
    assert found == pytest.approx((by_psi**2 + by_theta**2).item() / 2, rel=1e-6)


def test_consensus_asks_for_a_game():
    objective, x = ganzoo.get_loss("hinge", add="consensus"), torch.ones(3, 2)
    with pytest.raises(ganzoo.Incompatible, match="needs a Game"):
        objective.generator_loss(nn.Linear(2, 1), fake=x, real=x)


def unrolled_loss(psi, theta, steps, rate, gamma=0.0):
    for _ in range(steps):
        psi = psi - rate * (torch.sigmoid(psi * theta) * theta + gamma * psi)
    return softplus(-psi * theta), psi


@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_unrolled_is_the_closed_form(steps, gamma, said):
    add = [f"r1(gamma={gamma})"] if gamma else []
    objective = ganzoo.get_loss("nonsaturating", add=add) + Unrolled(steps=steps, rate=0.5)
    play, psi, theta = turn("generator", 0.7, -1.3)
    value = said(objective, play)
    leaf = torch.tensor(-1.3, dtype=torch.float64, requires_grad=True)
    start = torch.tensor(0.7, dtype=torch.float64)
    wanted, _ = unrolled_loss(start, leaf, steps, 0.5, gamma)
    assert value.item() == pytest.approx(wanted.item(), rel=1e-12)
    (found,) = torch.autograd.grad(value, theta)
    (right,) = torch.autograd.grad(wanted, leaf)
    torch.testing.assert_close(found, right, rtol=1e-12, atol=0)
    # not that of a discriminator that is merely some steps further
    _, further = unrolled_loss(start, leaf.detach(), steps, 0.5, gamma)
    (short,) = torch.autograd.grad(softplus(-further * leaf), leaf)
    assert abs(short.item() - right.item()) > 1e-3
    assert psi.item() == 0.7


def test_the_scores_of_real_samples_are_unrolled_too(said):
    """A loss that pulls them in the generator's turn moves the generator through them."""

    class Both(ganzoo.Term):
        def discriminator(self, play):
            return play.fake.score.mean()

        def generator(self, play):
            return play.real.score.mean()

    play, _, theta = turn("generator", 0.7, -1.3)
    play.real_x = torch.ones(3, 1, dtype=torch.float64)
    value = said(ganzoo.Objective(Both(), Unrolled(steps=2, rate=0.5)), play)
    # psi_2 = psi - 2 rate theta, at x = 1
    assert value.item() == pytest.approx(0.7 - 2 * 0.5 * -1.3)
    assert torch.autograd.grad(value, theta)[0].item() == pytest.approx(-1.0)


def test_unrolling_leaves_the_discriminators_turn_and_its_weights_alone(said):
    for add in ((), (Unrolled(steps=2, rate=0.5),)):
        play, psi, _ = turn("discriminator", 0.7, -1.3)
        value = said(ganzoo.get_loss("nonsaturating", add=add), play)
        assert value.item() == pytest.approx(
            0.6931471805599453 + softplus(torch.tensor(-0.91, dtype=torch.float64)).item()
        )
        assert psi.item() == 0.7


def test_unrolled_lets_go_of_the_turn_and_can_be_copied(trainer):
    import copy
    import pickle

    run = trainer("hinge", ["unrolled(steps=2)"])
    assert run.run() == "finished"
    term = run.objective.terms[1]
    assert term._last is None
    assert pickle.loads(pickle.dumps(term)).steps == copy.deepcopy(term).steps == 2


def test_unrolled_asks_for_weights_and_to_be_first():
    x = torch.ones(3, 2)
    objective = ganzoo.get_loss("hinge", add="unrolled")
    with pytest.raises(ganzoo.Incompatible, match="no nn.Module"):
        objective.generator_loss(lambda x: x.sum(1), fake=x, real=x)
    late = ganzoo.get_loss("hinge", add=["gn", "unrolled"])
    with pytest.raises(ganzoo.Incompatible, match="before those"):
        late.generator_loss(nn.Linear(2, 1), fake=x, real=x)
    first = ganzoo.get_loss("hinge", add=["unrolled", "gn"])
    assert first.generator_loss(nn.Linear(2, 1), fake=x.clone().requires_grad_(), real=x).isfinite()
    with pytest.raises(ganzoo.BadOption, match="rate"):
        Unrolled(rate=0.0)
    for other in ("historical-averaging", "consensus"):
        with pytest.raises(ganzoo.Incompatible, match="leave one of them out"):
            ganzoo.get_loss("hinge", add=["unrolled", other])
