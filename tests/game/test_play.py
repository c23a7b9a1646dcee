from __future__ import annotations

import pytest
import torch

from ganzoo import DiscriminatorOutput, Incompatible, Play, ShapeMismatch, Term


class Counting(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        return self.layer(x)


def test_each_network_is_evaluated_at_most_once_and_only_on_demand():
    critic, generator = Counting(), Counting()
    generator.layer = torch.nn.Linear(3, 2)
    play = Play(
        "discriminator",
        discriminator=critic,
        generator=generator,
        real_x=torch.randn(4, 2),
        z=torch.randn(4, 3),
    )
    assert (critic.calls, generator.calls) == (0, 0)
    assert play.real is play.real
    assert play.fake_x is play.fake_x
    assert (critic.calls, generator.calls) == (1, 1)
    assert play.fake is play.fake
    assert critic.calls == 2


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_the_fakes_carry_a_graph_in_the_generators_turn_alone(player):
    generator = torch.nn.Linear(3, 2)
    play = Play(player, discriminator=Counting(), generator=generator, z=torch.randn(4, 3))
    assert play.fake_x.requires_grad == (player == "generator")


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_terms_move_the_latent_vectors_one_after_another(player):
    class Moved(Term):
        def latents(self, play, z):
            return 2 * z + offset

    offset = torch.ones((), requires_grad=True)
    drawn = torch.randn(4, 3, requires_grad=True)
    play = Play(player, generator=torch.nn.Identity(), z=drawn)
    play.rewire([Moved(), Moved()])
    torch.testing.assert_close(play.fake_x, 4 * drawn + 3)
    assert play.drawn is drawn
    play.fake_x.sum().backward()
    # the term's own graph stays; that of what was drawn is the generator's alone
    assert offset.grad.item() == 36
    assert (drawn.grad is None) == (player == "discriminator")


def test_tracked_samples_are_leaves():
    play = Play(
        "discriminator",
        discriminator=Counting(),
        real_x=torch.randn(4, 2),
        fake_x=torch.randn(4, 2),
        tracked=frozenset({"real"}),
    )
    assert play.real_x.is_leaf
    assert play.real_x.requires_grad
    assert not play.fake_x.requires_grad


def test_what_is_missing_is_named():
    play = Play("generator", discriminator=Counting())
    with pytest.raises(Incompatible, match="real=..."):
        _ = play.real_x
    with pytest.raises(Incompatible, match="fake=..."):
        _ = play.fake_x
    with pytest.raises(Incompatible, match="encoder"):
        _ = play.code
    with pytest.raises(Incompatible, match="encoder"):
        play.encode(torch.zeros(1, 2))
    with pytest.raises(Incompatible, match="discriminator"):
        Play("generator").judge(torch.zeros(1, 2))


def test_labels_reach_the_networks():
    def critic(x, y):
        return x.sum(1) + y

    labels = torch.arange(4)
    play = Play("discriminator", discriminator=critic, real_x=torch.zeros(4, 2), labels=labels)
    assert torch.equal(play.real.score, labels.float())


def test_scores_of_different_layouts_raise():
    def critic(x):
        return x.sum(1) if x.sum() > 0 else x.sum(1, keepdim=True)

    play = Play(
        "discriminator", discriminator=critic, real_x=torch.ones(3, 2), fake_x=-torch.ones(3, 2)
    )
    assert play.real.score.shape == (3,)
    with pytest.raises(ShapeMismatch, match="one shape"):
        _ = play.fake


def test_scales_become_one_score_of_all_their_elements():
    scales = [torch.ones(2, 1, 2, 2), torch.zeros(2, 1, 4, 3, dtype=torch.bfloat16)]
    output = DiscriminatorOutput.of(scales)
    assert output.score.shape == (2, 16)
    assert output.score.dtype == torch.float32
    assert output.layout == ((1, 2, 2), (1, 4, 3))
    assert output.score.mean() == 0.25


def test_scales_may_mix_bare_scores_and_columns():
    output = DiscriminatorOutput.of([torch.ones(2), torch.zeros(2, 1), torch.ones(2, 1, 2)])
    assert output.score.tolist() == [[1, 0, 1, 1]] * 2
    assert output.layout == ((), (1,), (1, 2))


SCORE, MAPS = torch.zeros(2, 1), torch.zeros(2, 8, 4)


@pytest.mark.parametrize(
    ("returned", "found"),
    [
        ((SCORE, MAPS), r"tuple \(Tensor, Tensor\)"),  # taken for scales, features are scores
        ((SCORE, [MAPS]), r"tuple \(Tensor, list \(Tensor\)\)"),
        (([SCORE, SCORE], [[MAPS]]), r"tuple \(list"),
        ([[SCORE], [SCORE]], r"list \(list"),
        ({"logits": SCORE}, "dict"),
        (None, "NoneType"),
        (SCORE > 0, r"Tensor torch\.bool"),
        ([SCORE, SCORE.long()], r"list \(Tensor, Tensor torch\.int64\)"),
    ],
)
def test_what_says_more_than_scores_is_refused(returned, found):
    with pytest.raises(Incompatible, match=rf"found {found}.*lambda x: D\(x\)\[0\]"):
        DiscriminatorOutput.of(returned)


@pytest.mark.parametrize("kind", ["real", "fake"])
def test_a_gradient_needs_samples_in_floating_point(kind):
    x = torch.zeros(2, 3, dtype=torch.uint8)
    play = Play("discriminator", real_x=x, fake_x=x, tracked=frozenset({kind}))
    with pytest.raises(Incompatible, match="uint8"):
        getattr(play, f"{kind}_x")


@pytest.mark.parametrize(
    "score", [torch.tensor(1.0), torch.zeros(0), [], [torch.zeros(2, 1), torch.zeros(3, 1)]]
)
def test_what_is_no_score_is_refused(score):
    with pytest.raises(ShapeMismatch):
        DiscriminatorOutput.of(score)


def test_the_first_samples_of_a_batch_go_with_the_first_labels():
    def labelled(x, y):
        assert len(x) == len(y)
        return x.sum(1) + y

    labels = torch.tensor([3, 1, 4, 1])
    play = Play("generator", discriminator=labelled, generator=labelled, labels=labels)
    part = torch.zeros(2, 5)
    assert play.judge(part).score.tolist() == [3, 1]
    assert play.generate(part).tolist() == [3, 1]
    with pytest.raises(ShapeMismatch, match="4 labels and 5 samples"):
        play.judge(torch.zeros(5, 5))


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_codes_carry_a_graph_in_the_generators_turn_alone(player):
    linear = torch.nn.Linear(2, 6)
    calls = []

    def encoder(x, *labels):
        calls.append((len(x), len(labels)))
        return linear(x).chunk(2, 1)

    labels = torch.arange(4)
    play = Play(player, encoder=encoder, real_x=torch.randn(4, 2), labels=labels)
    mean, log_variance = play.code
    assert play.code[0] is mean
    assert mean.shape == log_variance.shape == (4, 3)
    assert mean.requires_grad == (player == "generator")
    others = play.encode(torch.randn(2, 2))
    assert others[0].shape == (2, 3)
    assert others[0].requires_grad == (player == "generator")
    assert calls == [(4, 1), (2, 1)]


def test_a_play_that_keeps_the_graph_gives_samples_without_it():
    weight = torch.ones(2, requires_grad=True)
    for tracked in (frozenset(), frozenset({"fake"})):
        play = Play(
            "discriminator",
            generator=lambda z: z * weight,
            z=torch.ones(4, 2),
            tracked=tracked,
            keep_graph=True,
        )
        assert play.made is None
        assert play.fake_x.grad_fn is None
        assert play.fake_x.requires_grad == bool(tracked)
        (slope,) = torch.autograd.grad(play.made.sum(), weight)
        assert torch.equal(slope, torch.full((2,), 4.0))
