"""The pull-away term: reference values, and what holds for any features."""

from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo_energy.pull_away import PullAway, pull_away


def features(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def test_value_and_gradient_are_the_reference(reference):
    wanted = reference["pull-away"]
    h = torch.tensor(wanted["inputs"]["embeddings"], dtype=torch.float64, requires_grad=True)
    value = pull_away(h)
    assert value.item() == pytest.approx(wanted["value"], rel=1e-10)
    (gradient,) = torch.autograd.grad(value, h)
    expected = torch.tensor(wanted["grads"]["embeddings"], dtype=torch.float64)
    torch.testing.assert_close(gradient, expected, rtol=1e-10, atol=1e-14)
    for mistake, other in wanted["common_mistakes"].items():
        assert abs(value.item() - other) > 1e-2, mistake


def test_orthogonal_rows_give_0_and_parallel_ones_1():
    rows = torch.linalg.qr(features(6, 6)).Q[:4]
    assert pull_away(rows).item() == pytest.approx(0.0, abs=1e-12)
    assert pull_away(features(1, 6).expand(4, 6)).item() == pytest.approx(1.0)
    # opposite features are as alike as equal ones: the cosine is squared
    assert pull_away(torch.stack([rows[0], -rows[0]])).item() == pytest.approx(1.0)


def test_the_length_of_a_row_does_not_matter():
    h, lengths = features(5, 3), features(5, 1, seed=1).abs() + 0.1
    torch.testing.assert_close(pull_away(h * lengths), pull_away(h), rtol=1e-12, atol=0)


def test_the_order_of_samples_does_not_matter():
    h = features(5, 3)
    torch.testing.assert_close(pull_away(h.flip(0)), pull_away(h), rtol=1e-12, atol=0)


def test_a_row_of_zeros_has_no_direction_and_a_finite_gradient():
    h = torch.cat([torch.zeros(1, 3, dtype=torch.float64), features(2, 3)]).requires_grad_()
    value = pull_away(h)
    (gradient,) = torch.autograd.grad(value, h)
    assert value.isfinite()
    assert gradient.isfinite().all()


def test_half_precision_is_computed_in_float32():
    h = features(8, 4).to(torch.bfloat16)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        value = pull_away(h)
    assert value.dtype == torch.float32
    torch.testing.assert_close(value, pull_away(h.float()), rtol=1e-6, atol=0)


@pytest.mark.parametrize("shape", [(1, 4), (4,), (4, 2, 2)])
def test_what_cannot_be_compared_raises(shape):
    with pytest.raises(ganzoo.ShapeMismatch, match="2 or more"):
        pull_away(torch.zeros(shape))


def judge(x):
    return ganzoo.DiscriminatorOutput(x.sum(1), features=x)


def test_it_goes_with_any_loss_and_speaks_to_the_generator_alone():
    bare, more = ganzoo.get_loss("hinge"), ganzoo.get_loss("hinge", add="pull-away(weight=0.5)")
    real, fake = features(5, 3), features(5, 3, seed=1)
    assert more.needs == {"score", "features"}
    d = [loss.discriminator_loss(judge, real, fake) for loss in (bare, more)]
    assert d[0] == d[1]
    g = [loss.generator_loss(judge, fake) for loss in (bare, more)]
    torch.testing.assert_close(g[1] - g[0], 0.5 * pull_away(fake), rtol=1e-12, atol=0)


def test_a_discriminator_without_features_is_told_what_is_missing():
    loss = ganzoo.get_loss("hinge", add="pull-away")
    with pytest.raises(ganzoo.Incompatible, match="features"):
        loss.generator_loss(lambda x: x.sum(1), fake=features(5, 3))


def test_in_ebgan_it_is_weighed_and_can_be_left_out():
    def autoencoder(x):
        return ganzoo.DiscriminatorOutput(x.sum(1), features=x, reconstruction=x / 2)

    fake = features(5, 3)
    values = {
        weight: ganzoo.get_loss("ebgan", pull_away=weight).generator_loss(autoencoder, fake)
        for weight in (0.0, 0.1, 1.0)
    }
    for weight, value in values.items():
        expected = values[0.0] + weight * pull_away(fake)
        torch.testing.assert_close(value, expected, rtol=1e-12, atol=0)
    assert "features" not in ganzoo.get_loss("ebgan", pull_away=0.0).needs
    with pytest.raises(ganzoo.BadOption, match="0 or more"):
        ganzoo.get_loss("ebgan", pull_away=-0.1)


def test_it_weighs_a_tenth_unless_told_otherwise():
    term = ganzoo.get_term("pull-away")
    assert term.weight.item() == pytest.approx(0.1)
    assert PullAway().weight == term.weight


def test_a_loss_with_it_compares_at_least_two_samples():
    assert ganzoo.get_loss("ebgan").traits.minimum == 2
    assert ganzoo.get_loss("ebgan", pull_away=0).traits.minimum == 1
