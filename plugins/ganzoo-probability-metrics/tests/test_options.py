"""Options that cannot be, and what is chosen without any."""

from __future__ import annotations

import pytest

import ganzoo
from ganzoo_probability_metrics.multipliers import Fisher, Sobolev


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("wgan-div", {"points": "some"}, "'interpolates' or 'both'"),
        ("wgan-div", {"power": 1.0}, "above 1"),
        ("fisher", {"rho": 0.0}, "above 0"),
        ("bwgan", {"order": 0.5}, "at least 1"),
        ("bwgan", {"scale": 0.0}, "above 0"),
        ("smmd", {"slope_weight": -1.0}, "0 or more"),
        ("mmd-rbf", {"sigmas": ()}, "at least one"),
        ("mmd-rbf", {"sigmas": (1.0, 0.0)}, "above 0"),
        ("mmd-rq", {"alphas": (1.0, -1.0)}, "above 0"),
        ("mmd-repulsive", {"sigma": 0.0}, "above 0"),
        ("sphere", {"moments": 0}, "at least 1"),
        ("gan-qp", {"scale": 0.0}, "above 0"),
        ("loss-sensitive", {"slope": 2.0}, "at most 1"),
        ("coulomb", {"epsilon": 0.0}, "above 0"),
        ("coulomb", {"power": 0.0}, "above 0"),
        ("sinkhorn", {"cost": "taxi"}, "'cosine' or 'euclidean' or 'squared'"),
        ("ot-gan", {"epsilon": 0.0}, "above 0"),
        ("uotm", {"entropy": "js"}, "'kl', 'chi2', 'softplus'"),
        ("uotm", {"cost": -1.0}, "0 or more"),
        ("mcgan", {"match": "all"}, "'mean', 'covariance' or 'both'"),
        ("mcgan", {"order": 0.0}, "at least 1"),
        ("mcgan", {"components": 0}, "at least 1"),
        ("sinkhorn", {"iterations": 0}, "at least 1"),
        ("loss-sensitive", {"margin": -0.5}, "at least 0"),
        ("mmd-repulsive-bounded", {"lower": -0.5}, "at least 0"),
        ("mmd-repulsive-bounded", {"upper": 0.0}, "above 0"),
        ("san", {"features": -1}, "how many"),
        ("san", {"base": "mmd-rbf"}, "needs features"),
    ],
)
def test_options_that_cannot_be_say_what_can(name, options, words):
    with pytest.raises(ganzoo.BadOption, match=words):
        ganzoo.get_loss(name, **options)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("sinkhorn", {"iterations": 1}),
        ("loss-sensitive", {"margin": 0.0}),
        ("mmd-repulsive-bounded", {"lower": 0.0, "upper": 0.5}),
        ("wgan-div", {"power": 1.5}),
    ],
)
def test_the_ends_of_a_range_belong_to_it(name, options):
    terms = ganzoo.get_loss(name, **options).terms
    for option, value in options.items():
        assert value in [getattr(term, option, None) for term in terms]


def test_a_multiplier_starts_at_0():
    assert [made.multiplier.item() for made in (Fisher(rho=1.0), Sobolev(rho=1.0))] == [0, 0]


def test_what_no_constant_changes():
    """Of losses that compare scores, or look at their slopes."""
    assert ganzoo.get_loss("sobolev").traits.shift_invariant
    assert ganzoo.get_loss("sobolev").traits.batch_coupled
    assert ganzoo.get_loss("gan-qp").traits.shift_invariant


@pytest.mark.parametrize("name", ["fisher", "mcgan", "sinkhorn"])
def test_rmsprop_is_without_momentum(name):
    defaults = ganzoo.get_loss(name).defaults
    assert (defaults.optimizer, defaults.betas) == ("rmsprop", (0.0, 0.0))
