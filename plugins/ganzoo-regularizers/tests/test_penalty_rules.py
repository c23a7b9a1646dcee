"""What every penalty on the gradient of the score keeps to."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo_regularizers.points import around

NAMES = [
    *("lp", "zero-gp", "max-gp", "dragan", "mm-gp", "div-gp"),
    *("r1r2", "js-reg", "approx-r1", "approx-r2", "alp"),
]
every = pytest.mark.parametrize("name", NAMES)


ZERO = {"dragan": 10.0}


@every
def test_a_zero_critic_has_its_value_and_finite_gradients(
    name, draws, numbers, said, make_critic, turn
):
    critic, term = make_critic(scale=0.0), ganzoo.get_term(name)
    value = said(term, turn(critic, draws(4, 4), draws(4, 4, seed=1), numbers(), term=term))
    assert value.item() == ZERO.get(name, 0.0)
    gradients = torch.autograd.grad(value, critic.weights, allow_unused=True)
    assert all(each is None or each.isfinite().all() for each in gradients)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "max-gp"])
def test_the_penalty_of_a_batch_is_the_mean_over_its_samples(
    name, draws, numbers, said, make_critic, turn
):
    """One norm for the whole batch fails here."""
    critic, real, fake = make_critic(), draws(4, 4), draws(4, 4, seed=1)

    class Part:
        """The numbers of one sample, of those that the whole batch was given."""

        def __init__(self, whole, row):
            self.rest = [each[row : row + 1] for each in whole.given]

        def uniform(self, *shape):
            return self.rest.pop(0)

        normal = uniform

    term, whole = ganzoo.get_term(name), numbers(5)
    value = said(term, turn(critic, real, fake, whole, term=term))
    if name == "dragan":  # the deviation is the batch's own: the points are given instead
        points = around(turn(critic, real, fake, numbers(5)), 0.5)
        term.points = lambda play: play.real_x.detach()
        real = points
    parts = []
    for row in range(4):
        one = slice(row, row + 1)
        play = turn(critic, real[one], fake[one], Part(whole, row), term=term)
        parts.append(said(term, play))
    torch.testing.assert_close(value, torch.stack(parts).mean(), rtol=1e-10, atol=0)


@every
def test_a_constant_changes_nothing_and_pixels_have_no_order(
    name, draws, numbers, said, make_critic, turn
):
    critic, term = make_critic(6), ganzoo.get_term(name)
    real, fake = draws(4, 6), draws(4, 6, seed=1)
    value = said(term, turn(critic, real, fake, numbers(), term=term))
    if name != "js-reg":
        shifted = said(term, turn(lambda x: critic(x) + 3, real, fake, numbers(), term=term))
        torch.testing.assert_close(shifted, value, rtol=1e-9, atol=0)
    shaped = (real.reshape(4, 1, 2, 3), fake.reshape(4, 1, 2, 3))
    assert said(term, turn(critic, *shaped, numbers(), term=term)).item() == pytest.approx(
        value.item(), rel=1e-12
    )


@pytest.mark.parametrize("name", ["zero-gp", "max-gp", "r1r2", "approx-r1", "approx-r2"])
def test_zero_centred_penalties_grow_with_the_square(name, draws, numbers, said, make_critic, turn):
    critic, term, real = make_critic(), ganzoo.get_term(name), draws(4, 4)
    once = said(term, turn(critic, real, real, numbers(), term=term))
    thrice = said(term, turn(lambda x: 3 * critic(x), real, real, numbers(), term=term))
    torch.testing.assert_close(thrice, 9 * once, rtol=1e-10, atol=0)


@every
def test_patches_count_with_their_mean(name, draws, numbers, said, make_critic, turn):
    critic, term = make_critic(), ganzoo.get_term(name)
    real, fake = draws(4, 4), draws(4, 4, seed=1)
    value = said(term, turn(critic, real, fake, numbers(), term=term))

    def patches(x):
        return critic(x)[:, None, None, None] + torch.tensor([[-1.0, 1.0], [2.0, -2.0]]).double()

    many = said(term, turn(patches, real, fake, numbers(), term=term))
    torch.testing.assert_close(many, value, rtol=1e-9, atol=0)


def test_interpolates_of_unequal_batches_raise(draws, said, turn):
    play = turn(lambda x: x.sum(1), draws(4, 3), draws(5, 3))
    with pytest.raises(ganzoo.ShapeMismatch, match=r"\(4, 3\) and \(5, 3\)"):
        said(ganzoo.get_term("zero-gp"), play)


@every
def test_the_generator_gets_nothing(name, draws, make_critic):
    torch.manual_seed(0)  # in a loop of one's own terms draw from torch's stream; alp may hit none
    critic, theta = make_critic(), torch.ones((), dtype=torch.float64, requires_grad=True)
    objective = ganzoo.Objective(ganzoo.get_term(name))
    loss = objective.discriminator_loss(
        critic, real=draws(4, 4), fake=3 * theta * draws(4, 4, seed=1)
    )
    loss.backward()
    assert theta.grad is None
    assert sum(weight.grad.abs().sum() for weight in critic.weights if weight.grad is not None) > 0
    assert not objective.generator_loss(critic, fake=theta * draws(4, 4)).item()


@every
def test_a_lazy_penalty_is_as_strong_on_average(name, draws, numbers, said, make_critic, turn):
    critic, real, fake = make_critic(), draws(4, 4), draws(4, 4, seed=1)
    term, lazy = ganzoo.get_term(name), ganzoo.get_term(name)
    lazy.every = 4
    eager = said(term, turn(critic, real, fake, numbers(), term=term))
    objective, total = ganzoo.Objective(lazy), 0.0
    for step in range(8):
        play = turn(critic, real, fake, numbers(), term=term)
        total = total + objective.loss(play, objective.due(step))
    torch.testing.assert_close(total / 8, eager, rtol=1e-12, atol=0)


@every
def test_penalties_are_computed_outside_autocast(name, said, turn):
    generator = torch.Generator().manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(8, 64), torch.nn.Tanh(), torch.nn.Linear(64, 1))
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, generator=generator)
    x, y = (torch.randn(16, 8, generator=generator) for _ in range(2))
    base = ganzoo.get_loss("hinge")  # whose scores autocast rounds, and remembers
    values = []
    for enabled in (False, True):
        term, noise = ganzoo.get_term(name), ganzoo.Stream(0, "noise").seek(0)
        play = turn(net, x, y, noise, term=term)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
            said(base + term, play)
        (values_of,) = [v for k, v in play.log.items() if "/1-" in k]
        values.append(values_of.item())
    assert values[0] > 0
    assert values[1] == pytest.approx(values[0], rel=1e-6)


@pytest.mark.parametrize(
    ("name", "options", "word"),
    [
        ("mm-gp", {"norm": 3.0}, "norm=3.0: inf or 2 or 1"),
        ("div-gp", {"power": 1.0}, "power"),
        ("approx-r1", {"scale": 0.0}, "scale"),
        ("js-reg", {"final": 0.0}, "final"),
        ("js-reg", {"steps": -1}, "steps"),
        ("alp", {"iterations": 0}, "iteration"),
        ("alp", {"shortest": 2.0, "longest": 1.0}, "longest=1.0: at least 2"),
        ("alp", {"shortest": 0.0}, "shortest"),
        ("cr", {"shift": 0.6}, "shift"),
        ("cr", {"shift": -0.1}, "shift"),
        ("bcr", {"jitter": -0.1}, "jitter"),
        ("ct", {"dropout": 0.0}, "dropout"),
        ("ct", {"dropout": 1.0}, "dropout"),
        ("instance-noise", {"scale": -0.5}, "scale"),
        ("label-smoothing", {"target": 0.0}, "target"),
        ("label-smoothing", {"target": 1.5}, "target"),
        ("lecam", {"decay": -0.5}, "decay"),
        ("lecam", {"decay": 1.5}, "decay"),
        ("lecam", {"start": -1}, "start"),
        ("pacgan", {"samples": 0}, "samples"),
        ("path-length", {"decay": -0.5}, "decay"),
        ("path-length", {"decay": 1.5}, "decay"),
        ("path-length", {"shrink": 0}, "shrink"),
        ("top-k", {"share": 0.0}, "share"),
        ("top-k", {"share": 1.5}, "share"),
        ("top-k", {"steps": 0}, "steps"),
        ("unrolled", {"steps": 0}, "steps"),
        ("unrolled", {"rate": 0.0}, "rate"),
    ],
)
def test_bad_options_say_what_would_do(name, options, word):
    with pytest.raises(ganzoo.BadOption, match=word):
        ganzoo.get_term(name, **options)
    assert math.isinf(ganzoo.get_term("mm-gp").norm)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("alp", {"shortest": 2.0, "longest": 2.0, "iterations": 1}),
        ("div-gp", {"power": 1.5}),
        ("cr", {"shift": 0.5, "jitter": 0.0}),
        ("cr", {"shift": 0.0}),
        ("instance-noise", {"scale": 0.0, "steps": 0}),
        ("label-smoothing", {"target": 1.0}),
        ("lecam", {"decay": 0.0, "start": 0}),
        ("lecam", {"decay": 1.0}),
        ("pacgan", {"samples": 1}),
        ("path-length", {"decay": 0.0, "shrink": 1}),
        ("path-length", {"decay": 1.0}),
        ("top-k", {"share": 1.0, "steps": 1}),
        ("unrolled", {"steps": 1}),
    ],
)
def test_the_ends_of_a_range_belong_to_it(name, options):
    term = ganzoo.get_term(name, **options)
    assert {option: getattr(term, option) for option in options} == options
