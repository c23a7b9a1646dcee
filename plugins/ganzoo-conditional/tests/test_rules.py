"""Limits, symmetries and optima that the formulas promise."""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo
from ganzoo_conditional.contragan import conditional_contrast
from ganzoo_conditional.multihinge import multi_hinge
from ganzoo_conditional.reacgan import data_to_data

TERMS = ["acgan", "tac-gan", "adc-gan", "contragan", "reacgan"]
PLAYERS = ["discriminator", "generator"]
LABELS = torch.tensor([0, 1, 2, 0, 1, 0])


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def built(name, classes=3, **options):
    torch.manual_seed(0)
    return ganzoo.get_term(name, **options).build(5, classes).double()


@pytest.mark.parametrize("player", PLAYERS)
@pytest.mark.parametrize("name", TERMS)
def test_other_names_for_the_classes_change_nothing(name, player, played):
    term, real, fake = built(name), numbers(6, 5), numbers(6, 5, seed=1)
    before = getattr(term, player)(played(player, real, fake, LABELS))
    order = torch.tensor([2, 0, 1])
    with torch.no_grad():
        for key, parameter in term.head.named_parameters():
            if key.startswith("embed"):
                continue
            moved = parameter.unflatten(0, (-1, 3)).clone()
            moved[:, order] = parameter.unflatten(0, (-1, 3))
            parameter.copy_(moved.flatten(0, 1))
    after = getattr(term, player)(played(player, real, fake, order[LABELS]))
    torch.testing.assert_close(after, before, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("player", PLAYERS)
@pytest.mark.parametrize("name", TERMS)
def test_the_order_of_samples_does_not_matter(name, player, played):
    term, real, fake = built(name), numbers(6, 5), numbers(6, 5, seed=1)
    order = torch.tensor([3, 1, 5, 0, 2, 4])
    before = getattr(term, player)(played(player, real, fake, LABELS))
    after = getattr(term, player)(played(player, real[order], fake[order], LABELS[order]))
    torch.testing.assert_close(after, before, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("player", PLAYERS)
@pytest.mark.parametrize("name", TERMS)
def test_first_derivatives(name, player, played):
    # softer margins than the usual, away from the corners
    options = {"margin": 0.9} if name == "reacgan" else {}
    term = built(name, **options)
    real, fake = (numbers(6, 5, seed=s).requires_grad_() for s in (0, 1))

    def value(real, fake):
        return getattr(term, player)(played(player, real, fake, LABELS))

    assert torch.autograd.gradcheck(value, (real, fake))


def test_one_class_leaves_2c_nothing_to_say():
    embedded, labels = numbers(6, 5), torch.zeros(6, dtype=torch.int64)
    value = conditional_contrast(embedded, numbers(6, 5, seed=1), labels, 0.3)
    assert value.item() == pytest.approx(0, abs=1e-14)


def test_one_class_leaves_d2d_ce_nothing_to_say():
    labels = torch.zeros(6, dtype=torch.int64)
    assert data_to_data(numbers(6, 5), numbers(6, 5, seed=1), labels, 0.3, 0.98).item() == 0


def test_perfect_clusters_reach_the_least_d2d_ce():
    """Every proxy near enough, all others far enough: log(1 + number of negatives)."""
    proxies = torch.eye(3, dtype=torch.float64)[LABELS]
    embedded = (2 * proxies).requires_grad_()
    value = data_to_data(embedded, proxies, LABELS, 0.3, 0.98)
    negatives = (LABELS[:, None] != LABELS).sum(1).double()
    assert value.item() == pytest.approx(negatives.log1p().mean().item(), rel=1e-14)
    (gradient,) = torch.autograd.grad(value, embedded)
    assert gradient.abs().max() == 0


def test_perfect_clusters_reach_the_least_2c():
    """Opposite clusters of two classes: all that is left is e^(-2/t) of the others."""
    labels = torch.tensor([0, 0, 1, 1])
    embedded = torch.tensor([[1.0], [1.0], [-1.0], [-1.0]], dtype=torch.float64)
    value = conditional_contrast(embedded, embedded, labels, 0.5)
    assert value.item() == pytest.approx(math.log1p(math.exp(-4)), rel=1e-12)
    for seed in range(20):
        moved = embedded + 0.5 * numbers(4, 1, seed=seed)
        assert conditional_contrast(moved, moved, labels, 0.5) >= value - 1e-12


@pytest.mark.parametrize("loss", [conditional_contrast, data_to_data])
def test_cosines_know_no_length(loss):
    more = (0.5,) if loss is conditional_contrast else (0.5, 0.98)
    embedded, proxies = numbers(6, 5), numbers(6, 5, seed=1)
    value = loss(embedded, proxies, LABELS, *more)
    torch.testing.assert_close(loss(3 * embedded, proxies / 7, LABELS, *more), value)


def joint(seed):
    """A law over four places and three classes, ``(4, 3)``."""
    return numbers(4, 3, seed=seed).exp() / numbers(4, 3, seed=seed).exp().sum()


def drawn(law, count=2000):
    """Places and classes in the proportions of a law, to a part in ``count``."""
    each = (law * count).round().long().flatten()
    cells = torch.arange(12).repeat_interleave(each)
    return cells // 3, cells % 3


def test_the_generator_of_adc_gan_meets_the_divergence_of_the_joint_laws(played, bare):
    p, q = joint(0), joint(1)
    place, label = drawn(q)
    features = torch.cat([p.log(), q.log()], 1)[place]  # the best classifier's, but a constant
    value = bare(ganzoo.get_term("adc-gan")).generator(
        played("generator", features, features, label)
    )
    assert value.item() == pytest.approx((q * (q / p).log()).sum().item(), rel=0.01)


def test_the_generator_of_tac_gan_meets_the_divergence_of_the_labels(played, bare):
    p, q = joint(0), joint(1)
    place, label = drawn(q)
    features = torch.cat([p.log(), q.log()], 1)[place]
    value = bare(ganzoo.get_term("tac-gan")).generator(
        played("generator", features, features, label)
    )
    of_p, of_q = (law / law.sum(1, keepdim=True) for law in (p, q))
    assert value.item() == pytest.approx((q * (of_q / of_p).log()).sum().item(), rel=0.01)


def test_equal_twins_leave_the_generator_alone(played, bare):
    twin = numbers(6, 3)
    features = torch.cat([twin, twin], 1)
    play = played("generator", features, features, LABELS)
    assert bare(ganzoo.get_term("tac-gan")).generator(play).item() == 0


def test_real_only_leaves_the_generated_samples_out(played, bare):
    real, fake = numbers(6, 3), numbers(6, 3, seed=1).requires_grad_()
    play = played("discriminator", real, fake, LABELS)
    value = bare(ganzoo.get_term("acgan", real_only=True)).discriminator(play)
    assert value == torch.nn.functional.cross_entropy(real, LABELS)
    both, doubled = torch.cat([real, real], 1), torch.cat([fake, fake], 1)
    play = played("discriminator", both, doubled, LABELS)
    expected = sum(torch.nn.functional.cross_entropy(x, LABELS) for x in (real, fake))
    value = bare(ganzoo.get_term("tac-gan", real_only=True)).discriminator(play)
    torch.testing.assert_close(value, expected)


def test_accuracy_is_logged(played, bare):
    right = torch.eye(3, dtype=torch.float64)[LABELS]
    play = played("discriminator", right, -right, LABELS)
    bare(ganzoo.get_term("acgan")).discriminator(play)
    assert (play.log["accuracy/real"], play.log["accuracy/fake"]) == (1, 0)


def test_the_multi_hinge_of_equal_logits_and_of_sure_ones():
    logits = torch.zeros(6, 4, dtype=torch.float64)
    assert multi_hinge(logits, LABELS).item() == 1
    sure = torch.eye(4, dtype=torch.float64)[LABELS]
    assert multi_hinge(sure, LABELS).item() == 0
    assert multi_hinge(0.25 * sure, LABELS).item() == 0.75


def test_mhgan_matches_features_in_the_mean(played, bare):
    (term,) = ganzoo.get_loss("mhgan", generator_weight=0.0).terms
    real, fake = numbers(6, 4), numbers(6, 4, seed=1)
    value = bare(term).generator(played("generator", real, fake, LABELS))
    torch.testing.assert_close(value, (real.mean(0) - fake.mean(0)).abs().mean())


def test_the_score_of_mhgan_is_the_margin_over_generated(played, bare):
    objective = ganzoo.get_loss("mhgan")
    bare(objective.terms[0])
    logits = numbers(6, 4)
    play = played("discriminator", logits, logits, LABELS)
    objective.loss(play, (0,))
    wanted = logits[torch.arange(6), LABELS] - logits[:, 3]
    torch.testing.assert_close(play.real.score, wanted)
    torch.testing.assert_close(play.judge(torch.arange(2.0)).score, wanted[:2])


def test_the_information_bound_is_that_of_the_code(played, bare):
    """Q that knows the code says log 10, Q that knows nothing 0 nats."""
    term = bare(ganzoo.get_term("infogan", continuous=0))
    term.prior = ganzoo.WithCode(ganzoo.Normal(0), categories=(10,))
    z = torch.eye(10, dtype=torch.float64)
    for sharpness, known in ((0.0, 0.0), (1e3, math.log(10))):
        play = played("generator", sharpness * z, sharpness * z, z=z)
        value = term.generator(play)
        assert value.item() == pytest.approx(math.log(10) - known, abs=1e-12)
        assert play.log["information"].item() == pytest.approx(known, abs=1e-12)


def test_a_unit_variance_is_half_a_square(played, bare):
    term = bare(ganzoo.get_term("infogan", categories=()))
    term.prior = ganzoo.WithCode(ganzoo.Normal(0), continuous=2)
    z, mean = numbers(6, 2), numbers(6, 2, seed=1)
    value = term.generator(played("generator", mean, mean, z=z))
    expected = (z - mean).square().sum(1).mean() / 2 + math.log(2 * math.pi)
    torch.testing.assert_close(value, expected)
