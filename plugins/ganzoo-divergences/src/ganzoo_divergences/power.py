"""f-GANs of power divergences: alpha, and squared Hellinger."""

from __future__ import annotations

import math
from functools import partial
from typing import Literal

import torch
from torch import Tensor

import ganzoo
from ganzoo_divergences.entropy import identity
from ganzoo_divergences.fgan import Divergence, fgan
from ganzoo_divergences.growth import of_power
from ganzoo_divergences.stable import log_softplus, softplus

__all__ = ["fgan_alpha", "fgan_hellinger"]


def _hellinger_activation(score: Tensor) -> Tensor:
    return -torch.expm1(-score)


def _twice(score: Tensor) -> Tensor:
    return 2 * score


_HELLINGER = Divergence(
    "squared Hellinger",
    _hellinger_activation,
    torch.expm1,
    _twice,
    ganzoo.Traits(growth="exponential"),
)


def fgan_hellinger(
    *, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of the squared Hellinger distance H^2 = int (sqrt p - sqrt q)^2, between 0
    and 2.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E (exp(-r) - 1) + E (exp(f) - 1)
        L_G = E (1 - exp(f))           or, nonsaturating, E (exp(-f) - 1)

    f(u) = (sqrt u - 1)^2, g(v) = 1 - exp(-v), f*(t) = t / (1 - t). At the optimal discriminator
    1/2 log p/q, -L_D = H^2, of which the generator follows the gradient; neutral score 0.

    Exponential: float32 overflows for scores that are wrong by 89.

    Departures: none from the paper. The notebook nowozin/mlss2018-madrid-gan has the
    activation 1 - exp(v), decreasing, so there real samples get lower scores.

    Args:
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    return fgan(_HELLINGER, generator)


def _low_activation(alpha: float, score: Tensor) -> Tensor:
    return 1 / (1 - alpha) - softplus(-score)


def _low_log(alpha: float, score: Tensor) -> Tensor:
    # (1 - alpha) softplus(-v) is u^(alpha - 1) at the optimum
    return math.log1p(-alpha) + log_softplus(-score)


def _low_conjugate(alpha: float, score: Tensor) -> Tensor:
    if alpha == 0:
        return -_low_log(alpha, score)
    return torch.expm1(alpha / (alpha - 1) * _low_log(alpha, score)) / alpha


def _low_log_ratio(alpha: float, score: Tensor) -> Tensor:
    return _low_log(alpha, score) / (alpha - 1)


def _high_conjugate(alpha: float, score: Tensor) -> Tensor:
    excess = (alpha - 1) * score
    below = excess <= -1  # where the paper's power has no real value; f* is constant there
    logarithm = torch.log1p(torch.where(below, 0, excess))
    risen = torch.expm1(alpha / (alpha - 1) * logarithm)
    return torch.where(below, -1, risen) / alpha


def _high_log_ratio(alpha: float, score: Tensor) -> Tensor:
    return torch.log1p(((alpha - 1) * score).clamp(min=-1)) / (alpha - 1)


_SLOW = "the saturating loss falls as a power below 1 of the score, or its logarithm for alpha 0"


def _low(alpha: float) -> Divergence:
    least = 1 / (1 - alpha)
    neutral = -least - math.log1p(-math.exp(-least))  # -log expm1(least)
    return Divergence(
        f"alpha({alpha:g})",
        partial(_low_activation, alpha),
        partial(_low_conjugate, alpha),
        partial(_low_log_ratio, alpha),
        ganzoo.Traits(
            neutral=neutral,
            growth="exponential" if alpha > 0 else "linear",
            waived=() if alpha > 0 else (("deep_scores", _SLOW),),
        ),
    )


_FLAT = "below -1 / (alpha - 1), where p/q would be negative, the saturating loss is constant"


def _high(alpha: float) -> Divergence:
    waived = (("generator_direction", _FLAT),) if alpha >= 2 else ()
    return Divergence(
        f"alpha({alpha:g})",
        identity,
        partial(_high_conjugate, alpha),
        partial(_high_log_ratio, alpha),
        ganzoo.Traits(growth=of_power(alpha / (alpha - 1)), waived=waived),
    )


_ONE = Divergence("alpha(1)", identity, torch.expm1, identity, ganzoo.Traits(growth="exponential"))


def fgan_alpha(
    *, alpha: float = 0.5, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of Amari's alpha divergences, (int p^alpha q^(1-alpha) - 1) / (alpha (alpha - 1)).

    With r = D(x) and f = D(G(z)), scores of any shape, sp the softplus, both minimised::

        L_D = -E g(r) + E c(f)
        L_G = -E c(f)                  or, nonsaturating, -E g(f)

        alpha < 1:  g(v) = 1 / (1 - alpha) - sp(-v)
                    c(v) = (((1 - alpha) sp(-v))^(alpha / (alpha - 1)) - 1) / alpha
        alpha > 1:  g(v) = v
                    c(v) = ([1 + (alpha - 1) v]+^(alpha / (alpha - 1)) - 1) / alpha

    and their limits at 0 and 1. f(u) = (u^alpha - 1 - alpha (u - 1)) / (alpha (alpha - 1)). At
    the optimal discriminator -L_D is the divergence, of which the generator follows the
    gradient: 2 H^2 for 1/2, Pearson's chi^2 / 2 for 2, KL(p, q) for 1, KL(q, p) for 0,
    Neyman's chi^2 / 2 for -1. It is (u^(alpha-1) - 1) / (alpha - 1) with u = p/q for alpha
    above 1, neutral 0; -log expm1(u^(alpha-1) / (1 - alpha)) below, neutral
    -log expm1(1 / (1 - alpha)).

    Exponential in generated scores for 0 < alpha <= 1, where float32 overflows at about
    88 (1 - alpha) / alpha (88 for 1); a power of them for alpha > 1; at most linear for
    alpha <= 0.

    Departures: the positive part for alpha above 1, without which the paper's form has no value
    for scores below -1 / (alpha - 1); the limits at 0 and 1.

    Args:
        alpha: any number.
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Raises:
        BadOption: an alpha that is no number.

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    if not math.isfinite(alpha):
        raise ganzoo.BadOption(f"alpha={alpha}: any finite number")
    alpha = float(alpha)
    if alpha == 1:
        return fgan(_ONE, generator)
    return fgan(_low(alpha) if alpha < 1 else _high(alpha), generator)
