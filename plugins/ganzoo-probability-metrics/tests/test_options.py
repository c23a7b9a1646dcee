"""Options that cannot be, and what is chosen without any."""

from __future__ import annotations

import pytest

import ganzoo


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
        ("san", {"features": -1}, "how many"),
        ("san", {"base": "mmd-rbf"}, "needs features"),
    ],
)
def test_options_that_cannot_be_say_what_can(name, options, words):
    with pytest.raises(ganzoo.BadOption, match=words):
        ganzoo.get_loss(name, **options)


@pytest.mark.parametrize("name", ["fisher", "mcgan", "sinkhorn"])
def test_rmsprop_is_without_momentum(name):
    defaults = ganzoo.get_loss(name).defaults
    assert (defaults.optimizer, defaults.betas) == ("rmsprop", (0.0, 0.0))
