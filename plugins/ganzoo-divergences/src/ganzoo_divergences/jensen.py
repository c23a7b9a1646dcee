"""f-GANs of Jensen-Shannon divergences."""

from __future__ import annotations

import math
from functools import partial
from typing import Literal

import torch
from torch import Tensor

import ganzoo
from ganzoo_divergences.entropy import identity
from ganzoo_divergences.fgan import Divergence, fgan
from ganzoo_divergences.stable import log_complement, softplus

__all__ = ["fgan_gan", "fgan_js", "fgan_js_weighted"]

_LOG2 = math.log(2)


def _js_activation(score: Tensor) -> Tensor:
    return _LOG2 - softplus(-score)


def _js_conjugate(score: Tensor) -> Tensor:
    return softplus(score) - _LOG2


_JS = Divergence("Jensen-Shannon", _js_activation, _js_conjugate, identity)


def fgan_js(
    *, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of the Jensen-Shannon divergence: minimax, less its constant.

    With r = D(x) and f = D(G(z)), logits of any shape, both minimised::

        L_D = E softplus(-r) + E softplus(f) - 2 log 2
        L_G = log 2 - E softplus(f)    or, nonsaturating, E softplus(-f) - log 2

    f(u) = u log u - (u + 1) log((u + 1) / 2), g(v) = log 2 - softplus(-v). At the optimal
    discriminator, logit log p/q, -L_D = 2 JSD(p, q), of which the generator follows the
    gradient; neutral score 0.

    Departures: none; the divergence of this f is 2 JSD, where the paper's table has half of it.

    Args:
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    return fgan(_JS, generator)


def _gan_activation(score: Tensor) -> Tensor:
    return -softplus(-score)


_GAN = Divergence("GAN", _gan_activation, softplus, identity)


def fgan_gan(
    *, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The original GAN as an f-GAN: identical to ``minimax``, and to ``nonsaturating``.

    With r = D(x) and f = D(G(z)), logits of any shape, both minimised::

        L_D = E softplus(-r) + E softplus(f)
        L_G = -E softplus(f)           or, nonsaturating, E softplus(-f)

    f(u) = u log u - (u + 1) log(u + 1), g(v) = -softplus(-v). At the optimal discriminator,
    logit log p/q, -L_D = 2 JSD(p, q) - 2 log 2; neutral score 0.

    Departures: none.

    Args:
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    return fgan(_GAN, generator)


def _weighted_activation(share: float, score: Tensor) -> Tensor:
    return -share * math.log(share) - softplus(-score)


def _weighted_conjugate(share: float, score: Tensor) -> Tensor:
    return (1 - share) * (math.log1p(-share) - log_complement(score, 1 / share))


def _weighted_log_ratio(share: float, score: Tensor) -> Tensor:
    odds = -softplus(-score) / share - log_complement(score, 1 / share)
    return odds + math.log1p(-share) - math.log(share)


def fgan_js_weighted(
    *, pi: float = 0.5, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of the Jensen-Shannon divergence with unequal weights.

    With r = D(x), f = D(G(z)), scores of any shape, and S the sigmoid, both minimised::

        L_D = E softplus(-r) + pi log pi + E c(f)
        L_G = -E c(f)                  or, nonsaturating, E softplus(-f) + pi log pi
        c(v) = (1 - pi) (log(1 - pi) - log(1 - S(v)^(1/pi)))

    f(u) = pi u log u - (1 - pi + pi u) log(1 - pi + pi u). With m = pi p + (1 - pi) q, the
    optimal discriminator is the logit of (pi p / m)^pi, where
    -L_D = pi KL(p, m) + (1 - pi) KL(q, m), of which the generator follows the gradient;
    neutral score logit(pi^pi).

    pi = 1/2 gives JSD(p, q), half of ``fgan-js``, with scores on another scale.

    Departures: none.

    Args:
        pi: the weight of the data's law, above 0 and below 1.
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Raises:
        BadOption: a weight out of range.

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    if not 0 < pi < 1:
        raise ganzoo.BadOption(f"pi={pi}: a weight above 0 and below 1")
    top = torch.tensor(pi, dtype=torch.float64).pow(pi)
    weighted = Divergence(
        f"Jensen-Shannon(pi={pi:g})",
        partial(_weighted_activation, pi),
        partial(_weighted_conjugate, pi),
        partial(_weighted_log_ratio, pi),
        ganzoo.Traits(neutral=top.logit().item()),
    )
    return fgan(weighted, generator)
