"""What discriminators say, and the loss that takes it as it is."""

from __future__ import annotations

import pytest
import torch

from ganzoo import DiscriminatorOutput, Incompatible
from ganzoo.terms import Wasserstein, each, features_of


def test_one_score_for_each_sample():
    patches = torch.arange(12.0).reshape(2, 1, 2, 3)
    assert each(patches).tolist() == [2.5, 8.5]
    scores = torch.ones(3)
    assert each(scores) is scores


def test_features_are_given_or_asked_for():
    score, features = torch.zeros(2), torch.ones(2, 3)
    assert features_of(DiscriminatorOutput(score, features)) is features
    with pytest.raises(Incompatible, match="this term reads features, and .* scores alone"):
        features_of(DiscriminatorOutput(score))
    with pytest.raises(Incompatible, match="ACGAN reads features"):
        features_of(DiscriminatorOutput(score), "ACGAN")
    maps = [torch.ones(2, 3, 4), torch.ones(2, 5)]
    with pytest.raises(Incompatible, match="found a list; of feature maps make one"):
        features_of(DiscriminatorOutput(score, maps))
    joined = torch.cat([each.flatten(1) for each in maps], 1)
    assert features_of(DiscriminatorOutput(score, joined)).shape == (2, 17)


def test_the_difference_of_means_is_a_zero_sum_that_a_constant_does_not_change():
    traits = Wasserstein().traits
    assert (traits.zero_sum, traits.shift_invariant, traits.orientation) == (True, True, 1)
