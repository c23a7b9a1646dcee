"""What the losses declare and build, where no value shows it."""

from __future__ import annotations

import pytest

import ganzoo
from ganzoo_conditional.contragan import ContraGAN
from ganzoo_conditional.information import InfoGAN
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


@pytest.mark.parametrize("name", ["acgan", "tac-gan", "adc-gan", "contragan", "reacgan", "mhgan"])
def test_heads_are_blind_to_a_constant_in_the_scores(name):
    assert ganzoo.get_loss(name).terms[-1].traits.shift_invariant


def test_the_generator_of_mhgan_looks_at_means_of_a_batch():
    assert MultiHinge().traits.batch_coupled


def test_the_head_of_mhgan_has_a_place_for_generated_samples():
    term = MultiHinge().build(feature_dim=5, classes=3)
    assert (term.head.in_features, term.head.out_features) == (5, 4)


def test_q_has_a_leaky_layer_or_none():
    options = {"categories": (3, 2), "continuous": 2}
    first, leaky, last = InfoGAN(hidden=4, **options).build(feature_dim=5, classes=1).head
    assert (first.in_features, first.out_features) == (5, 4)
    assert leaky.negative_slope == 0.1
    assert (last.in_features, last.out_features) == (4, 7)
    (only,) = InfoGAN(hidden=0, unit_variance=False, **options).build(5, 1).head
    assert (only.in_features, only.out_features) == (5, 9)


def test_codes_may_weigh_as_little_as_nothing():
    assert InfoGAN(continuous_weight=0.0).continuous_weight == 0


@pytest.mark.parametrize("margin", [-1.0, -0.5, 1.0])
def test_a_margin_of_reacgan_may_be_any_cosine(margin):
    assert ganzoo.get_term("reacgan", margin=margin).margin == margin


def test_a_head_may_be_of_one_feature_and_one_class():
    head = ganzoo.get_term("acgan").build(feature_dim=1, classes=1).head
    assert head.in_features == 1


def test_an_embedding_may_be_of_one_element():
    assert ContraGAN(size=1).build(feature_dim=5, classes=3).head.embed.out_features == 1
    with pytest.raises(ganzoo.BadOption, match="size=0: at least 1"):
        ContraGAN(size=0)
