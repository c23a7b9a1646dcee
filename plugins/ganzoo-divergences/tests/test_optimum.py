"""Theory on four atoms: the best discriminator, what it is worth, and what its generator
descends.
"""

from __future__ import annotations

import math

import pytest
import torch

import ganzoo


def kl(p, q):
    return (p * (p / q).log()).sum()


def jsd(p, q, pi=0.5):
    m = pi * p + (1 - pi) * q
    return pi * kl(p, m) + (1 - pi) * kl(q, m)


def hellinger(p, q):
    return (p.sqrt() - q.sqrt()).square().sum()


def variation(p, q):
    return (p - q).abs().sum() / 2


def triangular(p, q):
    return ((p - q).square() / (p + q)).sum()


def amari(p, q, alpha):
    if alpha in (0, 1):
        return kl(p, q) if alpha else kl(q, p)
    return ((p**alpha * q ** (1 - alpha)).sum() - 1) / (alpha * (alpha - 1))


def renyi(p, q, order):
    return (p**order * q ** (1 - order)).sum().log() / (order - 1)


def arimoto_loss(p, q, alpha):
    if alpha == 1:
        return 2 * math.log(2) - 2 * jsd(p, q)
    if math.isinf(alpha):
        return 1 - variation(p, q)
    return alpha / (alpha - 1) * (2 - ((p**alpha + q**alpha) ** (1 / alpha)).sum())


def alpha_scores(p, q, alpha):
    u = p / q
    if alpha == 1:
        return u.log()
    if alpha > 1:
        return (u ** (alpha - 1) - 1) / (alpha - 1)
    return -torch.expm1(u ** (alpha - 1) / (1 - alpha)).log()


def weighted_scores(p, q, pi):
    return (pi * p / (pi * p + (1 - pi) * q)).pow(pi).logit()


WORTH = [  # name, options, the optimal scores, L_D there
    ("fgan-kl", {}, lambda p, q: 1 + (p / q).log(), lambda p, q: -kl(p, q)),
    ("fgan-rkl", {}, lambda p, q: (p / q).log(), lambda p, q: -kl(q, p)),
    (
        "fgan-jeffreys",
        {},
        lambda p, q: 1 + (p / q).log() - q / p,
        lambda p, q: -kl(p, q) - kl(q, p),
    ),
    ("fgan-js", {}, lambda p, q: (p / q).log(), lambda p, q: -2 * jsd(p, q)),
    ("fgan-gan", {}, lambda p, q: (p / q).log(), lambda p, q: 2 * math.log(2) - 2 * jsd(p, q)),
    ("fgan-pearson", {}, lambda p, q: 2 * (p / q - 1), lambda p, q: -((p - q) ** 2 / q).sum()),
    (
        *("fgan-pearson", {"exact": True}, lambda p, q: 2 * (p / q - 1)),
        lambda p, q: -((p - q) ** 2 / q).sum(),
    ),
    ("fgan-neyman", {}, lambda p, q: 2 * (p / q).log(), lambda p, q: -((p - q) ** 2 / p).sum()),
    ("fgan-triangular", {}, lambda p, q: (p / q).log(), lambda p, q: -triangular(p, q)),
    ("fgan-tv", {}, lambda p, q: 60 * (p - q).sign(), lambda p, q: -variation(p, q)),
    ("fgan-hellinger", {}, lambda p, q: (p / q).log() / 2, lambda p, q: -hellinger(p, q)),
    *[
        (
            *("fgan-alpha", {"alpha": a}, lambda p, q, a=a: alpha_scores(p, q, a)),
            lambda p, q, a=a: -amari(p, q, a),
        )
        for a in (-1.0, 0.0, 0.3, 0.5, 0.9, 1.0, 1.2, 2.0, 3.5)
    ],
    *[
        (
            *("fgan-js-weighted", {"pi": w}, lambda p, q, w=w: weighted_scores(p, q, w)),
            lambda p, q, w=w: -jsd(p, q, w),
        )
        for w in (0.05, 0.3, 0.5, 0.9)
    ],
    ("kl-dv", {}, lambda p, q: (p / q).log() + 3, lambda p, q: -kl(p, q)),
    *[
        (
            *("cumulant", {"beta": b, "gamma": g}, lambda p, q, s=b + g: (p / q).log() / s - 2),
            lambda p, q, b=b, g=g: -renyi(p, q, g / (b + g)) / g,
        )
        for b, g in ((0.5, 0.5), (1.0, 0.25), (0.2, 2.0), (-0.5, 2.0))
    ],
    (
        *("cumulant", {"beta": 1.0, "gamma": 0.0}, lambda p, q: (p / q).log()),
        lambda p, q: -kl(q, p),
    ),
    *[
        (
            *("alpha-loss", {"alpha": a}, lambda p, q, a=a: a * (p / q).log()),
            lambda p, q, a=a: arimoto_loss(p, q, a),
        )
        for a in (0.5, 0.8, 1.0, 2.0, 5.0)
    ],
    (
        *("alpha-loss", {"alpha": math.inf}, lambda p, q: 60 * (p - q).sign()),
        lambda p, q: arimoto_loss(p, q, math.inf),
    ),
    ("bgan", {}, lambda p, q: (p / q).log(), lambda p, q: 2 * math.log(2) - 2 * jsd(p, q)),
    ("renyigan", {}, lambda p, q: (p / q).log(), lambda p, q: 2 * math.log(2) - 2 * jsd(p, q)),
    ("lkgan", {}, lambda p, q: p / (p + q), lambda p, q: (2 - triangular(p, q)) / 8),
    (
        *("softmax-gan", {}, lambda p, q: (p / (p + q)).log() - 4),
        lambda p, q: math.log(40) - kl(p, (p + q) / 2),
    ),
]
every_worth = pytest.mark.parametrize(("name", "options", "scores", "worth"), WORTH)
SLOPING = [row for row in WORTH if row[0] != "fgan-tv" and row[1].get("alpha") != math.inf]


@every_worth
def test_closed_form_of_the_optimum(laws, value_at, name, options, scores, worth):
    found = value_at(name, scores(*laws), **options)
    assert found == pytest.approx(worth(*laws).item(), rel=1e-10)


@every_worth
def test_no_other_discriminator_does_better(laws, value_at, name, options, scores, worth):
    best, loss = scores(*laws), ganzoo.get_loss(name, **options)
    least = value_at(loss, best)
    draws = torch.randn(50, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    moved = [value_at(loss, best + scale * draw) for scale in (1e-3, 1.0) for draw in draws]
    elsewhere = [value_at(loss, 3 * draw) for draw in draws]
    assert min(moved) >= least - 1e-12
    assert min(elsewhere) > least


@pytest.mark.parametrize("generator", ["saturating", "nonsaturating"])
@pytest.mark.parametrize(("name", "options", "scores", "worth"), SLOPING)
def test_optimal_scores_tell_the_probability(laws, name, options, scores, worth, generator):
    if name.startswith("fgan") or name == "alpha-loss":  # the others have one generator
        options = {**options, "generator": generator}
    loss = ganzoo.get_loss(name, **options)
    p, q = laws
    found = loss.probability(scores(p, q))
    if name in ("kl-dv", "cumulant", "softmax-gan"):  # they leave a constant open
        assert found is None
    else:
        torch.testing.assert_close(found, p / (p + q), rtol=1e-9, atol=0)


FOLLOWED = [row for row in WORTH if row[0].startswith("fgan") or row[0] in ("alpha-loss", "kl-dv")]


@pytest.mark.parametrize(("name", "options", "scores", "worth"), FOLLOWED)
def test_the_saturating_generator_follows_the_divergence(
    laws, slopes, name, options, scores, worth
):
    loss = ganzoo.get_loss(name, **options)
    rate = 1.0 if name == "kl-dv" else 0.0
    found, wanted = slopes(loss, scores(*laws).detach(), lambda p, q: -worth(p, q), rate=rate)
    torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("beta", "gamma"), [(0.5, 0.5), (1.0, 0.25), (0.0, 2.0)])
def test_cumulant_follows_renyi(laws, slopes, beta, gamma):
    p, q = laws
    loss = ganzoo.get_loss("cumulant", beta=beta, gamma=gamma)

    def worth(p, q):
        return (renyi(p, q, gamma / (beta + gamma)) if beta else kl(p, q)) / gamma

    found, wanted = slopes(loss, (p / q).log() / (beta + gamma), worth, rate=gamma)
    torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-12)


def test_the_nonsaturating_gan_follows_reverse_kl_less_twice_jsd(laws, slopes):
    p, q = laws
    loss = ganzoo.get_loss("fgan-gan", generator="nonsaturating")
    found, wanted = slopes(loss, (p / q).log(), lambda p, q: kl(q, p) - 2 * jsd(p, q))
    torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("alpha", [0.4, 0.999999, 2.0, 3.0])
def test_renyigan_is_worth_twice_the_jensen_renyi_divergence(laws, value_at, alpha):
    p, q = laws
    fake = value_at("renyigan", (p / q).log(), "generator", alpha=alpha)
    # real samples' part is that of swapped laws and negated logits
    real = value_at("renyigan", (q / p).log(), "generator", laws="qp", alpha=alpha)
    m = (p + q) / 2
    wanted = renyi(p, m, alpha) + renyi(q, m, alpha) - 2 * math.log(2)
    assert fake + real == pytest.approx(wanted.item(), rel=1e-8)


@pytest.mark.parametrize("k", [1.0, 2.0, 3.0])
def test_lkgan_over_both_laws_is_the_pearson_vajda_divergence(laws, value_at, k):
    p, q = laws
    loss = ganzoo.get_loss("lkgan", a=-1, b=1, c=0, k=k)
    best = (p - q) / (p + q)
    found = sum(value_at(loss, best, "generator", laws=order) for order in ("pq", "qp"))
    wanted = ((p - q).abs() ** k / (p + q) ** (k - 1)).sum()
    assert found == pytest.approx(wanted.item(), rel=1e-10)
