"""f-GANs of relative entropies: Kullback-Leibler either way, and both together."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

import ganzoo
from ganzoo_divergences.fgan import Divergence, fgan
from ganzoo_divergences.stable import log_wright_omega

__all__ = ["fgan_jeffreys", "fgan_kl", "fgan_rkl", "identity"]


def identity(score: Tensor) -> Tensor:
    """The score itself: the activation where the conjugate takes any number."""
    return score


def _kl_conjugate(score: Tensor) -> Tensor:
    return (score - 1).exp()


def _less_one(score: Tensor) -> Tensor:
    return score - 1


_KL = Divergence(
    "KL", identity, _kl_conjugate, _less_one, ganzoo.Traits(neutral=1.0, growth="exponential")
)


def fgan_kl(
    *, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of KL(p, q): the generator is punished where there is data it does not cover.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = -E r + E exp(f - 1)
        L_G = -E exp(f - 1)            or, nonsaturating, -E f

    f(u) = u log u, g(v) = v, f*(t) = exp(t - 1). At the optimal discriminator 1 + log p/q,
    -L_D = KL(p, q), of which the generator follows the gradient; neutral score 1.

    It is the bound of Nguyen, Wainwright and Jordan on mutual information, there written with
    expectations over joint and product law. Exponential in generated scores: float32 overflows
    above 89. ``kl-dv`` estimates the same divergence without that.

    Departures: none.

    Args:
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    return fgan(_KL, generator)


def _rkl_activation(score: Tensor) -> Tensor:
    return -(-score).exp()


_RKL = Divergence(
    "reverse KL", _rkl_activation, _less_one, identity, ganzoo.Traits(growth="exponential")
)


def fgan_rkl(
    *, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of the reverse KL(q, p): the generator is punished where it puts samples and
    there is no data.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E exp(-r) + E (f - 1)
        L_G = -E (f - 1)               or, nonsaturating, E exp(-f)

    f(u) = -log u, g(v) = -exp(-v), f*(t) = -1 - log(-t). At the optimal discriminator log p/q,
    -L_D = KL(q, p), of which the generator follows the gradient; neutral score 0.

    Exponential in real scores: float32 overflows below -88.

    Departures: none from the paper. The notebook nowozin/mlss2018-madrid-gan has the
    activation -exp(v), decreasing, so there real samples get lower scores.

    Args:
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    return fgan(_RKL, generator)


def _jeffreys_conjugate(score: Tensor) -> Tensor:
    # w + 1/w + v - 2 with w = omega(1 - v); as w + log w = 1 - v, it is 1/w - 1 - log w
    log_omega = log_wright_omega(1 - score)
    return torch.expm1(-log_omega) - log_omega


def _jeffreys_log_ratio(score: Tensor) -> Tensor:
    return -log_wright_omega(1 - score)


_JEFFREYS = Divergence(
    "Jeffreys",
    identity,
    _jeffreys_conjugate,
    _jeffreys_log_ratio,
    ganzoo.Traits(growth="exponential"),
)


def fgan_jeffreys(
    *, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of Jeffreys' divergence, KL(p, q) + KL(q, p).

    With r = D(x), f = D(G(z)), scores of any shape, Wright's omega (w + log w = t for
    w = omega(t)) and w = omega(1 - f), both minimised::

        L_D = -E r + E (w + 1/w + f - 2)
        L_G = -E (w + 1/w + f - 2)     or, nonsaturating, -E f

    f(u) = (u - 1) log u, g(v) = v. At the optimal discriminator 1 + log p/q - q/p,
    -L_D = KL(p, q) + KL(q, p), of which the generator follows the gradient; neutral score 0.

    Departures: the paper writes w with Lambert's W(exp(1 - t)), which overflows; omega is the
    same without the exponential. Exponential in generated scores: float32 overflows above 89.

    Args:
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    return fgan(_JEFFREYS, generator)
