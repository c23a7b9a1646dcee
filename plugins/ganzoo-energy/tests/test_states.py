"""What BEGAN and MAGAN keep from step to step."""

from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo_energy.began import Equilibrium


def step(loss, table, real, fake):
    """One step of each player's loss, in a loop of one's own; what D minimised."""
    judge = table([real], [fake])
    d = loss.discriminator_loss(judge, judge.real_x, judge.fake_x)
    loss.after_discriminator_step(judge)
    g = loss.generator_loss(judge, judge.fake_x)
    return d.item(), g.item()


def test_k_of_began_follows_the_reference(reference, table):
    wanted = reference["state"]["began"]
    options = wanted["params"]
    loss = ganzoo.get_loss(
        "began", gamma=options["gamma"], lambda_k=options["lambda_k"], k=options["k0"]
    )
    (term,) = loss.terms
    for row in wanted["steps"]:
        d, g = step(loss, table, row["loss_real"], row["loss_fake"])
        assert d == pytest.approx(row["d_loss"], rel=1e-10)
        assert g == pytest.approx(row["g_loss"], rel=1e-10)
        assert term.k.item() == pytest.approx(row["k_next"], rel=1e-10, abs=1e-15)


def logged(loss, table, real, fake):
    judge = table([real], [fake])
    play = ganzoo.Play(
        "discriminator", discriminator=judge, real_x=judge.real_x, fake_x=judge.fake_x
    )
    loss.loss(play, (0,))
    loss.after(play, (0,))
    return play.log


def test_the_convergence_measure_of_began_is_logged(reference, table):
    wanted = reference["state"]["began"]
    loss, before = ganzoo.get_loss("began", lambda_k=wanted["params"]["lambda_k"]), 0.0
    for row in wanted["steps"]:
        log = logged(loss, table, row["loss_real"], row["loss_fake"])
        assert log["convergence"].item() == pytest.approx(row["measure"], rel=1e-10)
        assert log["k"].item() == pytest.approx(before, rel=1e-10)
        assert not log["convergence"].requires_grad
        before = row["k_next"]


def test_k_of_began_starts_at_0():
    assert Equilibrium(gamma=0.5, lambda_k=0.1).k == ganzoo.get_loss("began").terms[0].k == 0


def test_k_stays_between_0_and_1(table):
    loss = ganzoo.get_loss("began", lambda_k=100.0)
    (term,) = loss.terms
    for real, fake, wanted in ((1.0, 0.0, 1.0), (1.0, 0.0, 1.0), (0.0, 1.0, 0.0)):
        step(loss, table, real, fake)
        assert term.k.item() == wanted


def test_the_margin_of_magan_follows_the_reference(reference, table):
    wanted = reference["state"]["magan-margin"]
    loss = ganzoo.get_loss("magan", margin=wanted["params"]["margin0"], epoch=1)
    (term,) = loss.terms
    before = term.margin.item()
    for row in wanted["steps"]:
        step(loss, table, row["mean_energy_real"], row["mean_energy_fake"])
        assert term.margin.item() == pytest.approx(row["margin_next"], rel=1e-10)
        assert (term.margin.item() != before) == row["updated"]
        before = term.margin.item()


def test_an_epoch_of_magan_is_a_mean_over_its_steps(table):
    loss = ganzoo.get_loss("magan", margin=1.0, epoch=3)
    (term,) = loss.terms
    epochs = [[(0.5, 0.9)] * 3, [(0.2, 1.0), (0.3, 0.7), (0.4, 1.3)]]
    seen = []
    for real, fake in [pair for epoch in epochs for pair in epoch]:
        step(loss, table, real, fake)
        seen.append(term.margin.item())
    # the first epoch has none before it whose fakes could have had less energy
    assert seen == pytest.approx([1.0] * 5 + [0.3])
    assert [getattr(term, name).item() for name in ("steps", "real_sum", "fake_sum")] == [0, 0, 0]
    assert term.fake_before.item() == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["began", "magan"])
def test_the_state_is_in_the_state_dict_and_has_no_gradient(table, name):
    loss, other = (ganzoo.get_loss(name) for _ in range(2))
    step(loss, table, 0.9, 0.3)
    other.load_state_dict(loss.state_dict(), strict=True)
    for (key, one), (_, two) in zip(
        loss.state_dict().items(), other.state_dict().items(), strict=True
    ):
        assert torch.equal(one, two), key
    assert not list(loss.parameters())
    assert step(loss, table, 0.8, 0.4) == step(other, table, 0.8, 0.4)


@pytest.mark.parametrize("name", ["began", "magan"])
def test_nothing_moves_without_a_step(table, name):
    loss = ganzoo.get_loss(name)
    before = {key: value.clone() for key, value in loss.state_dict().items()}
    judge = table([0.9], [0.3])
    loss.discriminator_loss(judge, judge.real_x, judge.fake_x)
    loss.generator_loss(judge, judge.fake_x)
    loss.after_generator_step(judge)
    assert all(torch.equal(before[key], value) for key, value in loss.state_dict().items())


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("ebgan", {"margin": 0.0}, "above 0"),
        ("ebgan", {"energy": "l3"}, "'l1'.*'l2'"),
        ("began", {"gamma": 0.0}, "above 0"),
        ("began", {"gamma": 1.5}, "1 at most"),
        ("began", {"k": 2.0}, "at least 0 and at most 1"),
        ("began", {"lambda_k": 0.0}, "above 0"),
        ("magan", {"margin": 0.0}, "above 0"),
        ("magan", {"margin": float("inf")}, "finite"),
        ("magan", {"epoch": 0}, "at least 1"),
    ],
)
def test_options_out_of_range_say_what_would_work(name, options, says):
    with pytest.raises(ganzoo.BadOption, match=says):
        ganzoo.get_loss(name, **options)
