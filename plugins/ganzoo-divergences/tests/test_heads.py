"""D2GAN and realness in a game, where the loss has a head of its own, and on columns."""

from __future__ import annotations

import pytest
import torch

import ganzoo

LOSSES = [
    ("d2gan", {}, 2),
    ("realness", {}, 51),
    ("realness", {"outcomes": 5, "generator": "anchor"}, 5),
]
every_loss = pytest.mark.parametrize(("name", "options", "count"), LOSSES)
PLAYERS = ["discriminator", "generator"]


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator)


def source():
    return ganzoo.TensorSource(numbers(64, 2), numbers(64, 2), latent=2)


def seated(objective, seed=0):
    spec = ganzoo.Spec((2,), 2)
    return ganzoo.Game.seat(
        ganzoo.get_architecture("mlp", spec, width=8), objective, spec, seed=seed
    )


def trainer(name, options, **settings):
    objective = ganzoo.get_loss(name, **options)
    settings = {"steps": 6, "batch": 8, "report_every": 1, "device": "cpu"} | settings
    return ganzoo.Trainer(seated(objective), objective, source(), ganzoo.Settings(**settings))


@pytest.mark.parametrize("player", PLAYERS)
@every_loss
def test_a_game_and_columns_give_the_same_loss(name, options, count, player):
    inside, outside = (ganzoo.get_loss(name, **options) for _ in range(2))
    game = seated(inside)
    head, network = inside.terms[0].head, game.discriminator

    def columns(x):
        said = network(x)
        rows = head(said.features)
        return rows if name == "realness" else torch.cat([said.score.reshape(-1, 1), rows], 1)

    real, z = numbers(6, 2), numbers(6, 2, seed=1)
    play = game.play(player, real_x=real, z=z)
    value = inside.loss(play, (0,))
    said = getattr(outside, f"{player}_loss")
    other = said(columns, real=real, fake=game.generator(z))
    assert columns(real).shape == (6, count)
    torch.testing.assert_close(value, other)


@every_loss
def test_the_discriminator_moves_the_head_and_the_generator_does_not(name, options, count):
    run = trainer(name, options)
    (term,) = run.objective.terms
    head = list(term.head.parameters())
    movers = {player: run.game.movers(player, run.objective) for player in PLAYERS}
    assert all(any(p is mover for mover in movers["discriminator"]) for p in head)
    assert not any(p is mover for p in head for mover in movers["generator"])
    before = [parameter.clone() for parameter in head]
    assert run.run() == "finished"
    assert not any(torch.equal(a, b) for a, b in zip(before, head, strict=True))
    for player in PLAYERS:
        assert None not in run.history[f"loss/{player}"]


@every_loss
def test_a_run_goes_on_where_it_was(name, options, count):
    whole, first, second = (trainer(name, options) for _ in range(3))
    whole.run()
    first.run(3)
    second.load_state_dict(first.state_dict())
    second.run()
    state, other = (run.objective.state_dict() for run in (whole, second))
    assert state.keys() == other.keys()
    assert any("head" in key for key in state)
    assert all(torch.equal(state[key], other[key]) for key in state)
    torch.testing.assert_close(whole.sample(4), second.sample(4), rtol=0, atol=0)


@every_loss
def test_bfloat16_networks_have_float32_losses(name, options, count):
    objective = ganzoo.get_loss(name, **options)
    game = seated(objective)
    play = game.play("discriminator", real_x=numbers(8, 2), z=numbers(8, 2, seed=1))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        value = objective.loss(play, (0,))
    assert value.dtype == torch.float32
    assert value.isfinite()


@every_loss
def test_the_heads_start_is_a_function_of_the_seed(name, options, count):
    heads = []
    for seed in (0, 0, 1):
        objective = ganzoo.get_loss(name, **options)
        seated(objective, seed=seed)
        heads.append(objective.terms[0].head.weight)
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])


def test_penalties_see_the_outcomes_of_realness():
    objective = ganzoo.get_loss("realness", add=["r1(gamma=2.0)"], outcomes=5)
    game = seated(objective)
    real = numbers(6, 2).requires_grad_()
    play = game.play(
        "discriminator",
        real_x=real,
        z=numbers(6, 2, seed=1),
        tracked=objective.tracked((0, 1), "discriminator"),
    )
    objective.loss(play, (0, 1))
    head = objective.terms[0].head
    logits = head(game.discriminator(real).features).mean(1)
    (gradient,) = torch.autograd.grad(logits.sum(), real)
    found = play.log["loss/discriminator/1-R1"]
    torch.testing.assert_close(found, gradient.square().sum(1).mean())
    assert play.real.score.shape == (6, 5)


def test_probability_in_a_game(laws):
    p, q = (law.float() for law in laws)
    objective = ganzoo.get_loss("d2gan", alpha=0.7)
    assert objective.probability(torch.zeros(3)) is None  # two columns, in a loop of one's own
    seated(objective)
    scores = torch.expm1(0.7 * p / q).log()
    torch.testing.assert_close(objective.probability(scores), p / (p + q))


@pytest.mark.parametrize("player", PLAYERS)
@every_loss
def test_columns_of_patches_and_scales(played, name, options, count, player):
    loss = ganzoo.get_loss(name, **options)
    real, fake = numbers(4, count, 2, 3).double(), numbers(4, count, 2, 3, seed=1).double()
    value, _ = played(loss, player, real, fake)
    # each place is like a sample
    flat = [x.movedim(1, -1).reshape(-1, count) for x in (real, fake)]
    torch.testing.assert_close(value, played(loss, player, *flat)[0])

    def scales(x):
        return [x[..., 0, 0], x[..., 1, :2].reshape(len(x), count, 1, 2)]

    value = getattr(loss, f"{player}_loss")(scales, real=real, fake=fake)
    places = [torch.stack([x[..., 0, 0], x[..., 1, 0], x[..., 1, 1]], 2) for x in (real, fake)]
    torch.testing.assert_close(value, played(loss, player, *places)[0])


@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 3), (4, 1, 2)])
@every_loss
def test_other_columns_say_which_are_needed(played, name, options, count, shape):
    with pytest.raises(ganzoo.ShapeMismatch, match=rf"{count} columns.*\(N, {count}\)"):
        played(name, "discriminator", numbers(*shape), numbers(*shape), **options)


@pytest.mark.parametrize("player", PLAYERS)
@every_loss
def test_nan_and_extremes(played, name, options, count, player):
    fine, bad = numbers(3, count), numbers(3, count)
    bad[1, 0] = torch.nan
    assert played(name, player, fine, bad, **options)[0].isnan()
    for size in (50.0, 1e4):
        far = size * torch.tensor([1.0, -1.0]).repeat(3, count)[:, :count]
        for fake in (far, -far):
            value, table = played(name, player, far, fake, torch.float32, **options)
            assert value.isfinite()
            assert torch.autograd.grad(value, table.fake)[0].isfinite().all()


@pytest.mark.parametrize("player", PLAYERS)
@every_loss
def test_derivatives(name, options, count, player):
    loss = ganzoo.get_loss(name, **options)
    scores = numbers(4, count).double().requires_grad_()
    x = torch.arange(4)

    def value(scores):
        return getattr(loss, f"{player}_loss")(lambda i: scores[i], real=x[:2], fake=x[2:])

    assert torch.autograd.gradcheck(value, scores)
    if name != "realness" or player == "discriminator":
        assert torch.autograd.gradgradcheck(value, scores)


def test_relativistic_realness_needs_pairs(played):
    with pytest.raises(ganzoo.ShapeMismatch, match=r"4 and 3.*generator='anchor'"):
        played("realness", "generator", numbers(3, 51), numbers(4, 51))
    value, _ = played("realness", "discriminator", numbers(3, 51), numbers(4, 51))
    assert value.isfinite()
    value, _ = played("realness", "generator", numbers(3, 51), numbers(4, 51), generator="anchor")
    assert value.isfinite()


def test_a_network_without_features_is_refused():
    class Plain(ganzoo.Discriminator):
        def forward(self, x, y=None):
            return ganzoo.DiscriminatorOutput(x.sum(1))

    for name in ("d2gan", "realness"):
        networks = ganzoo.get_architecture("mlp", ganzoo.Spec((2,), 2))
        plain = ganzoo.Architecture(networks.generator, Plain)
        with pytest.raises(ganzoo.Incompatible, match="features"):
            ganzoo.Game.seat(plain, ganzoo.get_loss(name), ganzoo.Spec((2,), 2))


@pytest.mark.parametrize("outcomes", [2, 5, 20, 51])
def test_anchors_are_laws_that_lie_apart(outcomes):
    term = ganzoo.get_loss("realness", outcomes=outcomes).terms[0]
    real, fake = term.anchor_real, term.anchor_fake
    place = torch.arange(outcomes, dtype=torch.float64)
    for law in (real, fake):
        assert law.shape == (outcomes,)
        assert law.sum().item() == pytest.approx(1, abs=1e-12)
        assert (law >= 0).all()
    middle = (outcomes - 1) / 2
    assert (fake * place).sum() < middle < (real * place).sum()
    if outcomes % 2:  # moved by whole places: nothing beyond the middle
        assert real[: outcomes // 2].sum() == 0
        assert fake[outcomes // 2 + 1 :].sum() == 0


def test_a_law_is_moved_and_shared():
    from ganzoo_divergences.anchors import shifted

    law = torch.tensor([0.25, 0.25, 0.25, 0.25], dtype=torch.float64)
    assert shifted(law, 2).tolist() == [0, 0, 0.25, 0.75]
    assert shifted(law, -1).tolist() == [0.5, 0.25, 0.25, 0]
    assert shifted(law, 0.5).tolist() == [0.125, 0.25, 0.25, 0.375]
