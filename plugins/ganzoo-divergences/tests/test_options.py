"""Options that cannot be."""

from __future__ import annotations

import math

import pytest

import ganzoo

REGISTERED = ganzoo.registry.entries("losses")
F_GANS = [each.entry.name for each in REGISTERED if each.entry.family == "f-gan"]


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        *[(name, {"generator": "no"}, "'saturating'.*'nonsaturating'") for name in F_GANS],
        ("alpha-loss", {"generator": "no"}, "'saturating'.*'nonsaturating'"),
        *[("fgan-js-weighted", {"pi": pi}, "above 0 and below 1") for pi in (0, 1, -1, math.nan)],
        *[("fgan-alpha", {"alpha": a}, "finite") for a in (math.inf, math.nan)],
        *[("alpha-loss", {"alpha": a}, "above 0") for a in (0, -1, math.nan)],
        ("alpha-loss", {"generator_alpha": 0}, "generator_alpha=0"),
        *[("renyigan", {"alpha": a}, "above 0") for a in (0, math.inf)],
        *[("lkgan", {"k": k}, "1 or more") for k in (0.5, math.inf)],
        ("lkgan", {"a": 1, "b": 1}, "different codes"),
        ("cumulant", {"beta": math.inf}, "beta=inf"),
        ("cumulant", {"gamma": math.nan}, "gamma=nan"),
        ("d2gan", {"alpha": 0}, "alpha=0"),
        ("realness", {"outcomes": 1}, "at least 2"),
        ("realness", {"generator": "no"}, "'relativistic' or 'anchor'"),
        ("realness", {"anchor_real": [0.5, 0.5]}, "both, or neither"),
        *[
            ("realness", {"anchor_real": [0.5, 0.5], "anchor_fake": other}, "two different lists")
            for other in ([0.5, 0.5], [0.5, 0.25, 0.25], [0.5, 0.6], [1.5, -0.5])
        ],
    ],
)
def test_bad_options_say_what_would_do(name, options, said):
    with pytest.raises(ganzoo.BadOption, match=said):
        ganzoo.get_loss(name, **options)
