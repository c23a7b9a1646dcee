"""What the losses declare and build, where no value shows it."""

from __future__ import annotations

import pytest

import ganzoo
from ganzoo_conditional.contragan import ContraGAN
from ganzoo_conditional.multihinge import MultiHinge


@pytest.mark.parametrize(
    ("options", "growth"),
    [
        ({}, "linear"),
        ({"unit_variance": False}, "exponential"),
        ({"unit_variance": False, "continuous": 0}, "linear"),
    ],
    ids=str,
)
def test_infogan_is_exponential_where_a_variance_is_learned(options, growth):
    assert ganzoo.get_loss("infogan", **options).traits.growth == growth


def test_the_head_of_mhgan_has_a_place_for_generated_samples():
    term = MultiHinge().build(feature_dim=5, classes=3)
    assert (term.head.in_features, term.head.out_features) == (5, 4)


def test_an_embedding_may_be_of_one_element():
    assert ContraGAN(size=1).build(feature_dim=5, classes=3).head.embed.out_features == 1
    with pytest.raises(ganzoo.BadOption, match="size=0: at least 1"):
        ContraGAN(size=0)
