"""Relativistic paired losses: one score against one of the other kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from torch import Tensor

import ganzoo
from ganzoo_relativistic.base import hinge, logistic, squares
from ganzoo_relativistic.defaults import DEFAULTS
from ganzoo_relativistic.terms import EveryPair, Paired, Relativistic

__all__ = ["rhinge", "rlsgan", "rpgan_r1r2", "rsgan"]


def _term(base: Callable[[Tensor], Tensor], pairs: str) -> Relativistic:
    kinds = {"matched": Paired, "all": EveryPair}
    if pairs not in kinds:
        raise ganzoo.BadOption(
            f"pairs={pairs!r}: 'matched' (the i-th real with the i-th generated sample) or 'all' "
            f"(every real with every generated sample)"
        )
    return kinds[pairs](base)


def rsgan(*, pairs: Literal["matched", "all"] = "matched") -> ganzoo.Objective:
    """The relativistic standard GAN, also RpGAN: a real sample should look more real than a
    generated one.

    With r = D(x) and f = D(G(z)), as many scores of each, of any shape, both minimised::

        L_D = E_i softplus(-(r_i - f_i))
        L_G = E_i softplus(-(f_i - r_i))

    At the optimal discriminator, logit log(p/q) and any constant, L_D = log 2 - JSD(p x q,
    q x p): log 2 where p = q. Scores of several elements (patches, scales) are paired
    position by position.

    Departures: none. ``pairs="all"`` is the minimum-variance unbiased estimator of
    arXiv 1901.02474 of the same value; MaximumMarginGANs has twice that.

    Args:
        pairs: ``"matched"``, the i-th real with the i-th generated sample, or ``"all"``: the
            mean over every real with every generated one, which also takes unequal batches.

    Raises:
        ShapeMismatch: matched pairs of unequal batches.

    Reference: Jolicoeur-Martineau 2018, arXiv 1807.00734.
    """
    return ganzoo.Objective(_term(logistic, pairs), defaults=DEFAULTS)


def rlsgan(*, pairs: Literal["matched", "all"] = "matched") -> ganzoo.Objective:
    """Relativistic paired least squares: a real score should be 1 above a generated one.

    With r = D(x) and f = D(G(z)), as many scores of each, of any shape, both minimised::

        L_D = E_i (r_i - f_i - 1)^2
        L_G = E_i (f_i - r_i - 1)^2

    With Delta = int (p - q)^2 / (p + q), the optimal discriminator is
    2 / (2 + Delta) (p - q) / (p + q) and any constant, where L_D = (2 - Delta) / (2 + Delta):
    1 where p = q. The generator has a target: a fake score more than 1 above its real one is
    pulled back.

    Departures: no factor 1/2, though lsgan has one.

    Args:
        pairs: see :func:`rsgan`.

    Raises:
        ShapeMismatch: matched pairs of unequal batches.

    Reference: Jolicoeur-Martineau 2019, arXiv 1901.02474.
    """
    return ganzoo.Objective(_term(squares, pairs), defaults=DEFAULTS)


def rhinge(*, pairs: Literal["matched", "all"] = "matched") -> ganzoo.Objective:
    """The relativistic paired hinge: a real score should be 1 or more above a generated one.

    With r = D(x) and f = D(G(z)), as many scores of each, of any shape, both minimised::

        L_D = E_i [1 - (r_i - f_i)]+
        L_G = E_i [1 - (f_i - r_i)]+

    The hinge is per pair, before the mean. At the optimal discriminator L_D is the minimum of
    a linear programme without a closed form: 1 where p = q, 0 where they do not overlap.

    Departures: none.

    Args:
        pairs: see :func:`rsgan`.

    Raises:
        ShapeMismatch: matched pairs of unequal batches.

    Reference: Jolicoeur-Martineau 2019, arXiv 1901.02474.
    """
    return ganzoo.Objective(_term(hinge, pairs), defaults=DEFAULTS)


def rpgan_r1r2(
    *, gamma: float = 0.5, pairs: Literal["matched", "all"] = "matched"
) -> ganzoo.Objective:
    """The loss of R3GAN: rsgan, held by zero-centred gradient penalties on both kinds.

    With r = D(x) and f = D(G(z)), as many scores of each, of any shape, both minimised::

        L_D = E_i softplus(-(r_i - f_i))
              + (gamma / 2) E |grad D(x)|^2 + (gamma / 2) E |grad D(G(z))|^2
        L_G = E_i softplus(-(f_i - r_i))

    Each penalty is the sum of squares over all axes but the batch, then the mean. Without
    them, the optimum is that of :func:`rsgan`; with both, training converges near p = q, with
    rates -gamma +- sqrt(gamma^2 - 1/4) in the Dirac GAN.

    Departures: gamma is constant here, and the learning rate and second beta too; R3GAN
    anneals all three (gamma to a tenth, Adam from 2e-4 and 0.9 to 5e-5 and 0.99).

    Args:
        gamma: weighs both penalties; 0 leaves them out. R3GAN began with 0.05 for CIFAR-10,
            0.5 for ImageNet at 32 pixels, 1 at 64, 2 for FFHQ at 64 and 150 at 256.
        pairs: see :func:`rsgan`.

    Raises:
        BadOption: a gamma below 0.
        ShapeMismatch: matched pairs of unequal batches.

    Reference: Huang et al. 2025, arXiv 2501.05441.
    """
    if not gamma >= 0:
        raise ganzoo.BadOption(f"gamma={gamma}: 0 or more; 0 leaves the penalties out")
    penalties = (ganzoo.terms.R1(gamma), ganzoo.terms.R2(gamma)) if gamma else ()
    defaults = ganzoo.Defaults(
        betas=(0.0, 0.9), origin="the start of the authors' schedule (arXiv 2501.05441)"
    )
    return ganzoo.Objective(_term(logistic, pairs), *penalties, defaults=defaults)
