"""f-GANs of the chi-squared divergences and of total variation."""

from __future__ import annotations

import math
from functools import partial
from typing import Literal

import torch
from torch import Tensor

import ganzoo
from ganzoo_divergences.entropy import identity
from ganzoo_divergences.fgan import Divergence, fgan

__all__ = ["fgan_neyman", "fgan_pearson", "fgan_triangular", "fgan_tv"]


def _pearson_conjugate(exact: bool, score: Tensor) -> Tensor:
    score = score.clamp(min=-2) if exact else score
    return score.square() / 4 + score


def _pearson_log_ratio(score: Tensor) -> Tensor:
    return torch.log1p((score / 2).clamp(min=-1))


def fgan_pearson(
    *, exact: bool = False, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of Pearson's chi^2, int (p - q)^2 / q.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = -E r + E (f^2 / 4 + f)
        L_G = -E (f^2 / 4 + f)         or, nonsaturating, -E f

    f(u) = (u - 1)^2, g(v) = v, f*(t) = t^2 / 4 + t. At the optimal discriminator 2 (p/q - 1),
    -L_D = int (p - q)^2 / q, of which the generator follows the gradient; neutral score 0.

    That f* belongs to f on all numbers. Below -2, where no ratio of densities is, it rises
    again, and a saturating generator is paid for lower scores still. ``exact`` takes the
    conjugate of f on u >= 0, which is -1 there; both have the same optimum.

    Departures: none, unless ``exact``.

    Args:
        exact: f* = -1 for scores below -2.
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    pearson = Divergence(
        f"Pearson(exact={exact})",
        identity,
        partial(_pearson_conjugate, exact),
        _pearson_log_ratio,
        ganzoo.Traits(monotone=exact, growth="quadratic"),
    )
    return fgan(pearson, generator)


def _neyman_activation(score: Tensor) -> Tensor:
    return -torch.expm1(-score)


_DEEP = -120.0


def _neyman_conjugate(score: Tensor) -> Tensor:
    # Goes on as its tangent, or it would be -inf where real scores make the loss +inf: NaN.
    near = -2 * torch.expm1(-score.clamp(min=_DEEP) / 2)
    slope = math.exp(-_DEEP / 2)
    return torch.where(score <= _DEEP, 2 - 2 * slope + slope * (score - _DEEP), near)


def _half(score: Tensor) -> Tensor:
    return score / 2


_NEYMAN = Divergence(
    "Neyman", _neyman_activation, _neyman_conjugate, _half, ganzoo.Traits(growth="exponential")
)


def fgan_neyman(
    *, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of Neyman's chi^2, int (p - q)^2 / p.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E (exp(-r) - 1) + E (2 - 2 exp(-f/2))
        L_G = E (2 exp(-f/2) - 2)      or, nonsaturating, E (exp(-f) - 1)

    f(u) = (1 - u)^2 / u, g(v) = 1 - exp(-v), f*(t) = 2 - 2 sqrt(1 - t). At the optimal
    discriminator 2 log p/q, -L_D = int (p - q)^2 / p, of which the generator follows the
    gradient; neutral score 0.

    Exponential: float32 overflows for real scores below -88.

    Departures: exp(-f/2) goes on as its tangent below f = -120, short of overflow. The notebook
    nowozin/mlss2018-madrid-gan has the activation 1 - exp(v), decreasing, so there real samples
    get lower scores.

    Args:
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    return fgan(_NEYMAN, generator)


def _triangular_activation(score: Tensor) -> Tensor:
    return 1 - 4 * torch.sigmoid(-score).square()


def _triangular_conjugate(score: Tensor) -> Tensor:
    return 4 * torch.sigmoid(score).square() - 1


_TRIANGULAR = Divergence(
    "triangular",
    _triangular_activation,
    _triangular_conjugate,
    identity,
    ganzoo.Traits(growth="bounded"),
)


def fgan_triangular(
    *, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of the triangular discrimination Delta = int (p - q)^2 / (p + q), also
    Vincze's and Le Cam's divergence: the one behind least squares, between 0 and 2.

    With r = D(x), f = D(G(z)), logits of any shape, and S the sigmoid, both minimised::

        L_D = E (4 S(-r)^2 - 1) + E (4 S(f)^2 - 1)
        L_G = E (1 - 4 S(f)^2)         or, nonsaturating, E (4 S(-f)^2 - 1)

    f(u) = (u - 1)^2 / (u + 1), f*(t) = 4 - t - 4 sqrt(1 - t), which is 4 S(v)^2 - 1 for
    t = g(v) = 1 - 4 S(-v)^2. At the optimal discriminator, logit log p/q, -L_D = Delta, of
    which the generator follows the gradient; neutral score 0. Losses and gradients are
    bounded: the Brier score of sigmoids.

    Departures: the paper does not list this divergence; the activation is ours, chosen so that
    the score is log p/q. compare_gan's least squares on sigmoids are the same game: a quarter
    of this L_D, and 1/2 more.

    Args:
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2).

    Reference: Nowozin et al. 2016, arXiv 1606.00709, for the game.
    """
    return fgan(_TRIANGULAR, generator)


def _half_tanh(score: Tensor) -> Tensor:
    return score.tanh() / 2


_SURE = "a discriminator that is sure leaves no gradient to either player"
_TV = Divergence(
    "total variation",
    _half_tanh,
    _half_tanh,
    None,
    ganzoo.Traits(growth="bounded", waived=(("learns", _SURE),)),
)


def fgan_tv(
    *, generator: Literal["saturating", "nonsaturating"] = "saturating"
) -> ganzoo.Objective:
    """The f-GAN of the total variation TV = 1/2 int |p - q|, between 0 and 1.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = -1/2 E tanh(r) + 1/2 E tanh(f)
        L_G = -1/2 E tanh(f)           both ways

    f(u) = |u - 1| / 2, g(v) = tanh(v) / 2, f*(t) = t for |t| <= 1/2. The optimal discriminator
    is infinite with the sign of p - q, where -L_D = TV(p, q), of which the generator follows
    the gradient; neutral score 0. Losses and gradients are bounded. A discriminator that is sure
    leaves no gradient to either player, so it should have a regulariser:
    ``get_loss("fgan-tv", add=["r1(gamma=0.1)"])``.

    Departures: none.

    Args:
        generator: ``"saturating"`` (algorithm 1 of the paper) or ``"nonsaturating"``
            (section 3.2), the same thing here.

    Reference: Nowozin et al. 2016, arXiv 1606.00709.
    """
    return fgan(_TV, generator)
