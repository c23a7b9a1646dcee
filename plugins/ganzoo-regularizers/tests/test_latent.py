"""Latent optimisation, on games small enough to solve by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.functional import softplus

import ganzoo
from ganzoo_regularizers.dynamics import Consensus
from ganzoo_regularizers.latent import LatentOptimisation

PSI, THETA = 0.7, -1.3
PLAYERS = ["discriminator", "generator"]


class Factor(nn.Module):
    """D(x) = psi x and G(z) = theta z, one number each."""

    def __init__(self, value, column=False):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(value, dtype=torch.float64))
        self.column = column

    def forward(self, x):
        return self.value * (x if self.column else x[:, 0])


def turn(player, z, noise):
    network, generator = Factor(PSI), Factor(THETA, column=True)
    play = ganzoo.Play(
        player,
        discriminator=network,
        generator=generator,
        real_x=torch.tensor([[0.5], [2.0], [-1.0]], dtype=torch.float64),
        z=z,
        noise=noise,
        track_real=player == "discriminator",
    )
    return play, network.value, generator.value


def by_hand(player, psi, theta, z, chosen, *, weight, rate, damping, bound=None):
    slope = psi * theta
    moved = z + chosen * rate * slope / (damping + slope**2)
    if bound is not None:
        moved = moved.clamp(-bound, bound)
    f = psi * theta * moved
    if player == "generator":
        return softplus(-f).mean() + weight * (moved - z).square().mean()
    r = psi * torch.tensor([[0.5], [2.0], [-1.0]], dtype=torch.float64)
    return softplus(-r).mean() + softplus(f).mean()


@pytest.mark.parametrize("bound", [None, 0.9])
@pytest.mark.parametrize("player", PLAYERS)
def test_value_and_both_players_gradients_are_the_closed_form(player, bound, said, draws, numbers):
    options = {"weight": 2.0, "rate": 0.8, "damping": 0.5, "bound": bound}
    objective = ganzoo.get_loss("nonsaturating") + LatentOptimisation(share=0.6, **options)
    z, noise = draws(7, 1), numbers()
    play, psi, theta = turn(player, z, noise)
    value = said(objective, play)
    chosen = (noise.given[0] < 0.6).double()
    assert 0 < chosen.sum() < 7
    leaves = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (PSI, THETA)]
    wanted = by_hand(player, *leaves, z, chosen, **options)
    assert value.item() == pytest.approx(wanted.item(), rel=1e-12)
    # by the mover, through the step as well
    place = PLAYERS.index(player)
    (found,) = torch.autograd.grad(value, (psi, theta)[place])
    (right,) = torch.autograd.grad(wanted, leaves[place])
    torch.testing.assert_close(found, right, rtol=1e-12, atol=0)


def test_the_step_leads_to_higher_scores(said, draws, numbers):
    z = draws(7, 1)
    play, psi, theta = turn("generator", z, numbers())
    said(ganzoo.get_loss("hinge") + LatentOptimisation(share=1.0), play)
    before = psi * theta * z[:, 0]
    step = 0.9 * (PSI * THETA) ** 2 / (5 + (PSI * THETA) ** 2)
    torch.testing.assert_close(play.fake.score, before + step)


def test_without_samples_that_take_the_step_it_is_the_loss(said, draws, numbers):
    for player in PLAYERS:
        z = draws(7, 1)
        plain = said(ganzoo.get_loss("hinge"), turn(player, z, numbers())[0])
        value = said(
            ganzoo.get_loss("hinge") + LatentOptimisation(share=0.0), turn(player, z, numbers())[0]
        )
        assert value.item() == plain.item()


def test_other_terms_see_the_latent_vectors_that_made_the_samples(said, draws, numbers):
    class Seen(ganzoo.Term):
        def generator(self, play):
            self.z = play.z
            return (play.fake_x - THETA * play.z).square().sum()

    other = Seen()
    objective = ganzoo.Objective(other, LatentOptimisation(0.0, share=1.0))
    play, *_ = turn("generator", draws(7, 1), numbers())
    assert said(objective, play).item() == pytest.approx(0.0, abs=1e-24)
    assert not torch.equal(other.z, play.drawn)


def test_consensus_takes_the_moved_vectors_and_moves_them_no_further(said, draws, numbers):
    z = draws(7, 1)
    add = [LatentOptimisation(0.0, share=1.0), Consensus(1.0)]
    play, *_ = turn("generator", z, numbers())
    said(ganzoo.get_loss("wgan", add=add), play)
    psi, theta = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (PSI, THETA))
    p = psi * theta
    fake, real = (p * (z + 0.9 * p / (5 + p**2))).mean(), (psi * play.real_x).mean()
    (by_psi,) = torch.autograd.grad(fake - real, psi, retain_graph=True)
    (by_theta,) = torch.autograd.grad(-fake, theta)
    (name,) = [name for name in play.log if name.endswith("Consensus")]
    assert play.log[name].item() == pytest.approx((by_psi**2 + by_theta**2).item() / 2, rel=1e-9)


def test_it_asks_for_a_game_and_for_logits():
    objective, x = ganzoo.get_loss("hinge", add="logan"), torch.ones(3, 2)
    for speak in (objective.discriminator_loss, objective.generator_loss):
        with pytest.raises(ganzoo.Incompatible, match="needs a Game"):
            speak(nn.Linear(2, 1), fake=x, real=x)
    with pytest.raises(ganzoo.Incompatible, match="a low score means real"):
        ganzoo.get_loss("ebgan", add="logan")
    with pytest.raises(ganzoo.Incompatible, match="leave one of them out"):
        ganzoo.get_loss("hinge", add=["unrolled", "logan"])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"rate": 0.0}, "rate=0.0: above 0"),
        ({"damping": 0.0}, "damping=0.0: above 0"),
        ({"share": 1.1}, "share=1.1: at least 0 and at most 1"),
        ({"bound": -1.0}, "bound=-1.0: above 0"),
    ],
)
def test_options_are_checked(options, says):
    with pytest.raises(ganzoo.BadOption, match=says):
        LatentOptimisation(**options)


@pytest.mark.parametrize("term", ["r1r2(gamma=1.0)", "gp", "zcr", "path-length(every=1)", "pacgan"])
def test_it_goes_with_other_terms(term, trainer):
    assert trainer("hinge", ["logan", term]).run() == "finished"
