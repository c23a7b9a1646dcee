"""Portraits against the formulas, at the scores they are drawn at."""

import numpy as np
import pytest
import torch
from torch.nn.functional import softplus

from ganzoo import Objective, Term, get_loss
from ganzoo.compare.portrait import AXIS, portray
from ganzoo.registry import default_registry

S = np.array(AXIS)
SOFT = np.log1p(np.exp(-np.abs(S))) + np.maximum(S, 0)  # softplus
SIGMOID = 1 / (1 + np.exp(-S))


def portrait_of(objective, name="minimax"):
    return portray(objective, default_registry().find("losses", name))


@pytest.mark.parametrize(
    ("name", "real", "fake", "generator", "gradient"),
    [
        ("minimax", SOFT - S, SOFT, -SOFT, -SIGMOID),
        ("nonsaturating", SOFT - S, SOFT, SOFT - S, SIGMOID - 1),
        ("lsgan", (S - 1) ** 2 / 2, S**2 / 2, (S - 1) ** 2 / 2, S - 1),
        ("hinge", np.maximum(1 - S, 0), np.maximum(1 + S, 0), -S, -np.ones_like(S)),
        # No least value, so that the two parts are taken to be equal at 0.
        ("wgan", -S, S, -S, -np.ones_like(S)),
        ("wgan-gp", -S, S, -S, -np.ones_like(S)),
    ],
)
def test_the_curves_are_the_formulas(name, real, fake, generator, gradient):
    found = portrait_of(get_loss(name), name)
    assert found.score == AXIS
    columns = (
        found.discriminator_real,
        found.discriminator_fake,
        found.generator,
        found.generator_gradient,
    )
    for column, expected in zip(columns, (real, fake, generator, gradient), strict=True):
        np.testing.assert_allclose(column, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("add", ["r1(gamma=10, every=16)", "r2", "gp", "clip", "spectral-norm"])
def test_a_regulariser_leaves_no_trace_in_the_picture(add):
    assert portrait_of(get_loss("hinge", add=add)) == portrait_of(get_loss("hinge"))


def test_the_words_are_the_registrys():
    found = portrait_of(get_loss("lsgan"), "lsgan")
    entry = default_registry().find("losses", "lsgan").entry
    assert (found.title, found.summary) == ("lsgan", entry.summary)
    assert (found.paper, found.year, found.family) == (entry.paper, entry.year, entry.family)
    assert "L_D" in found.formulas


def test_a_loss_on_pairs_is_drawn_with_the_other_score_at_zero():
    class Paired(Term):
        def discriminator(self, play):
            return softplus(play.fake.score - play.real.score).mean()

        def generator(self, play):
            return softplus(play.real.score - play.fake.score).mean()

    found = portrait_of(Objective(Paired()))
    np.testing.assert_allclose(found.discriminator_real, SOFT - S, atol=1e-5)
    np.testing.assert_allclose(found.discriminator_fake, SOFT, atol=1e-5)
    np.testing.assert_allclose(found.generator, SOFT - S, atol=1e-5)


def test_an_objective_of_other_things_than_scores_keeps_its_words_and_has_no_curves():
    class Features(Term):
        needs = frozenset({"features"})

    class Greedy(Term):
        def discriminator(self, play):
            return play.code[0].mean()

    class Labelled(Term):
        conditional = True

    found = portrait_of(Objective(Features(), Greedy(), Labelled()))
    assert found.score == found.generator == found.discriminator_real == ()
    assert found.title == "minimax"


def test_terms_that_cannot_be_drawn_leave_the_others_alone():
    class Features(Term):
        needs = frozenset({"score", "features"})

        def generator(self, play):
            return play.fake.features.mean()

    assert (
        portrait_of(get_loss("hinge") + Features()).generator
        == portrait_of(get_loss("hinge")).generator
    )


def test_a_column_that_overflows_is_left_out():
    class Steep(Term):
        def discriminator(self, play):
            return (play.fake.score - play.real.score).mean()

        def generator(self, play):
            return (200 * play.fake.score).exp().mean()

    found = portrait_of(Objective(Steep()))
    assert found.generator == ()
    assert len(found.discriminator_fake) == len(AXIS)


def test_a_loss_that_has_no_value_at_zero_has_the_curves_that_are_numbers():
    # its scale is the mean norm of the real samples, here 0
    found = portrait_of(get_loss("bwgan"), "bwgan")
    assert found.discriminator_real == ()
    np.testing.assert_allclose(found.generator, -S, atol=1e-5)


def test_a_noisy_term_is_drawn_as_a_curve_and_takes_nobody_elses_numbers():
    class Noisy(Term):
        def discriminator(self, play):
            return play.fake.score.mean() + play.normal(1).mean()

        def generator(self, play):
            return -play.fake.score.mean() + play.normal(1).mean()

    state = torch.random.get_rng_state()
    found = portrait_of(Objective(Noisy()))
    assert torch.equal(torch.random.get_rng_state(), state)
    np.testing.assert_allclose(np.diff(found.generator), -0.1, atol=1e-4)
